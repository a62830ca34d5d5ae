"""Days that were safe at no level by themselves, a week of them together."""

from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

from fluxrouter.foundation.database import SCHEMA
from retention.models import Retirement
from retention.rollups import ROLL_UPS, RollUp
from retention.services.retirement.publish import Cell, keep, leave_out, publish

State = Retirement.State
WEEK = timedelta(days=7)
UNTOLD = """
CREATE TEMP TABLE by_account ON COMMIT DROP AS
SELECT * FROM {statement} WHERE day = ANY({days}::date[])
"""


def tell_weeks(model: str) -> int:
    """Publish each whole week that is retired and has days nobody was told of; how many."""
    spec = ROLL_UPS.get(model)
    if spec is None:
        return 0
    told = 0
    for monday in whole_weeks(model):
        with transaction.atomic(using="owner"):
            told += tell_week(model, spec, monday)
    return told


def whole_weeks(model: str) -> list[date]:
    """Mondays of weeks whose seven days are summed up and some of them still untold."""
    rows = Retirement.objects.using("owner").filter(model=model)
    done = rows.filter(state__in=[State.SUMMED_UP, State.DROPPED])
    days = set(done.values_list("day", flat=True))
    untold = set(done.filter(level="", rows__gt=0).values_list("day", flat=True))
    mondays = sorted({day - timedelta(days=day.weekday()) for day in untold})
    return [each for each in mondays if days >= {each + timedelta(days=n) for n in range(7)}]


def tell_week(model: str, spec: RollUp, monday: date) -> int:
    rows = (
        Retirement.objects.using("owner")
        .select_for_update()
        .filter(
            model=model,
            level="",
            rows__gt=0,
            day__range=(monday, monday + WEEK - timedelta(days=1)),
        )
    )
    days = [row.day for row in rows]
    if not days:
        return 0  # somebody else was faster
    with connections["owner"].cursor() as cursor:
        statement = sql.SQL(UNTOLD).format(
            statement=sql.Identifier(SCHEMA, apps.get_model(spec.statement)._meta.db_table),
            days=sql.Literal([day.isoformat() for day in days]),
        )
        cursor.execute(statement.as_string())
        leave_out(cursor)
        level, cells = first_safe(cursor, spec)
    keep(model, spec, (min(days), max(days)), cells, {})
    rows.update(level=level)
    return int(bool(cells))


def first_safe(cursor: Any, spec: RollUp) -> tuple[str, list[Cell]]:
    for level in spec.weekly:
        if cells := publish(cursor, spec, level):
            return "+".join(("week", *level)), cells
    return "nothing", []
