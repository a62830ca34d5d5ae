"""When an answer is due. Pure functions over regime data."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from dateutil.relativedelta import relativedelta

REGIMES = Path(__file__).parent / "regimes"


class Regime(NamedTuple):
    """A law's clock. `respond_days` are calendar days; the day of receipt is not counted."""

    id: str
    name: str
    respond_days: int
    citation: str


@cache
def regime(identifier: str = "default") -> Regime:
    """A regime by id, from its file in `regimes/`."""
    return Regime(**yaml.safe_load((REGIMES / f"{identifier}.yaml").read_text()))


def due_on(received_at: datetime, rule: Regime) -> date:
    """The last day on which the answer is in time: never rolled to a working day, only earlier.

    A month (GDPR Art. 12(3)) that is shorter than the regime's days ends it first: a request of
    31 January is due on 28 February.
    """
    received = received_at.astimezone(UTC).date()
    month = received + relativedelta(months=1)
    return min(received + timedelta(days=rule.respond_days), month)
