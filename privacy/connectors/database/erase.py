"""Erasing a person's rows: metadata in chunks per partition, the rest in one transaction."""

from typing import Any

from django.db import connection, transaction
from psycopg import sql

from fluxrouter.foundation.database import SCHEMA
from privacy.connectors.base import Outcome, Subject, Task
from privacy.connectors.database.find import Slice, email_condition, model_of, slices
from privacy.datamap import DATA_MAP, Erase, Find

CHUNK = 10_000

# A window that moves along the index: the next chunk doesn't walk over the rows deleted before.
DELETE_CHUNK = """
WITH doomed AS (SELECT id FROM {table} WHERE {where} AND id > {after} ORDER BY id LIMIT {chunk})
DELETE FROM {table} AS t USING doomed WHERE t.id = doomed.id RETURNING t.id
"""
NIL = "00000000-0000-0000-0000-000000000000"


def erase_partitions(task: Task) -> Outcome:
    """Delete the person's request metadata and bodies, partition by partition."""
    counts: dict[str, int] = {}
    for part in slices(task.subject):
        if part.row.find is Find.PARTITIONS and part.row.erase is Erase.DELETE:
            kind = part.row.collection
            counts[kind] = counts.get(kind, 0) + erase_slice(part, task)
    return Outcome(receipt={"erased": counts})


def erase_slice(part: Slice, task: Task) -> int:
    after, total = NIL, 0
    while True:
        query = sql.SQL(DELETE_CHUNK).format(
            table=sql.Identifier(SCHEMA, part.table),
            where=part.condition,
            after=sql.Literal(after),
            chunk=sql.Literal(CHUNK),
        )
        with connection.cursor() as cursor:
            cursor.execute(query.as_string())
            gone = cursor.fetchall()
        total += len(gone)
        if len(gone) < CHUNK:
            return total
        after = str(max(identifier for (identifier,) in gone))
        task.heartbeat()


def erase_rows(task: Task) -> Outcome:
    """Delete all other rows, children first, all or nothing."""
    counts: dict[str, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
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
    found: dict[str, int] = {}
    kept = kept_tables()
    with connection.cursor() as cursor:
        for table, wheres in suspicious_columns(cursor, subject).items():
            if table in kept:
                continue
            query = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(
                sql.Identifier(SCHEMA, table), sql.SQL(" OR ").join(wheres)
            )
            cursor.execute(query.as_string())
            if left := cursor.fetchone()[0]:
                found[table] = left
    return found


def suspicious_columns(cursor: Any, subject: Subject) -> dict[str, list[sql.Composable]]:
    cursor.execute(
        """SELECT table_name, column_name FROM information_schema.columns
           WHERE table_schema = %s AND (column_name = 'email' AND data_type LIKE 'char%%'
             OR column_name = 'account_id' OR table_name = 'accounts_account'
                AND column_name = 'id')""",
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
