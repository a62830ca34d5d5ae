"""Statements of calls that an erasure takes before their day is summed up."""

from typing import Any

from django.apps import apps
from psycopg import sql

from fluxrouter.foundation.database import SCHEMA
from retention.partitions import day_of
from retention.rollups import ROLL_UPS

STATE_CALLS = """
INSERT INTO {statement} (account_id, day, {stated}, {measures})
SELECT account_id, {day}::date, {stated}, {sums} FROM {part} WHERE {rows}
GROUP BY account_id, {stated} ON CONFLICT DO NOTHING
"""


def state_calls(cursor: Any, model: str, table: str, rows: sql.Composable) -> None:
    """Write the statements of a day's calls that bills rest on; a second time changes none.

    A day that is summed up has them already, and so have rows that a hold kept from going.
    """
    spec, day = ROLL_UPS.get(model), day_of(table)
    if spec is None or day is None:
        return
    statement = sql.SQL(STATE_CALLS).format(
        statement=sql.Identifier(SCHEMA, apps.get_model(spec.statement)._meta.db_table),
        day=sql.Literal(day.isoformat()),
        stated=sql.SQL(", ".join(spec.stated)),
        measures=sql.SQL(", ".join(spec.measures)),
        sums=sql.SQL(", ".join(spec.measures.values())),
        part=sql.Identifier(SCHEMA, table),
        rows=rows,
    )
    cursor.execute(statement.as_string())
