"""How each rule stands: what it did last, and what waits. Cheap enough for a page."""

from datetime import datetime
from typing import NamedTuple

from django.db import connections

from retention.dispositions import RETIRE
from retention.models import Disposition, Retirement, Sweep
from retention.partitions import day_of
from retention.rules import RetentionRule
from retention.schedule import RETENTION_SCHEDULE
from retention.selectors.holds import is_kept_whole
from retention.selectors.outlook import partitions_over


class Standing(NamedTuple):
    """`waiting` is None where only a dry run counts."""

    rule: RetentionRule
    last: Disposition | None
    waiting: int | None

    @property
    def unit(self) -> str:
        return "day" if self.rule.dispose == RETIRE else "row"


def standings(now: datetime) -> list[Standing]:
    """Every rule in the order of the schedule."""
    latest = Disposition.objects.order_by("rule", "-at").distinct("rule")
    last = {each.rule: each for each in latest}
    rest = dict(Sweep.objects.values_list("rule", "rows_remaining"))
    return [
        Standing(rule, last.get(rule.name), waiting(rule, now, rest))
        for rule in RETENTION_SCHEDULE
    ]


def waiting(rule: RetentionRule, now: datetime, rest: dict[str, int]) -> int | None:
    """Rows that the last run left, or days that are over and still here, though no hold keeps them
    whole.
    """
    if rule.dispose != RETIRE:
        return rest.get(rule.name)
    with connections["owner"].cursor() as cursor:
        tables = set(partitions_over(rule, now, cursor))
    begun = Retirement.objects.filter(model=rule.model).exclude(state=Retirement.State.DROPPED)
    tables |= set(begun.values_list("table", flat=True))
    days = {table: day_of(table) for table in tables}
    return sum(day is None or not is_kept_whole(rule.model, day) for day in days.values())
