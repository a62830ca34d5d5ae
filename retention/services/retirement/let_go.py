"""The end of a partition: under the lock that placing a hold takes as well."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import OperationalError, connections, transaction
from django.utils import timezone
from psycopg import sql

from fluxrouter.foundation.database import SCHEMA, grant_table
from retention.columns import columns_of, follow, let_be_empty
from retention.models import Retirement
from retention.partitions import hold_table, parent_of
from retention.selectors.holds import held_rows, is_kept_whole
from retention.services.holds import HOLD_LOCK
from retention.services.tally import count

State = Retirement.State
LOCK_NOT_AVAILABLE = "55P03"
LOCK_TIMEOUT = "50ms"  # nobody behind us in the queue waits longer
TRYING = timedelta(seconds=15)
PAUSE = 0.1  # seconds between two tries
# A row of a day that came back may be there already; it counts as kept like the others.
COPY = """
INSERT INTO {held} ({columns}) SELECT {columns} FROM {part} WHERE {rows}
ON CONFLICT (id) DO UPDATE SET id = excluded.id
"""


def let_go(retirement: Retirement) -> bool:
    """Keep what a hold covers, and drop the rest. False: somebody reads there, or a hold covers
    the whole day, which then stays as it is; try again later.

    The lock is given back between two tries, so that a hold can be placed while a reader keeps us
    waiting; the next try looks for it.
    """
    if retirement.state != State.SUMMED_UP:
        raise ValueError("a day that isn't summed up can't go")
    ends = time.monotonic() + TRYING.total_seconds()
    while True:
        with connections["owner"].cursor() as cursor, no_new_holds(cursor):
            if is_kept_whole(retirement.model, retirement.day):
                return False
            if drop(cursor, retirement):
                return True
        if time.monotonic() > ends:
            return False
        time.sleep(PAUSE)


@contextmanager
def no_new_holds(cursor: Any) -> Iterator[None]:
    """A lock of the session: it lasts over several transactions, and ends with the connection."""
    cursor.execute("SELECT pg_advisory_lock(%s)", [HOLD_LOCK])
    try:
        yield
    finally:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [HOLD_LOCK])


def drop(cursor: Any, retirement: Retirement) -> bool:
    """What is held is copied, the table goes and the note says so, in one transaction: no row is
    ever in both tables. Only the drop itself has a time-out, so it waits in no queue.
    """
    part = sql.Identifier(SCHEMA, retirement.table)
    try:
        with transaction.atomic(using="owner"):
            kept = keep_held(cursor, retirement)
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(part).as_string())
            count(retirement.rule, (retirement.rows or 0) - kept, using="owner")
            Retirement.objects.using("owner").filter(pk=retirement.pk).update(
                state=State.DROPPED, dropped_at=timezone.now(), kept=kept
            )
    except OperationalError as error:
        if getattr(error, "sqlstate", "") != LOCK_NOT_AVAILABLE:
            raise
        return False
    retirement.refresh_from_db(using="owner")
    return True


def keep_held(cursor: Any, retirement: Retirement) -> int:
    """Copy the rows that a hold covers to the table of held rows. Returns how many that are."""
    held = held_rows(retirement.model)
    if held is None:
        return 0
    table = make_hold_table(cursor, retirement.model)
    follow(cursor, table, retirement.table)
    columns = [sql.Identifier(name) for name in columns_of(cursor, retirement.table)]
    statement = sql.SQL(COPY).format(
        held=sql.Identifier(SCHEMA, table),
        part=sql.Identifier(SCHEMA, retirement.table),
        columns=sql.SQL(", ").join(columns),
        rows=held,
    )
    cursor.execute(statement.as_string())
    return int(cursor.rowcount)


def make_hold_table(cursor: Any, model: str) -> str:
    """The table of held rows of a partitioned model: the same columns, no partitions, and no
    checks: what is held stays as it is.
    """
    table, parent = hold_table(model), parent_of(model)
    cursor.execute("SELECT to_regclass(%s)", [f"{SCHEMA}.{table}"])
    if cursor.fetchone()[0] is None:
        names = (sql.Identifier(SCHEMA, table), sql.Identifier(SCHEMA, parent))
        make = sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING INDEXES)").format(*names)
        cursor.execute(make.as_string())
        let_be_empty(cursor, table, but="id")
        grant_table(cursor, table)
    follow(cursor, table, parent)
    return table
