"""Before a day goes: the statements that bills rest on, the numbers of many, and the evidence."""

from typing import Any

from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

from accounts.ids import moment_of
from fluxrouter.foundation.database import SCHEMA
from retention.models import Retirement
from retention.rollups import ROLL_UPS, RollUp
from retention.services.retirement.publish import keep, leave_out, publish
from retention.services.retirement.spread import spreads

State = Retirement.State

WORK_MEM = "64MB"  # the groups of a day stay in memory
# PostgreSQL's own hash of a uuid, which partitions by hash rest on: the same in every version.
CHECKSUM = "sum(uuid_hash_extended(id, 0))"
BY_ACCOUNT = """
CREATE TEMP TABLE by_account ON COMMIT DROP AS
SELECT account_id, {dimensions}, {measures}, {checksum} AS ids,
  min({spread}) AS least, max({spread}) AS most
FROM {part} GROUP BY account_id, {groups}
"""
EVIDENCE = "SELECT coalesce({rows}, 0)::bigint, coalesce({ids}, 0)::text FROM {source}"
ENDS = """
SELECT (SELECT id FROM {part} ORDER BY id LIMIT 1),
  (SELECT id FROM {part} ORDER BY id DESC LIMIT 1)
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
            cursor.execute(f"SET LOCAL work_mem = '{WORK_MEM}'")
            part = sql.Identifier(SCHEMA, locked.table)
            if spec:
                gather(cursor, part, spec)
            note_evidence(cursor, locked, part, spec)
            if spec and locked.rows:
                state(cursor, spec, locked)
                if locked.dropped_at is None:  # else it came back, and its numbers are told
                    locked.level = tell(cursor, part, spec, locked)
        locked.state = State.SUMMED_UP
        locked.save(using="owner")


def gather(cursor: Any, part: sql.Composable, spec: RollUp) -> None:
    """A temporary table with one row per account and combination of dimensions: the day is read
    once for statements, numbers and evidence together.
    """
    statement = sql.SQL(BY_ACCOUNT).format(
        part=part,
        dimensions=named(spec.dimensions),
        measures=named(spec.measures),
        checksum=sql.SQL(CHECKSUM),
        spread=sql.Identifier(spec.spread),
        groups=sql.SQL(", ".join(spec.dimensions.values())),
    )
    cursor.execute(statement.as_string())


def named(expressions: dict[str, str]) -> sql.SQL:
    return sql.SQL(", ".join(f"{text} AS {name}" for name, text in expressions.items()))


def note_evidence(
    cursor: Any, retirement: Retirement, part: sql.Composable, spec: RollUp | None
) -> None:
    """How many rows, from when to when, and a sum of the ids' hashes in any order. No id itself: a
    call's id is somebody's.
    """
    texts = ("sum(requests)", "sum(ids)") if spec else ("count(*)", CHECKSUM)
    statement = sql.SQL(EVIDENCE).format(
        rows=sql.SQL(texts[0]),
        ids=sql.SQL(texts[1]),
        source=sql.SQL("by_account") if spec else part,
    )
    cursor.execute(statement.as_string())
    retirement.rows, retirement.checksum = cursor.fetchone()
    cursor.execute(sql.SQL(ENDS).format(part=part).as_string())
    retirement.first_at, retirement.last_at = (
        moment_of(each) if each else None for each in cursor.fetchone()
    )


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
    objectors = leave_out(cursor)
    for level in spec.ladder:
        if cells := publish(cursor, spec, level):
            found = spreads(cursor, part, spec, level, cells, objectors)
            keep(retirement.model, spec, (retirement.day, retirement.day), cells, found)
            return "+".join(level)
    return ""
