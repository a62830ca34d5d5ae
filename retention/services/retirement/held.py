"""Rows that a hold kept from going with their day, once the hold is over."""

import time
from typing import Any

from django.db import transaction
from psycopg import sql

from fluxrouter.foundation.database import SCHEMA
from retention.partitions import all_tables, hold_table, parent_of
from retention.rules import RetentionRule
from retention.selectors.outlook import free_rows
from retention.services.retirement.let_go import no_new_holds
from retention.services.tally import count

CHUNK = 10_000
DELETE_CHUNK = """
DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {free} ORDER BY id LIMIT {chunk})
"""


def let_go_of_held(rule: RetentionRule, cursor: Any, ends: float) -> int:
    """Delete what no hold covers any more, until the budget is over. Returns how many rows went.

    Only rows of days that are over ever come into that table.
    """
    table = hold_table(rule.model)
    if table not in all_tables(cursor, parent_of(rule.model)):
        return 0
    gone = 0
    while time.monotonic() < ends:
        with no_new_holds(cursor), transaction.atomic(using="owner"):
            number = delete_chunk(cursor, rule.model, table)
            count(rule.name, number, using="owner")
        gone += number
        if number < CHUNK:
            break
    return gone


def delete_chunk(cursor: Any, model: str, table: str) -> int:
    statement = sql.SQL(DELETE_CHUNK).format(
        table=sql.Identifier(SCHEMA, table),
        free=free_rows(model),
        chunk=sql.Literal(CHUNK),
    )
    cursor.execute(statement.as_string())
    return int(cursor.rowcount)
