"""What is left of rows that go with their day: a statement for bills, and numbers of many.

A number of the second kind is published only if it points to nobody: enough accounts stand behind
it, none of them is most of it, and whatever was left out can't be had by subtracting.
"""

from dataclasses import dataclass
from decimal import Decimal

K = 10  # accounts behind each published number, at least
# A published number is so many times the largest account's: no account is half of it, and who is
# the second largest, and takes its own away, misses the largest by a tenth of it at least.
TIMES = Decimal("2.1")
ENOUGH_ROWS = 10_000  # for a percentile
STEP = 10  # a percentile is told in whole steps of so much


@dataclass(frozen=True, slots=True)
class RollUp:
    """How a partitioned table is summed up. Names and expressions are SQL of that table.

    Attributes:
        statement: Label of the model that keeps, per account, what bills rest on.
        stated: Its dimensions beside account and day.
        dimensions: Name and expression of everything that numbers may be told apart by.
        measures: Name and sum of what is summed; `rounded` to what.
        ladder: Which dimensions to keep: the first level whose cells are all safe is published.
        weekly: The same for the days of a week that are safe at no level by themselves, from the
            statements.
        spread: The column whose middle and 95th percent are told where there are enough rows.
    """

    statement: str
    stated: tuple[str, ...]
    dimensions: dict[str, str]
    measures: dict[str, str]
    rounded: dict[str, int]
    ladder: tuple[tuple[str, ...], ...]
    weekly: tuple[tuple[str, ...], ...]
    spread: str


ROLL_UPS: dict[str, RollUp] = {
    "accounts.GatewayRequest": RollUp(
        statement="accounts.UsageStatement",
        stated=("provider", "model"),
        dimensions={
            "provider": "provider",
            "model": "model",
            "status": "status_code / 100",
            "region": "region",
        },
        measures={
            "requests": "count(*)",
            "input_tokens": "sum(input_tokens)",
            "output_tokens": "sum(output_tokens)",
            "cost_usd": "sum(cost_usd)",
        },
        rounded={"requests": 10, "input_tokens": 1_000, "output_tokens": 1_000, "cost_usd": 1},
        ladder=(
            ("provider", "model", "status", "region"),
            ("provider", "model", "status"),
            ("provider", "status"),
        ),
        weekly=(("provider",), ()),
        spread="latency_ms",
    ),
}
