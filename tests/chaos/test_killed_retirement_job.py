"""The worker that retires a day is killed in the middle of it, and another one ends it.

Not in pytest's database: real workers and a real beat on servers of their own.
"""

from typing import Any

import pytest

from tests.chaos.boundaries import Connection
from tests.chaos.nursery import Nursery
from tests.support.processes import Stack, wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.acceptance("KEEP-16")]

PLANT = """
import django
django.setup()
from tests.chaos.retention_days import PART, make_day
make_day()
print(PART, end="")
"""
WAITS = """
SELECT count(*) FROM pg_stat_activity
WHERE application_name = %s AND query LIKE '%%CONCURRENTLY' AND wait_event_type = 'Lock'
"""
# Until then the job counts as being done. It is a quarter of an hour.
LEASE_ENDS = """
UPDATE foundation_jobrun SET leased_until = started_at WHERE job = 'retire_partitions'
"""
STATED = "SELECT count(*), sum(requests) FROM accounts_usagestatement"
EVIDENCE = 'SELECT state, rows, kept FROM retention_retirement WHERE "table" = %s'
WRITTEN_DOWN = "SELECT sum(rows) FROM retention_disposition WHERE rule LIKE 'accounts.Gateway%'"
TOLD = """
SELECT sum((data->>'rows')::int) FROM foundation_trailevent WHERE code = 'retention.applied'
"""


def number(connection: Connection, query: str, *values: str) -> int:
    found: Any = connection.execute(query, values or None).fetchone()
    return int(found[0] or 0)


def is_there(connection: Connection, table: str) -> bool:
    found = connection.execute("SELECT to_regclass(%s)", [table]).fetchone()
    return found != (None,)


def test_a_killed_workers_retirement_is_ended_by_another_worker(stack: Stack) -> None:
    day = stack.python("-c", PLANT)
    log = stack.supervisor.state_dir / "log" / "nursery.log"
    with stack.connect() as owner, Nursery(stack.environ, log) as nursery:
        with stack.connect() as reader, reader.transaction():
            reader.execute("SELECT count(*) FROM accounts_gatewayrequest")
            nursery.start("one")
            stack.start_beat("beat", "tests.support.fast_beat")
            wait_for(lambda: number(owner, WAITS, "one") == 1, 60, "the day waits for a reader")
            nursery.kill("one")
            nursery.start("two")
        owner.execute(LEASE_ENDS)
        wait_for(lambda: not is_there(owner, day), 60, "the day is gone")
        wait_for(lambda: number(owner, WRITTEN_DOWN) == 24, 10, "it is written down")
        assert owner.execute(STATED).fetchone() == (12, 24)
        assert owner.execute(EVIDENCE, [day]).fetchall() == [("dropped", 24, 0)]
        assert number(owner, TOLD) == 24
        stack.supervisor.stop("beat")
    assert "Intact" in stack.python("manage.py", "verify_trail")
