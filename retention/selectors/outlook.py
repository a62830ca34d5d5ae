"""What the schedule would do now, and what falls due in the days to come. Changes nothing."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import connections
from psycopg import sql

from fluxrouter.foundation.database import SCHEMA
from retention.dispositions import DISPOSITIONS
from retention.models import Retirement
from retention.partitions import all_tables, day_of, hold_table, parent_of
from retention.rules import RetentionRule
from retention.selectors.holds import held_rows, over

DAY = timedelta(days=1)


def rows_over(rule: RetentionRule, now: datetime) -> int:
    return over(rule, now).order_by().count()


def partitions_over(rule: RetentionRule, now: datetime, cursor: Any) -> list[str]:
    """The partitions whose youngest row is old enough: the last moment of a day counts."""
    return [
        table
        for table in all_tables(cursor, parent_of(rule.model))
        if (day := day_of(table)) and rule.day_is_over(day, now)
    ]


def rows_to_retire(rule: RetentionRule, now: datetime) -> int:
    """Rows in days that are over, those of days under way, and those whose hold has ended; but for
    what a hold keeps.
    """
    with connections["owner"].cursor() as cursor:
        open_rows = Retirement.objects.using("owner").exclude(state=Retirement.State.DROPPED)
        begun = set(open_rows.filter(model=rule.model).values_list("table", flat=True))
        existing = set(all_tables(cursor, parent_of(rule.model)))
        begun.add(hold_table(rule.model))
        tables = {*partitions_over(rule, now, cursor), *(begun & existing)}
        return sum(rows_in(cursor, rule.model, table) for table in sorted(tables))


def rows_in(cursor: Any, model: str, table: str) -> int:
    count = sql.SQL("SELECT count(*) FROM {} WHERE {}")
    cursor.execute(count.format(sql.Identifier(SCHEMA, table), free_rows(model)).as_string())
    return int(cursor.fetchone()[0])


def free_rows(model: str) -> sql.Composable:
    """A condition on a partition's rows: those that no hold covers."""
    held = held_rows(model)
    return sql.SQL("true") if held is None else sql.SQL("NOT ({})").format(held)


def due(rule: RetentionRule, now: datetime) -> int:
    """How many rows a run would dispose of at this moment."""
    return DISPOSITIONS[rule.dispose].due(rule, now)


def forecast(rule: RetentionRule, now: datetime, days: int) -> list[int]:
    """How many rows fall due in each of the next days, with what is here today."""
    waiting = DISPOSITIONS[rule.dispose].waiting
    totals = [waiting(rule, now + n * DAY) for n in range(days + 1)]
    return [later - earlier for earlier, later in pairwise(totals)]
