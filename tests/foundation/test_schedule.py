"""When a job is due: laws that hold for every schedule and every moment."""

from datetime import UTC, datetime, timedelta

import pytest
from celery.schedules import crontab
from hypothesis import given
from hypothesis import strategies as st

from fluxrouter.celery import app
from fluxrouter.foundation.jobs.run import Schedule
from fluxrouter.jobs import JOBS

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 5 * 366 * 24 * 3600).map(lambda s: FIRST + timedelta(seconds=s))
SCHEDULES = st.builds(
    Schedule,
    st.sets(st.integers(0, 59), min_size=1, max_size=5),
    st.sets(st.integers(0, 23), min_size=1, max_size=5),
    st.none() | st.sets(st.integers(1, 28), min_size=1, max_size=3),
)


def is_due(schedule: Schedule, moment: datetime) -> bool:
    return (
        moment.minute in schedule.minute
        and moment.hour in schedule.hour
        and (schedule.day is None or moment.day in schedule.day)
    )


@given(schedule=SCHEDULES, now=MOMENTS)
def test_the_last_due_minute_is_in_the_table_and_not_ahead(
    schedule: Schedule, now: datetime
) -> None:
    due = schedule.last_due(now)
    assert due <= now
    assert is_due(schedule, due)
    assert (due.second, due.microsecond) == (0, 0)


@given(schedule=SCHEDULES, now=MOMENTS, minutes=st.integers(0, 2000))
def test_no_later_minute_was_due(schedule: Schedule, now: datetime, minutes: int) -> None:
    moment = now.replace(second=0, microsecond=0) - timedelta(minutes=minutes)
    if is_due(schedule, moment):
        assert schedule.last_due(now) >= moment


@given(schedule=SCHEDULES, now=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=40)))
def test_it_never_goes_back(schedule: Schedule, now: datetime, later: timedelta) -> None:
    assert schedule.last_due(now) <= schedule.last_due(now + later)


@given(now=MOMENTS)
def test_each_of_our_jobs_is_due_within_a_day(now: datetime) -> None:
    for job in JOBS.values():
        assert now - job.schedule.last_due(now) < timedelta(days=1, minutes=1)


def test_a_schedule_that_is_never_due_says_so() -> None:
    with pytest.raises(ValueError, match="never due"):
        Schedule(set(), {1}).last_due(datetime(2027, 1, 1, tzinfo=UTC))


@pytest.mark.acceptance("MAIN-48")
def test_beat_has_crontab_entries_only() -> None:
    entries = app.conf.beat_schedule
    assert entries
    assert all(type(entry["schedule"]) is crontab for entry in entries.values())
    assert all(entry["options"]["expires"] <= 60 for entry in entries.values())


def test_a_job_is_listed_under_its_own_name() -> None:
    assert {name: job.name for name, job in JOBS.items()} == {name: name for name in JOBS}
