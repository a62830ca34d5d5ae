"""Before a day goes: the statements that bills rest on, the numbers of many, and the evidence."""

from typing import Any

from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

from fluxrouter.foundation.database import SCHEMA
from retention.models import Retirement
from retention.rollups import ROLL_UPS, RollUp
from retention.services.retirement.publish import keep, publish, spreads

State = Retirement.State

EVIDENCE = """
SELECT count(*), (SELECT id FROM {part} ORDER BY id LIMIT 1),
  (SELECT id FROM {part} ORDER BY id DESC LIMIT 1),
  coalesce(sum(hashtextextended(id::text, 0)::numeric), 0)::text
FROM {part}
"""
BY_ACCOUNT = """
CREATE TEMP TABLE by_account ON COMMIT DROP AS
SELECT account_id, {dimensions}, {measures} FROM {part} GROUP BY account_id, {names}
"""
STATE = """
INSERT INTO {statement} (account_id, day, {stated}, {measures})
SELECT account_id, {day}::date, {stated}, {sums} FROM by_account GROUP BY account_id, {stated}
ON CONFLICT DO NOTHING
"""


def sum_up(retirement: Retirement) -> None:
    """Once, in one transaction: a second time finds it done.

    A recomputation, after somebody was erased from the table, would tell who that was.
    """
    with transaction.atomic(using="owner"):
        rows = Retirement.objects.using("owner").select_for_update()
        locked = rows.get(pk=retirement.pk)
        if locked.state != State.DETACHED:
            return
        spec = ROLL_UPS.get(locked.model)
        with connections["owner"].cursor() as cursor:
            part = sql.Identifier(SCHEMA, locked.table)
            locked.rows, locked.first_id, locked.last_id, locked.checksum = evidence(cursor, part)
            if spec and locked.rows:
                gather(cursor, part, spec)
                state(cursor, spec, locked)
                locked.level = tell(cursor, part, spec, locked)
        locked.state = State.SUMMED_UP
        locked.save(using="owner")


def evidence(cursor: Any, part: sql.Composable) -> tuple[Any, ...]:
    """How many rows, the first and the last id, and a sum of the ids' hashes in any order."""
    cursor.execute(sql.SQL(EVIDENCE).format(part=part).as_string())
    found: tuple[Any, ...] = cursor.fetchone()
    return found


def gather(cursor: Any, part: sql.Composable, spec: RollUp) -> None:
    """A temporary table with one row per account and combination of dimensions."""
    dimensions = ", ".join(f"{text} AS {name}" for name, text in spec.dimensions.items())
    measures = ", ".join(f"sum({text}) AS {name}" for name, text in spec.measures.items())
    statement = sql.SQL(BY_ACCOUNT).format(
        part=part,
        dimensions=sql.SQL(dimensions),
        measures=sql.SQL(measures),
        names=sql.SQL(", ".join(spec.dimensions.values())),
    )
    cursor.execute(statement.as_string())


def state(cursor: Any, spec: RollUp, retirement: Retirement) -> None:
    statement = sql.SQL(STATE).format(
        statement=sql.Identifier(SCHEMA, apps.get_model(spec.statement)._meta.db_table),
        day=sql.Literal(retirement.day.isoformat()),
        stated=sql.SQL(", ".join(spec.stated)),
        measures=sql.SQL(", ".join(spec.measures)),
        sums=sql.SQL(", ".join(f"sum({name})" for name in spec.measures)),
    )
    cursor.execute(statement.as_string())


def tell(cursor: Any, part: sql.Composable, spec: RollUp, retirement: Retirement) -> str:
    """Publish the day at the finest level that is safe; "" when none is, then its week may be."""
    for level in spec.ladder:
        if cells := publish(cursor, spec, level):
            found = spreads(cursor, part, spec, level, cells)
            keep(retirement.model, spec, (retirement.day, retirement.day), cells, found)
            return "+".join(level)
    return ""
