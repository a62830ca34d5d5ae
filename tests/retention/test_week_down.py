"""After a week in which nothing ran: what was missed is worked off, and nothing runs 168 times."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.utils import timezone

from accounts.models import SupportMessage
from fluxrouter.foundation.jobs import due_jobs
from fluxrouter.foundation.models import JobRun
from fluxrouter.jobs import JOBS
from fluxrouter.tasks import job as run_named_job
from retention.models import Disposition, Retirement
from retention.services.retirement import retire
from tests.retention.retiring import (
    MODEL,
    after,
    far_days,
    make_calls,
    rule_of,
    some_accounts,
    tables,
)
from tests.support.database import committed

pytestmark = pytest.mark.acceptance("KEEP-14")

DAY = date(2021, 5, 3)
ONE, HOUR = timedelta(days=1), timedelta(hours=1)
MESSAGES = rule_of("accounts.SupportMessage")
OURS = {name: JOBS[name] for name in ("dispose", "retire_partitions")}


@pytest.fixture
def calls() -> Iterator[list[str]]:
    """A day that is over when the last runs are, and seven that are over a week later. And a
    message for each day of that week.
    """
    with far_days(DAY, 8) as names:
        for n in range(8):
            make_calls(DAY + n * ONE, some_accounts(2))
        for n in range(7):
            received_at = moment(n) - MESSAGES.keep_for
            SupportMessage.objects.create(email="ann@example.org", received_at=received_at)
        yield names


def moment(days: int) -> datetime:
    """A quarter to three in the afternoon, so many days after the first went."""
    return after(DAY, rule_of()) + days * ONE + timedelta(hours=14, minutes=45)


def beat(start: datetime, hours: int) -> list[str]:
    """What beat starts, asked every quarter of an hour."""
    started = []
    for quarter in range(4 * hours):
        with time_machine.travel(start + quarter * HOUR / 4):
            due = due_jobs(OURS, timezone.now())
            for name in due:
                run_named_job(name)
            started += due
    return started


@committed
def test_one_late_run_of_each_job_takes_the_week_one_day_after_the_other(
    calls: list[str],
) -> None:
    beat(moment(0), 1)
    assert {name for name in calls if name not in tables()} == {calls[0]}
    started = beat(moment(7), 3)
    assert started.count("retire_partitions") == 1
    assert started.count("dispose") == 4, "one late run, and those of 15:30, 16:30 and 17:30"
    assert not {*calls} & tables()
    assert not SupportMessage.objects.exists()
    assert Disposition.objects.filter(rule=MESSAGES.name).count() == 2
    assert not JobRun.objects.filter(finished_at=None).exists()
    rows = list(Retirement.objects.filter(model=MODEL).order_by("day"))
    for earlier, later in pairwise(rows):
        assert earlier.dropped_at
        assert later.detached_at
        assert earlier.dropped_at <= later.detached_at, "two days were out at once"


@committed
def test_what_a_late_run_has_no_time_for_is_taken_by_the_next_ones(
    calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retire, "BUDGET", timedelta(0))
    beat(moment(0), 1)
    for run in range(7):
        beat(moment(7) + run * 12 * HOUR, 1)
        assert {*calls} & tables() == {*calls[run + 2 :]}
