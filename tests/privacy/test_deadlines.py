"""When an answer is due: never later than the law says, wherever and whenever it is computed."""

import calendar
import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.deadlines import due_on, regime

pytestmark = pytest.mark.acceptance("SEC-05")

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 40 * 366 * 86_400).map(lambda n: FIRST + timedelta(seconds=n))


def a_month_after(day: date) -> date:
    """The law's own arithmetic (Regulation 1182/71, Art. 3(2)(c)), without a library."""
    year, month = divmod(day.year * 12 + day.month, 12)
    month += 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last))


@given(at=MOMENTS)
def test_it_is_never_later_than_thirty_days_nor_than_a_month(at: datetime) -> None:
    due = due_on(at, regime())
    assert due == min(at.date() + timedelta(days=30), a_month_after(at.date()))


@given(at=MOMENTS)
def test_it_leaves_at_least_four_weeks(at: datetime) -> None:
    assert due_on(at, regime()) >= at.date() + timedelta(days=28)


@given(at=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=60)))
def test_who_asks_later_is_never_answered_earlier(at: datetime, later: timedelta) -> None:
    assert due_on(at, regime()) <= due_on(at + later, regime())


@given(at=MOMENTS)
def test_the_hour_of_the_day_does_not_matter(at: datetime) -> None:
    midnight = at.replace(hour=0, minute=0, second=0)
    assert due_on(at, regime()) == due_on(midnight, regime())


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2027-01-31", "2027-02-28"),
        ("2028-01-31", "2028-02-29"),
        ("2027-01-15", "2027-02-14"),
        ("2027-02-01", "2027-03-01"),
        ("2027-02-28", "2027-03-28"),
        ("2027-04-30", "2027-05-30"),
        ("2027-12-15", "2028-01-14"),
        ("2026-11-29", "2026-12-29"),
    ],
)
def test_known_days(received: str, due: str) -> None:
    at = datetime.fromisoformat(f"{received}T12:00:00+00:00")
    assert due_on(at, regime()).isoformat() == due


@pytest.fixture(params=["Pacific/Kiritimati", "Etc/GMT+12", "America/New_York", "UTC"])
def process_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def test_the_zone_of_the_process_does_not_matter(process_zone: str) -> None:
    for hour in (0, 11, 23):
        at = datetime(2027, 1, 31, hour, 59, tzinfo=UTC)
        assert due_on(at, regime()) == date(2027, 2, 28)
    assert ZoneInfo(process_zone)


def test_the_regimes_row_says_on_what_it_rests() -> None:
    rule = regime()
    assert rule.respond_days == 30
    assert "Art. 12(3)" in rule.citation
