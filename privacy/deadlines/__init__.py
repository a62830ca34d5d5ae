"""When an answer is due. Pure functions over regime data: no clock, no database, no Django.

`due_on` and `regime` are what intake uses today; `dues` and `earliest` know every law.
"""

from datetime import date, datetime
from typing import NamedTuple

from privacy.deadlines.afterwards import appeal_until, record_until, refused_by_silence
from privacy.deadlines.due import Due, Source
from privacy.deadlines.extensions import ExtensionNotice
from privacy.deadlines.facts import Facts
from privacy.deadlines.periods import earliest_day, end_of
from privacy.deadlines.reckon import dues, earliest
from privacy.deadlines.stops import Stop
from privacy.deadlines.working_days import SUNDAYS_ONLY
from privacy.regimes.loader import DEFAULT, regime_files

__all__ = [
    "Due",
    "ExtensionNotice",
    "Facts",
    "Regime",
    "Source",
    "Stop",
    "appeal_until",
    "due_on",
    "dues",
    "earliest",
    "record_until",
    "refused_by_silence",
    "regime",
]


class Regime(NamedTuple):
    """A law's clock. `respond_days` are calendar days; the day of receipt is not counted."""

    id: str
    name: str
    respond_days: int
    citation: str


def regime(identifier: str = DEFAULT) -> Regime:
    """What a page says of a regime's clock: its days, and where that stands."""
    rules = regime_files()[identifier]
    rule = rules.clocks.respond
    days = rule.value.amount if rule.value else None
    return Regime(rules.id, rules.name, days or 0, rule.citation)


def due_on(received_at: datetime, rule: Regime) -> date:
    """The last day on which the answer is in time: never rolled to a working day, only earlier.

    A month (GDPR Art. 12(3)) that is shorter than the regime's days ends it first: a request of
    31 January is due on 28 February.
    """
    clock = regime_files()[rule.id].clocks.respond.value
    day = earliest_day(received_at)
    spans = (clock, *clock.never_after) if clock else ()
    return min(end for span in spans if (end := end_of(span, day, SUNDAYS_ONLY)))
