"""The end of a partition: under the lock that placing a hold takes as well."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connections, transaction
from django.utils import timezone
from psycopg import sql

from fluxrouter.foundation.database import SCHEMA, grant_table
from retention.models import Retirement
from retention.partitions import hold_table, parent_of
from retention.selectors.holds import held_rows
from retention.services.holds import HOLD_LOCK
from retention.services.tally import count

State = Retirement.State
LOCK_NOT_AVAILABLE = "55P03"
LOCK_TIMEOUT = "50ms"  # nobody behind us in the queue waits longer
TRIES = 100
PAUSE = 0.1  # seconds between two tries


def let_go(retirement: Retirement) -> bool:
    """Keep what a hold covers, and drop the rest. False: somebody reads there; try again later.

    The lock is given back between two tries, so that a hold can be placed while a reader keeps us
    waiting; the next try looks for it.
    """
    if retirement.state != State.SUMMED_UP:
        raise ValueError("a day that isn't summed up can't go")
    for _ in range(TRIES):
        with connections["owner"].cursor() as cursor, no_new_holds(cursor):
            keep_held(cursor, retirement)
            if drop(cursor, retirement):
                return True
        time.sleep(PAUSE)
    return False


@contextmanager
def no_new_holds(cursor: Any) -> Iterator[None]:
    """A lock of the session: it lasts over several transactions, and ends with the connection."""
    cursor.execute("SELECT pg_advisory_lock(%s)", [HOLD_LOCK])
    try:
        yield
    finally:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [HOLD_LOCK])


def keep_held(cursor: Any, retirement: Retirement) -> None:
    """Copy the rows that a hold covers to the table of held rows; a second time copies none."""
    held = held_rows(retirement.model)
    if held is None:
        return
    with transaction.atomic(using="owner"):
        table = make_hold_table(cursor, retirement.model)
        copy = "INSERT INTO {held} SELECT * FROM {part} WHERE {rows} ON CONFLICT DO NOTHING"
        statement = sql.SQL(copy).format(
            held=sql.Identifier(SCHEMA, table),
            part=sql.Identifier(SCHEMA, retirement.table),
            rows=held,
        )
        cursor.execute(statement.as_string())
        if cursor.rowcount:
            retirement.kept += cursor.rowcount
            retirement.save(using="owner", update_fields=["kept"])


def make_hold_table(cursor: Any, model: str) -> str:
    """The table of held rows of a partitioned model: the same columns, no partitions."""
    table = hold_table(model)
    cursor.execute("SELECT to_regclass(%s)", [f"{SCHEMA}.{table}"])
    if cursor.fetchone()[0] is None:
        names = (sql.Identifier(SCHEMA, table), sql.Identifier(SCHEMA, parent_of(model)))
        make = sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(*names)
        cursor.execute(make.as_string())
        grant_table(cursor, table)
    return table


def drop(cursor: Any, retirement: Retirement) -> bool:
    """The table and the note that it is gone, in one transaction; never waiting in a queue."""
    part = sql.Identifier(SCHEMA, retirement.table)
    try:
        with transaction.atomic(using="owner"):
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(part).as_string())
            count(retirement.rule, (retirement.rows or 0) - retirement.kept, using="owner")
            Retirement.objects.using("owner").filter(pk=retirement.pk).update(
                state=State.DROPPED, dropped_at=timezone.now()
            )
    except OperationalError as error:
        if getattr(error, "sqlstate", "") != LOCK_NOT_AVAILABLE:
            raise
        return False
    return True
