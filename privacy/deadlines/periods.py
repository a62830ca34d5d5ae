"""Counting: a period from the day of an event to the day on which it ends.

The day of the event isn't counted (Regulation 1182/71, Art. 3(1); Cal. Civ. Code § 10). A month
ends on the corresponding date, or on the month's last day where that date doesn't exist
(Art. 3(2)(c)). A period in hours never moves to a working day (Art. 3(4)).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from privacy.deadlines.working_days import WorkingDays, working_days_after
from privacy.regimes.spans import Span, Unit

HOUR = timedelta(hours=1)


def earliest_day(at: datetime, zones: Iterable[str] = ()) -> date:
    """The day of an event: the earliest on the calendars of UTC and of the named time zones."""
    return min(calendar_days(at, zones))


def latest_day(at: datetime, zones: Iterable[str] = ()) -> date:
    """The same day, by the calendar on which it comes last: for what gives us time."""
    return max(calendar_days(at, zones))


def calendar_days(at: datetime, zones: Iterable[str]) -> list[date]:
    return [at.astimezone(UTC).date(), *(at.astimezone(zone_of(zone)).date() for zone in zones)]


@cache
def zone_of(name: str) -> ZoneInfo:
    """Python itself keeps eight of them; the United States alone have more."""
    return ZoneInfo(name)


def end_of(span: Span, day: date, days: WorkingDays) -> date | None:
    """The last day of a period counted in days; none where the law names no number."""
    amount = span.amount or 0
    match span.unit:
        case Unit.DAYS:
            return day + timedelta(days=amount)
        case Unit.MONTHS:
            return day + relativedelta(months=amount)
        case Unit.BUSINESS_DAYS:
            return working_days_after(day, amount, days)
        case Unit.AT_ONCE:
            return day
    return None


def end_in_hours(span: Span, at: datetime, *, skips_first_hour: bool = False) -> datetime:
    """The moment at which a period in hours ends, in UTC whatever the clocks on the wall do."""
    start = at.astimezone(UTC)
    hour = start.replace(minute=0, second=0, microsecond=0)
    if skips_first_hour and start > hour:
        start = hour + HOUR
    return start + timedelta(hours=span.amount or 0)


def end_of_day(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC) + timedelta(days=1)
