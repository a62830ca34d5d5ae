"""What is left of rows that go with their day: a statement for bills, and numbers of many.

A number of the second kind is published only if it points to nobody: enough accounts stand behind
it, none of them is most of it, and whatever was left out can't be had by subtracting.
"""

from dataclasses import dataclass

K = 10  # accounts behind each published number, at least
SHARES = 2  # one account is at most a half of any published number
ENOUGH_ROWS = 10_000  # for a percentile


@dataclass(frozen=True, slots=True)
class RollUp:
    """How a partitioned table is summed up. Names and expressions are SQL of that table.

    Attributes:
        statement: Label of the model that keeps, per account, what bills rest on.
        stated: Its dimensions beside account and day.
        dimensions: Name and expression of everything that numbers may be told apart by.
        measures: Name and expression of what is summed; `rounded` to what.
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
            "status": "(status_code / 100)::text",
            "region": "region",
        },
        measures={
            "requests": "1",
            "input_tokens": "input_tokens",
            "output_tokens": "output_tokens",
            "cost_usd": "cost_usd",
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
