"""Jobs: each window once, late rather than never, whatever beat does."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import connections

from fluxrouter.foundation.jobs import Job, due_jobs, run_job
from fluxrouter.foundation.jobs.run import JOB_LEASE, Schedule
from fluxrouter.foundation.models import JobRun
from fluxrouter.jobs import JOBS
from fluxrouter.tasks import job as run_named_job
from tests.support.database import committed, rolled_back

pytestmark = pytest.mark.acceptance("MAIN-47")

START = datetime(2027, 3, 1, 0, 0, tzinfo=UTC)
HOURLY = Schedule({30}, set(range(24)))


class Beat:
    """Our jobs at their own times, with work that only counts."""

    def __init__(self) -> None:
        self.runs: Counter[str] = Counter()
        self.jobs = {
            name: Job(name, job.schedule, self.counting(name)) for name, job in JOBS.items()
        }

    def counting(self, name: str) -> Any:
        def work() -> dict[str, Any]:
            self.runs[name] += 1
            return {"n": self.runs[name]}

        return work

    def tick(self, moment: datetime) -> list[str]:
        with time_machine.travel(moment, tick=False):
            due = due_jobs(self.jobs, moment)
            for name in due:
                assert run_job(self.jobs[name])
        return due

    def windows(self, name: str) -> list[datetime]:
        rows = JobRun.objects.filter(job=name).order_by("window")
        return list(rows.values_list("window", flat=True))


@pytest.fixture
def beat() -> Beat:
    return Beat()


def every(step: timedelta, start: datetime, stop: datetime) -> Iterator[datetime]:
    while start < stop:
        yield start
        start += step


@rolled_back
def test_ticks_of_one_minute_run_a_window_once(beat: Beat) -> None:
    assert "dispose" in beat.tick(START.replace(minute=30))
    for second in (1, 20, 59):
        assert beat.tick(START.replace(minute=30, second=second)) == []
    assert set(beat.runs.values()) == {1}


@rolled_back
def test_a_run_is_written_down_with_its_counts(beat: Beat) -> None:
    beat.tick(START.replace(minute=31))
    run = JobRun.objects.get(job="dispose")
    assert run.window == START.replace(minute=30)
    assert run.started_at == run.finished_at == START.replace(minute=31)
    assert run.outcome == {"n": 1}


@committed
def test_doubled_beats_run_a_window_once() -> None:
    done: list[bool] = []
    barrier = threading.Barrier(8)
    job = Job("dispose", HOURLY, dict)

    def tick() -> None:
        barrier.wait()
        done.append(run_job(job))
        connections.close_all()

    with time_machine.travel(START, tick=False):
        threads = [threading.Thread(target=tick) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(done) == [False] * 7 + [True]
    assert JobRun.objects.count() == 1


@rolled_back
def test_a_run_that_died_is_taken_again_after_its_lease() -> None:
    def die() -> dict[str, Any]:
        raise RuntimeError

    job = Job("dispose", HOURLY, die)
    with time_machine.travel(START, tick=False), pytest.raises(RuntimeError):
        run_job(job)
    lives = Job("dispose", HOURLY, lambda: {"n": 1})
    within, after = START + JOB_LEASE, START + JOB_LEASE + timedelta(seconds=1)
    with time_machine.travel(within, tick=False):
        assert due_jobs({"dispose": lives}, within) == []
        assert not run_job(lives)
    with time_machine.travel(after, tick=False):
        assert due_jobs({"dispose": lives}, after) == ["dispose"]
        assert run_job(lives)
    assert JobRun.objects.get().finished_at == after


@rolled_back
def test_a_run_that_failed_does_not_keep_the_next_window_waiting() -> None:
    with time_machine.travel(START, tick=False), pytest.raises(ZeroDivisionError):
        run_job(Job("dispose", HOURLY, lambda: {"n": 1 // 0}))
    later = START + timedelta(minutes=31)
    with time_machine.travel(later, tick=False):
        assert run_job(Job("dispose", HOURLY, dict))


@rolled_back
@pytest.mark.parametrize("minute", [0, 29, 47, 59])
def test_a_host_that_is_up_for_a_minute_an_hour_misses_nothing(beat: Beat, minute: int) -> None:
    for moment in every(timedelta(hours=1), START + timedelta(minutes=minute, seconds=13), DAY_3):
        beat.tick(moment)
    for name in ("seal_trail", "dispose", "watch_database"):
        assert_each_window_once(beat, name, timedelta(hours=1))
    for name in ("end_unverified", "destroy_keys"):
        assert_each_window_once(beat, name, timedelta(days=1))


DAY_3 = START + timedelta(days=2)


def assert_each_window_once(beat: Beat, name: str, apart: timedelta) -> None:
    windows = beat.windows(name)
    assert len(windows) == beat.runs[name] >= 2
    gaps = {later - earlier for earlier, later in pairwise(windows)}
    assert gaps == {apart}


@rolled_back
def test_after_a_week_down_each_job_runs_once(beat: Beat) -> None:
    beat.tick(START)
    back = START + timedelta(days=7, minutes=3)
    assert sorted(beat.tick(back)) == sorted(JOBS)
    assert beat.tick(back + timedelta(seconds=30)) == []
    assert set(beat.runs.values()) == {2}


@rolled_back
def test_the_real_jobs_run_on_an_empty_database_and_again(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for hours in (0, 30):
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)):
            for name in JOBS:
                run_named_job(name)
    assert not JobRun.objects.filter(finished_at=None).exists()
    assert set(JobRun.objects.values_list("job", flat=True)) == set(JOBS)
