"""Which days are worked, by a regime's calendar."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

from privacy.regimes.schema import Calendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = timedelta(days=1)

IsWorked = Callable[[date], bool]


@cache
def holidays_of(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """A year's holidays. Beyond the package's tables fewer are known: then we are only earlier."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # says so for years far away
        return frozenset(country_holidays(country, subdiv=subdivision, years=year))


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Days off are a weekend and, if a country is named, its public holidays."""

    weekend: tuple[str, ...] = ("sat", "sun")
    country: str | None = None
    subdivision: str | None = None

    def is_worked(self, day: date) -> bool:
        if WEEKDAYS[day.weekday()] in self.weekend:
            return False
        country = self.country
        return not country or day not in holidays_of(country, self.subdivision, day.year)


# The fewest days off that anybody could claim: for caps, which must hold under every calendar.
SUNDAYS_ONLY = WorkingDays(weekend=("sun",))


def as_the_law_counts(calendar: Calendar, acting_in: str | None = None) -> WorkingDays:
    """The calendar of the law, with the holidays of the country where we act if it names none."""
    country = calendar.holidays or acting_in
    return WorkingDays(calendar.weekend, country, calendar.subdivision)


def as_the_strictest_counts(calendar: Calendar) -> WorkingDays:
    return WorkingDays(calendar.strict_weekend, calendar.holidays, calendar.subdivision)


def rolled(day: date, days: WorkingDays) -> date:
    """The day itself if it is worked, else the next that is."""
    while not days.is_worked(day):
        day += DAY
    return day


def working_days_after(day: date, amount: int, days: WorkingDays) -> date:
    while amount:
        day += DAY
        amount -= days.is_worked(day)
    return day
