"""Which job is due, and running it once for its window."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from fluxrouter.foundation.models import JobRun

JOB_LEASE = timedelta(minutes=15)
LOOK_BACK = timedelta(days=32)  # longer than the longest schedule, which is monthly


class Schedule:
    """The minutes at which a job is due, in UTC, as in a crontab line."""

    def __init__(self, minute: set[int], hour: set[int], day: set[int] | None = None) -> None:
        self.minute, self.hour, self.day = minute, hour, day

    def last_due(self, now: datetime) -> datetime:
        """The latest due minute that is not after `now`."""
        moment = now.replace(second=0, microsecond=0)
        oldest = moment - LOOK_BACK
        while moment > oldest:
            if self.day is not None and moment.day not in self.day:
                moment = moment.replace(hour=0, minute=0) - timedelta(minutes=1)
            elif moment.hour not in self.hour:
                moment = moment.replace(minute=0) - timedelta(minutes=1)
            elif moment.minute not in self.minute:
                moment -= timedelta(minutes=1)
            else:
                return moment
        raise ValueError("a schedule that is never due")

    def next_due(self, now: datetime) -> datetime:
        """The first due minute after `now`."""
        moment = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        while self.last_due(moment) != moment:
            moment += timedelta(minutes=1)
        return moment


@dataclass(frozen=True, slots=True)
class Job:
    """A periodic job. `work` must be safe to repeat and returns counts for the record."""

    name: str
    schedule: Schedule
    work: Callable[[], dict[str, Any]]


CLAIM = """
INSERT INTO foundation_jobrun AS run (job, "window", started_at, leased_until, outcome)
VALUES (%(job)s, %(window)s, %(now)s, %(until)s, '{}')
ON CONFLICT (job, "window") DO UPDATE SET started_at = %(now)s, leased_until = %(until)s
  WHERE run.finished_at IS NULL AND run.leased_until < %(now)s
RETURNING id
"""


def due_jobs(jobs: dict[str, Job], now: datetime) -> list[str]:
    """Jobs whose latest window has no finished run and none under way."""
    return [
        job.name
        for job in jobs.values()
        if not JobRun.objects.filter(job=job.name, window=job.schedule.last_due(now))
        .exclude(finished_at=None, leased_until__lt=now)
        .exists()
    ]


def run_job(job: Job) -> bool:
    """Run the job for its latest window. False when that was done, or is being done, already.

    Windows that passed while nothing ran are not repeated: a job works off all that is due, so
    one late run makes up for all missed ones.
    """
    now = timezone.now()
    values: dict[str, Any] = {
        "job": job.name,
        "window": job.schedule.last_due(now),
        "now": now,
        "until": now + JOB_LEASE,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        claimed = cursor.fetchone()
    if claimed is None:
        return False
    outcome = job.work()
    JobRun.objects.filter(pk=claimed[0]).update(finished_at=timezone.now(), outcome=outcome)
    return True
