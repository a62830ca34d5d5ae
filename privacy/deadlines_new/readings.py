"""The two readings of a clock: the law's own words, and the strictest one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from privacy.deadlines.facts import Facts
from privacy.deadlines.periods import end_in_hours, end_of
from privacy.deadlines.stops import Waiting, waiting
from privacy.deadlines.working_days import (
    SUNDAYS_ONLY,
    as_the_law_counts,
    as_the_strictest_counts,
    rolled,
)
from privacy.regimes.schema import RuleSet
from privacy.regimes.spans import Cap, Clock, Unit

DAY = timedelta(days=1)
PAUSED = ("respond", "refuse")  # what the person must be waited for


class End(NamedTuple):
    """Where the strictest reading ends: the day, for hours the moment, and whose cap decided."""

    day: date
    at: datetime | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One clock of one law, for one right and what happened."""

    name: str
    right: str
    regime: RuleSet
    facts: Facts
    strict: bool

    def waiting(self, start: date) -> Waiting:
        if self.name not in PAUSED:
            return Waiting(start)
        pauses = self.regime.pauses
        return waiting(self.facts.stops, pauses, self.right, start, strict=self.strict)

    def legal(self, clock: Clock, until: date | None = None) -> date | None:
        """By the law's words: with its pauses, then rolled. None: no number, or it stands still."""
        start = self.facts.day(clock.start)
        if start is None:
            return None
        wait = self.waiting(start)
        days = as_the_law_counts(self.regime.calendar, self.facts.acting_in)
        end = until if clock.unit is Unit.NAMED else end_of(clock, wait.start, days)
        if end is None or wait.open:
            return None
        end = wait.lengthened(end)
        return rolled(end, days) if clock.roll else end

    def strictest(self, clock: Clock, until: date | None = None) -> End | None:
        """Never rolled, with the pauses of the law itself, and never after a cap."""
        start = self.facts.day(clock.start)
        if start is None:
            return None
        wait = self.waiting(start)
        days = as_the_strictest_counts(self.regime.calendar)
        own = until if clock.unit is Unit.NAMED else end_of(clock, wait.start, days)
        ends = [self.capped(cap, clock) for cap in clock.never_after]
        if own is not None:
            early = DAY if clock.counts_first_day else timedelta()
            ends.insert(0, End(wait.lengthened(own) - early))
        return min(ends, key=lambda end: end.day) if ends else None

    def capped(self, cap: Cap, clock: Clock) -> End:
        """A cap knows no pause and no holiday, so that it holds under every law."""
        start = cap.start if self.facts.moment(cap.start) else clock.start
        moment, day = self.facts.moment(start), self.facts.day(start)
        if moment is None or day is None:
            raise ValueError(f"{start} didn't happen")
        if cap.unit is Unit.HOURS:
            at = end_in_hours(cap, moment)
            return End(at.date(), at, cap.because)
        end = end_of(cap, day, SUNDAYS_ONLY)
        if end is None:
            raise ValueError(f"a cap needs a period, not {cap.unit}")
        return End(end, because=cap.because)
