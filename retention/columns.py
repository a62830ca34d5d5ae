"""Tables that stand outside their parent have its columns all the same.

A migration changes the parent and its partitions. A detached day and a table of held rows are
none, but whoever searches, exports or erases names the same columns in each.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from psycopg import sql

from fluxrouter.foundation.database import SCHEMA
from retention.partitions import PARTITIONED, all_tables

COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
ALTER = "ALTER TABLE {table} {change}"
ATTACHED = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = %s::regclass AND NOT i.inhdetachpending
"""


def columns_of(cursor: Any, table: str) -> dict[str, str]:
    """Name and type of each column, in their order."""
    cursor.execute(COLUMNS, [f"{SCHEMA}.{table}"])
    return dict(cursor.fetchall())


def follow(cursor: Any, table: str, source: str) -> None:
    """Give a table the columns of another. What it has more stays, and a new one is empty."""
    present = columns_of(cursor, table)
    changes = [
        change(name, kind, is_new=name not in present)
        for name, kind in columns_of(cursor, source).items()
        if present.get(name) != kind
    ]
    alter(cursor, table, changes)


def change(name: str, kind: str, *, is_new: bool) -> sql.Composable:
    text = "ADD COLUMN {} {}" if is_new else "ALTER COLUMN {} TYPE {}"
    return sql.SQL(text).format(sql.Identifier(name), sql.SQL(kind))


def let_be_empty(cursor: Any, table: str, but: str) -> None:
    """Let every column but one be empty: rows from before a column have none of it."""
    names = [name for name in columns_of(cursor, table) if name != but]
    changes = [
        sql.SQL("ALTER COLUMN {} DROP NOT NULL").format(sql.Identifier(name)) for name in names
    ]
    alter(cursor, table, changes)


def alter(cursor: Any, table: str, changes: Sequence[sql.Composable]) -> None:
    if changes:
        statement = sql.SQL(ALTER).format(
            table=sql.Identifier(SCHEMA, table), change=sql.SQL(", ").join(changes)
        )
        cursor.execute(statement.as_string())


def follow_parents(cursor: Any) -> None:
    """After migrations: every day and every table of held rows has its parent's columns."""
    for label in PARTITIONED:
        parent = apps.get_model(label)._meta.db_table
        for table in outside(cursor, parent):
            follow(cursor, table, parent)


def outside(cursor: Any, parent: str) -> list[str]:
    """The tables of its rows that are no partitions any more."""
    cursor.execute(ATTACHED, [f"{SCHEMA}.{parent}"])
    attached = {name for (name,) in cursor.fetchall()}
    return [table for table in all_tables(cursor, parent) if table not in attached]
