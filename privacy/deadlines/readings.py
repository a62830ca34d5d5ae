"""The two readings of a clock: the law's own words, and the strictest one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from privacy.deadlines.extensions import ExtensionNotice
from privacy.deadlines.facts import Facts
from privacy.deadlines.periods import end_in_hours, end_of
from privacy.deadlines.stops import Waiting, waiting
from privacy.deadlines.working_days import (
    SUNDAYS_ONLY,
    WorkingDays,
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

    @property
    def notice(self) -> ExtensionNotice | None:
        """What the person was told of more time for this clock."""
        told = {"respond": self.facts.notice, "appeal": self.facts.appeal_notice}
        return told.get(self.name)

    def days(self) -> WorkingDays:
        calendar = self.regime.calendar
        if self.strict:
            return as_the_strictest_counts(calendar)
        return as_the_law_counts(calendar, self.facts.acting_in)

    def waiting(self, clock: Clock, start: date, until: date | None) -> Waiting:
        """What the stops do: nothing to a date that we named, nor when the time was over."""
        wait, counted = Waiting(start), []
        if self.name not in PAUSED or clock.unit is Unit.NAMED:
            return wait
        for stop in sorted(self.facts.stops, key=lambda each: each.asked_on):
            end = self.own_end(clock, wait, until)
            if end is None or stop.asked_on <= end:
                counted.append(stop)
                pauses = self.regime.pauses
                wait = waiting(counted, pauses, self.right, start, strict=self.strict)
        return wait

    def own_end(self, clock: Clock, wait: Waiting, until: date | None) -> date | None:
        """The end by the clock's own number, before it rolls and whatever caps it."""
        if clock.unit is Unit.NAMED:
            return until
        end = end_of(clock, wait.start, self.days())
        return wait.lengthened(end) if end else None

    def legal(self, clock: Clock, until: date | None = None) -> date | None:
        """By the law's words. None where it names no number, or stands still."""
        start = self.facts.day(clock.start)
        if start is None:
            return None
        wait = self.waiting(clock, start, until)
        end = self.own_end(clock, wait, until)
        if end is None or wait.open:
            return None
        return rolled(end, self.days()) if clock.roll else end

    def strictest(self, clock: Clock, until: date | None = None) -> End | None:
        """Never rolled, with the pauses of the law itself, and never after a cap."""
        start = self.facts.day(clock.start)
        if start is None:
            return None
        own = self.own_end(clock, self.waiting(clock, start, until), until)
        ends = [self.capped(cap, clock) for cap in clock.never_after]
        if own is not None:
            ends.insert(0, End(own - DAY if clock.counts_first_day else own))
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
