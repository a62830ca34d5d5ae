"""What falls due on each of the days to come, fast enough for a page."""

from datetime import datetime, timedelta
from itertools import pairwise

from django.apps import apps
from django.db import connections
from django.db.models import Count, Q

from fluxrouter.foundation.database import SCHEMA
from retention.dispositions import RETIRE
from retention.partitions import all_tables, day_of, parent_of
from retention.rules import RetentionRule
from retention.selectors.holds import not_held
from retention.selectors.outlook import rows_in

DAY = timedelta(days=1)


def falling_due(rule: RetentionRule, now: datetime, days: int) -> list[int]:
    """How many rows fall due on each of the next days, by the clock and the holds alone.

    Of partitions it is what PostgreSQL believes that they have.
    """
    return of_days(rule, now, days) if rule.dispose == RETIRE else of_rows(rule, now, days)


def of_rows(rule: RetentionRule, now: datetime, days: int) -> list[int]:
    """By one look at the rows of the whole time."""
    edges = [rule.last_moment(now + n * DAY) for n in range(days + 1)]
    spans = [
        {f"{rule.clock}__gt": low, f"{rule.clock}__lte": high} for low, high in pairwise(edges)
    ]
    everything = {f"{rule.clock}__gt": edges[0], f"{rule.clock}__lte": edges[-1]}
    rows = apps.get_model(rule.model)._default_manager.filter(**everything)
    counts = {f"day_{n}": Count("pk", filter=Q(**span)) for n, span in enumerate(spans)}
    found = not_held(rule, rows).order_by().aggregate(**counts)
    return [found[f"day_{n}"] for n in range(days)]


SIZE = (
    "SELECT reltuples::bigint FROM pg_class WHERE relnamespace = %s::regnamespace AND relname = %s"
)


def of_days(rule: RetentionRule, now: datetime, days: int) -> list[int]:
    numbers = [0] * days
    with connections["owner"].cursor() as cursor:
        for table in all_tables(cursor, parent_of(rule.model)):
            day = day_of(table)
            if day is None or rule.day_is_over(day, now):
                continue
            over = (n for n in range(days) if rule.day_is_over(day, now + (n + 1) * DAY))
            if (first := next(over, None)) is not None:
                cursor.execute(SIZE, [SCHEMA, table])
                (rows,) = cursor.fetchone()
                # Nobody has looked at a small or new one yet.
                numbers[first] += rows if rows >= 0 else rows_in(cursor, rule.model, table)
    return numbers
