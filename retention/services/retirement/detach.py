"""Taking a partition out of its parent, while everybody goes on reading and writing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg import sql

from fluxrouter.foundation.alarms import clear_alarm, raise_alarm
from fluxrouter.foundation.database import SCHEMA, role
from retention.models import Retirement

PATIENCE = timedelta(minutes=2)  # a reader that is older keeps a partition from being detached
WAITS = "retirement_waits"
LIMITS = ("lock_timeout", "statement_timeout")

IN_PARENT = """
SELECT i.inhdetachpending, p.relname FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
WHERE c.relnamespace = %s::regnamespace AND c.relname = %s
"""


class Place(StrEnum):
    """How far PostgreSQL itself has come."""

    ATTACHED = "attached"
    PENDING = "pending"  # an earlier detachment was interrupted
    OUT = "out"


def place_of(cursor: Any, table: str) -> tuple[Place, str]:
    """Where a partition stands, and the name of its parent."""
    cursor.execute(IN_PARENT, [SCHEMA, table])
    found = cursor.fetchone()
    if found is None:
        return Place.OUT, ""
    return (Place.PENDING if found[0] else Place.ATTACHED), found[1]


ENDINGS = {Place.ATTACHED: "CONCURRENTLY", Place.PENDING: "FINALIZE"}


def detach(cursor: Any, retirement: Retirement) -> None:
    """Detach, or finish what was interrupted; then nobody writes to the table any more.

    Never under a time-out: an interrupted detachment has to be finished by hand or by this.
    `cursor` belongs to a connection that commits by itself.
    """
    place, parent = place_of(cursor, retirement.table)
    if place is not Place.OUT:
        names = {
            "parent": sql.Identifier(SCHEMA, parent),
            "part": sql.Identifier(SCHEMA, retirement.table),
        }
        ending = ENDINGS[place]
        statement = sql.SQL(f"ALTER TABLE {{parent}} DETACH PARTITION {{part}} {ending}")
        with watched(retirement.table), unlimited(cursor):
            cursor.execute(statement.format(**names).as_string())
    close_for_writing(cursor, retirement.table)
    Retirement.objects.filter(pk=retirement.pk, state=Retirement.State.DETACHING).update(
        state=Retirement.State.DETACHED, detached_at=timezone.now()
    )


def close_for_writing(cursor: Any, table: str) -> None:
    """The application may still read and erase there."""
    statement = sql.SQL("REVOKE INSERT, UPDATE ON {} FROM {}")
    names = (sql.Identifier(SCHEMA, table), sql.Identifier(role("default")))
    cursor.execute(statement.format(*names).as_string())


@contextmanager
def unlimited(cursor: Any) -> Iterator[None]:
    """Without the time-outs that a role or a database may have."""
    for name in LIMITS:
        cursor.execute(f"SET {name} = 0")
    try:
        yield
    finally:
        for name in LIMITS:
            cursor.execute(f"RESET {name}")


@contextmanager
def watched(table: str) -> Iterator[None]:
    """An alarm while something takes too long; nothing is interrupted."""
    over = threading.Event()

    def watch() -> None:
        if not over.wait(PATIENCE.total_seconds()):
            raise_alarm(WAITS, table)
            connection.close()

    thread = threading.Thread(target=watch, name="retirement-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        clear_alarm(WAITS, table)
