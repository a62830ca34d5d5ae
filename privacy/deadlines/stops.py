"""What waiting for the person does to a clock: four kinds of pause, each with its own law."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from privacy.regimes.schema import Pauses
from privacy.regimes.spans import Mode, Pause, Reason

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stop:
    """We asked the person for something, and they answered, or haven't yet."""

    reason: Reason
    asked_on: date
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What all stops together do: the day from which to count, and days that don't count.

    Attributes:
        open: Something is unanswered: the law's clock stands still, the strict one runs on.
    """

    start: date
    excluded: frozenset[date] = frozenset()
    open: bool = False

    def lengthened(self, end: date) -> date:
        """The end of a period, later by the days before it that don't count."""
        left = sum(self.start < day <= end for day in self.excluded)
        while left:
            end += DAY
            left -= end not in self.excluded
        return end


def each_day(first: date, last: date) -> set[date]:
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


def begins_on(pause: Pause, stop: Stop) -> date | None:
    """The day from which the period is counted anew, for the kinds that do that."""
    if pause.mode is Mode.REFLECTION:
        return stop.asked_on + timedelta(days=pause.days)
    return stop.answered_on if pause.mode is Mode.STARTS_ON_ANSWER else None


def left_out(pause: Pause, stop: Stop) -> set[date]:
    if stop.answered_on is None:
        return set()
    first = {Mode.INCLUSIVE_DAYS: stop.asked_on, Mode.SUSPENDED: stop.asked_on + DAY}
    return each_day(first[pause.mode], stop.answered_on) if pause.mode in first else set()


def waiting(
    stops: Iterable[Stop], pauses: Pauses, right: str, start: date, *, strict: bool
) -> Waiting:
    """What the stops do under a law's pauses. Overlapping days count once.

    Args:
        stops: What was asked, and when it was answered.
        pauses: The law's rules.
        right: The right that was exercised, as some pauses concern only some.
        start: The day from which the clock would run without them.
        strict: Only pauses that stand in the law itself.
    """
    ruled = [(pause, stop) for stop in stops if (pause := pause_for(stop, pauses, right, strict))]
    starts = [begun for pause, stop in ruled if (begun := begins_on(pause, stop))]
    excluded = [left_out(pause, stop) for pause, stop in ruled]
    return Waiting(
        start=max([start, *starts]),
        excluded=frozenset[date]().union(*excluded),
        open=is_open(ruled),
    )


def pause_for(stop: Stop, pauses: Pauses, right: str, strict: bool) -> Pause | None:
    pause: Pause | None = getattr(pauses, stop.reason).value
    if pause is None or pause.mode is Mode.NONE or (strict and not pause.strict):
        return None
    return pause if not pause.only or right in pause.only else None


def is_open(ruled: Sequence[tuple[Pause, Stop]]) -> bool:
    return any(s.answered_on is None and p.mode is not Mode.REFLECTION for p, s in ruled)
