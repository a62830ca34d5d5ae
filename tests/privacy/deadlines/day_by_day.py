"""A second way to the same dates: somebody tears a sheet off the calendar every morning.

Nothing here is shared with the code that it is compared with but the values of the rules and the
list of holidays: no formula, no library for months.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from privacy.deadlines import ExtensionNotice, Facts, Stop
from privacy.deadlines.working_days import WorkingDays
from privacy.regimes.schema import RuleSet
from privacy.regimes.spans import Clock, Extension, Mode, Span, Unit

DAY = timedelta(days=1)
SUNDAYS = WorkingDays(weekend=("sun",))
RESTARTS = (Mode.STARTS_ON_ANSWER, Mode.REFLECTION)


def is_months_end(day: date) -> bool:
    return (day + DAY).month != day.month


def sheets(span: Span, start: date, days: WorkingDays) -> int | None:
    """How many days a period has that starts after a day, found by walking through it."""
    if span.unit is Unit.AT_ONCE:
        return 0
    day, torn, counted = start, 0, 0
    while span.unit in (Unit.DAYS, Unit.BUSINESS_DAYS, Unit.MONTHS):
        if counted == span.amount and ends_here(span, start, day):
            return torn
        day, torn = day + DAY, torn + 1
        counted += counts(span, day, days)
    return None


def counts(span: Span, day: date, days: WorkingDays) -> bool:
    if span.unit is Unit.MONTHS:
        return day.day == 1
    return span.unit is Unit.DAYS or days.is_worked(day)


def ends_here(span: Span, start: date, day: date) -> bool:
    if span.unit is not Unit.MONTHS:
        return True
    return day.day == start.day or (day.day < start.day and is_months_end(day))


@dataclass
class Sweep:
    """One clock, watched every morning until it has run out."""

    span: Clock
    regime: RuleSet
    days: WorkingDays
    strict: bool
    right: str
    waits: list[tuple[Mode, date]] = field(default_factory=list)

    def mode(self, stop: Stop) -> Mode:
        pause = getattr(self.regime.pauses, stop.reason).value
        if pause is None or (self.strict and not pause.strict):
            return Mode.NONE
        if self.strict and stop.answered_on is None and pause.mode is not Mode.REFLECTION:
            return Mode.NONE
        return pause.mode if not pause.only or self.right in pause.only else Mode.NONE

    def runs_out(self, start: date, stops: Iterable[Stop], until: date | None) -> date | None:
        """The day on which nothing is left, or none: it never ends, or stands still."""
        if self.span.unit is Unit.NAMED:
            return until
        asked = [(stop, mode) for stop in stops if (mode := self.mode(stop)) is not Mode.NONE]
        day, begun, excused = start, start, set[date]()
        left = sheets(self.span, start, self.days)
        pending: list[date | None] = []
        while left is not None:
            for stop, mode in (each for each in asked if each[0].asked_on == day):
                self.ask(stop, mode, pending, excused)
            if day in pending:
                pending = [each for each in pending if each != day]
                begun, left = day, sheets(self.span, day, self.days)
            else:
                left -= day > begun and day not in excused
            if None in pending:
                return None
            if left is not None and left <= 0 and not pending:
                return day
            day += DAY
        return None

    def ask(self, stop: Stop, mode: Mode, pending: list[date | None], excused: set[date]) -> None:
        if mode is Mode.REFLECTION:
            pending.append(stop.asked_on + 10 * DAY)
        elif stop.answered_on is None or mode is Mode.STARTS_ON_ANSWER:
            pending.append(stop.answered_on)
        else:
            day = stop.asked_on if mode is Mode.INCLUSIVE_DAYS else stop.asked_on + DAY
            while day <= stop.answered_on:
                excused.add(day)
                day += DAY


def end(sweep: Sweep, facts: Facts, stops: Iterable[Stop], until: date | None) -> date | None:
    start = facts.day(sweep.span.start)
    assert start
    last = sweep.runs_out(start, stops, until)
    if not sweep.strict:
        while last and sweep.span.roll and not sweep.days.is_worked(last):
            last += DAY
        return last
    ends = [last - DAY if sweep.span.counts_first_day else last] if last else []
    for cap in sweep.span.never_after:
        begun = facts.day(cap.start)
        length = sheets(cap, begun, SUNDAYS) if begun else None
        assert begun
        assert length is not None
        ends.append(begun + length * DAY)
    return min(ends, default=None)


def due(
    clock: Clock, extension: Extension | None, told: ExtensionNotice | None,
    sweep: Callable[[Clock], Sweep], facts: Facts, stops: Iterable[Stop],
) -> date | None:  # fmt: skip
    """The end, and the later one if the person was told of it in time with a reason."""
    stops = list(stops)
    first = end(sweep(clock), facts, stops, None)
    if extension is None or told is None:
        return first
    until = told.until
    by = end(sweep(extension.notice), facts, stops, until)
    known = [r for r in told.reasons if extension.grounds is None or r in extension.grounds]
    if by is None or told.sent_on > by or not known:
        return first
    if extension.total.unit is Unit.NAMED and until is None:
        return first
    later = end(sweep(extension.total), facts, stops, until)
    if later and until and sweep(extension.total).strict:
        later = min(later, until)  # what we told the person binds us
    return max(first, later) if first and later else None
