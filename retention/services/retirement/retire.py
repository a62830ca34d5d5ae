"""Which partitions' time is up, and working them off one at a time."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connections
from django.utils import timezone

from fluxrouter.foundation.alarms import sync_alarms
from fluxrouter.foundation.jobs.run import JOB_LEASE
from retention.models import Retirement
from retention.partitions import day_of, hold_table
from retention.rules import RetentionRule
from retention.selectors.holds import is_kept_whole
from retention.selectors.outlook import partitions_over
from retention.services.retirement.detach import WAITS, detach
from retention.services.retirement.held import let_go_of_held
from retention.services.retirement.let_go import let_go
from retention.services.retirement.sum_up import sum_up
from retention.services.retirement.weekly import tell_weeks

log = logging.getLogger(__name__)

LOCK = 7_262_010  # advisory lock of a session: one retirement at a time
LATE = timedelta(days=1)  # two runs were kept from it
BUDGET = JOB_LEASE / 3  # of one rule's run: those of all partitioned tables end within the lease
State = Retirement.State


@dataclass(slots=True)
class Failures:
    """What failed so far: a day that fails keeps no other from going."""

    errors: list[Exception] = field(default_factory=list)

    @contextmanager
    def kept(self, what: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            log.error("retirement.failed %s", what)
            self.errors.append(error)

    def tell(self) -> None:
        if self.errors:
            raise ExceptionGroup("days that failed", self.errors)


def retire(rule: RetentionRule, now: datetime) -> int:
    """Retire what the rule says is over, oldest first. Returns how many rows went.

    What an earlier run began comes first. Nothing happens while another run is at it. What failed
    is raised when all had their turn.
    """
    gone, failures = 0, Failures()
    with connections["owner"].cursor() as cursor, alone(cursor) as is_ours:
        if not is_ours:
            return 0
        ends = time.monotonic() + BUDGET.total_seconds()
        for retirement in begun(rule, now, cursor):
            with failures.kept(retirement.table):
                gone += carry_on(retirement, cursor)
            if time.monotonic() > ends:
                break
        with failures.kept(hold_table(rule.model)):
            gone += let_go_of_held(rule, cursor, ends)
        with failures.kept("weeks"):
            tell_weeks(rule.model)
        tell_late()
    failures.tell()
    return gone


def tell_late() -> None:
    """An alarm for each day that began to go and is still here, but for what a hold keeps."""
    rows = Retirement.objects.exclude(state=State.DROPPED)
    late = rows.filter(started_at__lt=timezone.now() - LATE)
    sync_alarms(WAITS, {row.table for row in late if not is_kept_whole(row.model, row.day)})


@contextmanager
def alone(cursor: Any) -> Iterator[bool]:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
    (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def begun(rule: RetentionRule, now: datetime, cursor: Any) -> list[Retirement]:
    """The retirements under way and those that begin now, the oldest day first."""
    rows = Retirement.objects.using("owner")
    tables = partitions_over(rule, now, cursor)
    rows.bulk_create(
        [
            Retirement(table=table, model=rule.model, day=day, rule=rule.name, started_at=now)
            for table in tables
            if (day := day_of(table))
        ],
        ignore_conflicts=True,
    )
    # A day came back: its table was restored, or a clock was ahead for an hour.
    again = rows.filter(table__in=tables, state=State.DROPPED)
    again.update(state=State.DETACHING, started_at=now, kept=0)
    open_rows = rows.filter(model=rule.model).exclude(state=State.DROPPED)
    return list(open_rows.order_by("day"))


def carry_on(retirement: Retirement, cursor: Any) -> int:
    """Take one partition as far as it goes now. Returns how many rows are gone."""
    if retirement.state == State.DETACHING:
        detach(cursor, retirement)
    sum_up(retirement)
    retirement.refresh_from_db(using="owner")
    if retirement.state == State.SUMMED_UP and not let_go(retirement):
        log.warning("retirement.stays %s", retirement.table)
        return 0
    return (retirement.rows or 0) - retirement.kept
