"""Erasing a person's rows: metadata in chunks per partition, the rest in one transaction."""

from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from fluxrouter.foundation.database import SCHEMA
from privacy.connectors.base import Outcome, Subject, Task
from privacy.connectors.database.find import (
    Slice,
    count_rows,
    days_may_go,
    email_condition,
    held,
    model_of,
    slices,
)
from privacy.datamap import DATA_MAP, Erase, Find
from retention.services.statements import state_calls

CHUNK = 10_000

# A window that moves along the index, found by its upper end: the next one doesn't walk over the
# rows deleted before, and nothing comes back from them.
UPPER_END = "SELECT id FROM {table} WHERE {where} AND id > {low} ORDER BY id LIMIT 1 OFFSET {rows}"
DELETE_WINDOW = "DELETE FROM {table} WHERE {where} AND id > {low} AND id <= {high}"
# Which browser was whose: it stays opted out, and is nobody's.
FORGET = """
UPDATE privacy_browsersignal SET account_ids = ARRAY(
  SELECT account FROM unnest(account_ids) AS account WHERE account <> ALL(%(accounts)s::uuid[]))
WHERE account_ids && %(accounts)s::uuid[]
"""
FIRST_ID, LAST_ID = UUID(int=0), UUID(int=2**128 - 1)


def erase_partitions(task: Task) -> Outcome:
    """Delete the person's request metadata and bodies, partition by partition; what invoices rest
    on is stated first.
    """
    counts: dict[str, int] = {}
    for part, _ in held(task.subject):
        if part.row.find is Find.PARTITIONS and part.row.erase is Erase.DELETE:
            kind = part.row.collection
            with connection.cursor() as cursor, days_may_go():
                state_calls(cursor, part.row.model, part.table, part.condition)
            counts[kind] = counts.get(kind, 0) + erase_slice(part, task)
    return Outcome(receipt={"erased": counts})


def erase_slice(part: Slice, task: Task) -> int:
    """Delete the person's rows of one table, window by window. Returns how many there were."""
    low, total = FIRST_ID, 0
    while True:
        with connection.cursor() as cursor, days_may_go():
            high = upper_end(cursor, part, low)
            total += delete_window(cursor, part, low, high or LAST_ID)
        if high is None:
            return total
        low = high
        task.heartbeat()


def upper_end(cursor: Any, part: Slice, low: UUID) -> UUID | None:
    """The id of a window's last row; None when fewer rows are left."""
    cursor.execute(in_slice(UPPER_END, part, low=low, rows=CHUNK - 1))
    found = cursor.fetchone()
    return found[0] if found else None


def delete_window(cursor: Any, part: Slice, low: UUID, high: UUID) -> int:
    cursor.execute(in_slice(DELETE_WINDOW, part, low=low, high=high))
    return int(cursor.rowcount)


def in_slice(statement: str, part: Slice, **values: Any) -> str:
    names = {name: sql.Literal(value) for name, value in values.items()}
    table = sql.Identifier(SCHEMA, part.table)
    return sql.SQL(statement).format(table=table, where=part.condition, **names).as_string()


def erase_rows(task: Task) -> Outcome:
    """Delete all other rows, children first, all or nothing."""
    counts: dict[str, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FORGET, {"accounts": task.subject.refs.get("accounts", [])})
        for part in slices(task.subject):
            if part.row.find is not Find.PARTITIONS and part.row.erase is Erase.DELETE:
                counts[part.row.collection] = delete(cursor, part)
    return Outcome(receipt={"erased": counts})


def delete(cursor: Any, part: Slice) -> int:
    query = sql.SQL("DELETE FROM {} WHERE {}").format(
        sql.Identifier(SCHEMA, part.table), part.condition
    )
    cursor.execute(query.as_string())
    return int(cursor.rowcount)


def kept_tables() -> set[str]:
    """Tables whose rows stay under a ground that the plan names."""
    return {
        model_of(row)._meta.db_table
        for row in DATA_MAP.values()
        if row.erase is not Erase.DELETE and "_" not in row.model
    }


def residues(subject: Subject) -> dict[str, int]:
    """What is left, by table: read from the catalogue, not from the data map.

    A table that nobody mapped is found here as well: any of ours with an account's id or an
    e-mail address in a column of its own.
    """
    kept = kept_tables()
    with connection.cursor() as cursor:
        columns = suspicious_columns(cursor, subject)
        wheres = {
            table: sql.SQL(" OR ").join(each)
            for table, each in columns.items()
            if table not in kept
        }
        return count_rows(cursor, wheres)


def suspicious_columns(cursor: Any, subject: Subject) -> dict[str, list[sql.Composable]]:
    """Of tables that hold rows themselves: partitions, attached or not, but not their parents."""
    cursor.execute(
        """SELECT c.relname, a.attname FROM pg_attribute a
           JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
           WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND a.attnum > 0
             AND NOT a.attisdropped
             AND (a.attname = 'email' AND t.typname IN ('varchar', 'text')
               OR a.attname = 'account_id' OR c.relname = 'accounts_account' AND a.attname = 'id')
        """,
        [SCHEMA],
    )
    accounts = sql.Literal(subject.refs.get("accounts", []))
    found: dict[str, list[sql.Composable]] = {}
    for table, name in cursor.fetchall():
        if name == "email":
            where = email_condition(subject)
        else:
            where = sql.SQL("{} = ANY({}::uuid[])").format(sql.Identifier(name), accounts)
        found.setdefault(table, []).append(where)
    return found
