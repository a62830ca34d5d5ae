"""Time plays no tricks on the schedule: zones, changed clocks, leap days, clocks that differ."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from django.db import connections

from accounts.ids import uuid7
from accounts.models import GatewayRequest, SupportMessage
from fluxrouter.celery import app
from fluxrouter.foundation.jobs.run import due_jobs
from fluxrouter.foundation.models import JobRun
from fluxrouter.jobs import JOBS
from retention.models import Sweep
from retention.rules import RetentionRule
from retention.schedule import RETENTION_SCHEDULE
from retention.services import rows
from retention.services.retirement.retire import retire
from tests.retention.retiring import after, far_days, rule_of
from tests.support.database import as_owner, committed, rolled_back

pytestmark = pytest.mark.acceptance("KEEP-19")

TICK = timedelta.resolution
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOW = datetime(2030, 6, 1, 12, tzinfo=UTC)
RULE = RetentionRule("accounts.SupportMessage", "received_at", relativedelta(days=30), "a test")
# Clocks go forward and back there on these days; Apia left out 30 December 2011.
CHANGES = (
    ("America/New_York", date(2021, 3, 14)),
    ("America/New_York", date(2021, 11, 7)),
    ("Pacific/Apia", date(2021, 4, 4)),
    ("Pacific/Apia", date(2021, 9, 26)),
)


@contextmanager
def in_zone(name: str) -> Iterator[None]:
    """The process and every new connection, as on servers that are set up in that zone."""
    before = {key: os.environ.get(key) for key in ("TZ", "PGTZ")}
    set_zone({"TZ": name, "PGTZ": name})
    try:
        yield
    finally:
        set_zone(before)


def set_zone(values: dict[str, str | None]) -> None:
    for key, value in values.items():
        os.environ.pop(key, None)
        os.environ.update({key: value} if value else {})
    time.tzset()
    connections.close_all()


def messages(*moments: datetime) -> None:
    SupportMessage.objects.bulk_create(
        SupportMessage(email="ann@example.org", received_at=at) for at in moments
    )


def left() -> list[datetime]:
    return sorted(SupportMessage.objects.values_list("received_at", flat=True))


@committed
@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_rows_go_at_their_moment_on_a_server_of_any_zone_when_clocks_change(
    zone: str, day: date
) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    moments = [midnight + n * HOUR / 2 for n in range(-48, 96)]
    messages(*moments)
    with in_zone(zone):
        for hours in range(-24, 48, 5):
            now = midnight + hours * HOUR + RULE.keep_for
            rows.delete_expired(RULE, now)
            assert left() == [at for at in moments if at + RULE.keep_for > now]


@committed
@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_a_day_of_calls_is_a_utc_day_on_a_server_of_any_zone(zone: str, day: date) -> None:
    rule = rule_of()
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    edges = {"before": -TICK * 1000, "first": 0 * DAY, "last": DAY - TICK * 1000, "after": DAY}
    with in_zone(zone), far_days(day - DAY, 3):
        with as_owner() as owner:
            assert owner.execute("SHOW TimeZone").fetchone() == (zone,)
        calls = {name: uuid7(midnight + by) for name, by in edges.items()}
        GatewayRequest.objects.bulk_create(
            GatewayRequest(id=each, account_id=each, model="m", provider="openai")
            for each in calls.values()
        )
        early = after(day, rule) - TICK
        assert retire(rule, early) == 1, "the day before"
        assert retire(rule, after(day, rule)) == 2
        assert set(GatewayRequest.objects.values_list("id", flat=True)) == {calls["after"]}


@pytest.mark.parametrize("rule", RETENTION_SCHEDULE, ids=lambda rule: rule.name)
def test_what_is_over_stays_over_hour_by_hour_through_a_leap_february(
    rule: RetentionRule,
) -> None:
    """29 to 31 March less a month are all the last day of February: nothing comes back."""
    for each in (rule, replace(rule, keep_for=relativedelta(months=1))):
        for year in (2027, 2028):
            start = datetime(year, 2, 26, tzinfo=UTC)
            found = [each.last_moment(start + n * HOUR) for n in range(35 * 24)]
            assert found == sorted(found)


@rolled_back
@pytest.mark.parametrize(
    ("received", "over"),
    [
        (datetime(2024, 2, 29, 13, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        (datetime(2024, 2, 28, 13, tzinfo=UTC), datetime(2026, 2, 28, 13, tzinfo=UTC)),
        (datetime(2026, 2, 28, 13, tzinfo=UTC), datetime(2028, 2, 28, 13, tzinfo=UTC)),
        (datetime(2026, 3, 1, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC)),
    ],
)
def test_two_years_over_leap_days_are_never_a_moment_short(
    received: datetime, over: datetime
) -> None:
    rule = rule_of("accounts.SupportMessage")
    messages(received)
    assert rows.delete_expired(rule, over - TICK) == 0
    assert rows.delete_expired(rule, over) == 1


@rolled_back
def test_what_was_missed_on_28_february_goes_on_the_29th_and_not_in_march() -> None:
    messages(datetime(2026, 2, 28, 22, tzinfo=UTC))
    assert (
        rows.delete_expired(
            rule_of("accounts.SupportMessage"), datetime(2028, 2, 29, 1, tzinfo=UTC)
        )
        == 1
    )


@rolled_back
@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_a_clock_that_went_back_takes_nothing_twice_nothing_early_and_skips_nothing(
    monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(rows, "CHUNK", chunk)
    cut = NOW - RULE.keep_for
    old = [cut - n * HOUR / 4 for n in range(12)]
    young = [cut + n * HOUR / 4 for n in range(1, 6)]
    messages(*old, *young)
    gone = rows.delete_expired(RULE, NOW, budget=timedelta(0))
    for back in (HOUR, 2 * HOUR, HOUR):
        gone += rows.delete_expired(RULE, NOW - back, budget=timedelta(0))
        assert set(young) <= set(left())
    while Sweep.objects.get().reached:
        gone += rows.delete_expired(RULE, NOW, budget=timedelta(0))
    gone += rows.delete_expired(RULE, NOW)
    assert (gone, left()) == (len(old), young)


@rolled_back
def test_a_row_from_the_future_waits_for_its_own_time() -> None:
    future = NOW + timedelta(days=400)
    messages(future, NOW - timedelta(days=31))
    assert rows.delete_expired(RULE, NOW) == 1
    assert rows.delete_expired(RULE, future + RULE.keep_for - TICK) == 0
    assert rows.delete_expired(RULE, future + RULE.keep_for) == 1


@rolled_back
@pytest.mark.parametrize("skew", [timedelta(minutes=-7), timedelta(minutes=7)])
def test_rows_go_early_by_no_more_than_the_clock_that_is_fast(skew: timedelta) -> None:
    """One server wrote the row by the true time; the other, whose clock differs, deletes."""
    cut = NOW - RULE.keep_for
    messages(*(cut + n * MINUTE for n in range(-20, 20)))
    rows.delete_expired(RULE, NOW + skew)
    assert left()[0] == cut + skew + MINUTE
    rows.delete_expired(RULE, NOW)
    assert left()[0] == cut + max(skew, 0 * DAY) + MINUTE


@committed
def test_a_call_goes_early_by_no_more_than_its_gateways_clock_was_slow_and_ours_is_fast() -> None:
    rule, day, slow, fast = rule_of(), date(2021, 5, 5), 4 * MINUTE, 3 * MINUTE
    with far_days(day, 1):
        made_at = datetime(2021, 5, 6, tzinfo=UTC) + slow - TICK * 1000  # by the true time
        call = uuid7(made_at - slow)
        GatewayRequest.objects.create(id=call, account_id=call, model="m", provider="openai")
        too_early = made_at + rule.keep_for - slow - fast
        assert retire(rule, too_early + fast) == 0
        assert retire(rule, too_early + fast + TICK * 1000) == 1


@rolled_back
def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    messages(NOW - RULE.keep_for)
    east = timezone(timedelta(hours=14))
    for rule in RETENTION_SCHEDULE:
        for moment in (NOW, NOW - 11 * HOUR, NOW + 11 * HOUR):
            assert rule.last_moment(moment.astimezone(east)) == rule.last_moment(moment)
    assert rows.delete_expired(RULE, NOW.astimezone(east)) == 1


def windows_of(job: str, first: datetime) -> int:
    schedule = JOBS[job].schedule
    return len({schedule.last_due(first + n * MINUTE) for n in range(24 * 60)})


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_a_job_is_due_as_often_on_a_day_of_changed_clocks(zone: str, day: date) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    with in_zone(zone):
        for job in ("dispose", "retire_partitions", "ensure_partitions"):
            assert windows_of(job, start) == windows_of(job, start + 30 * DAY)
    assert str(app.conf.timezone) == "UTC"


@rolled_back
def test_a_clock_that_went_back_starts_no_job_twice() -> None:
    some = {name: JOBS[name] for name in ("dispose", "retire_partitions")}
    for hours in range(30):
        at = NOW - hours * HOUR
        for name, job in some.items():
            JobRun.objects.get_or_create(
                job=name, window=job.schedule.last_due(at),
                defaults={"started_at": at, "leased_until": at, "finished_at": at},
            )  # fmt: skip
    assert due_jobs(some, NOW) == []
    assert due_jobs(some, NOW - HOUR) == []
    assert set(due_jobs(some, NOW + DAY)) == set(some)
