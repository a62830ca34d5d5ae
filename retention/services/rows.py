"""Deleting old rows in windows of their clock: small transactions, a budget, and a place to go on.

A window is found by its upper end, so no chunk walks over what the one before deleted. It needs an
index on the clock where a table is large; on clock and id where many rows have the same clock.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction
from django.db.models import CASCADE, SET_NULL, F, Q, QuerySet
from django.utils import timezone

from retention.models import Sweep
from retention.rules import RetentionRule
from retention.selectors.holds import not_held, over
from retention.selectors.relations import relations
from retention.services.holds import keep_holds_out
from retention.services.tally import begin

CHUNK = 50_000  # rows of a window at most
FIRST = 1_000  # rows of the first window; the next ones grow
QUICK, SLOW = 0.1, 1.0  # seconds: a quicker window makes the next one larger, a slower one smaller
BUDGET = timedelta(minutes=5)  # of one rule in one run
# Rather fail, and go on an hour later, than hold anybody up. A window that a crash of the server
# takes back, its place and its count with it, is done again: it needn't wait for the disk.
LIMITS = {"statement_timeout": "30s", "lock_timeout": "1s", "synchronous_commit": "off"}
COUNTED = 1_000_000  # more isn't counted exactly


class Place(NamedTuple):
    """Where a row stands in the order of the clock, and of ids where clocks are the same."""

    clock: Any
    pk: Any

    def __str__(self) -> str:
        return f"{self.clock.isoformat()} {self.pk}"


@dataclass(frozen=True, slots=True)
class Window:
    """Rows after `low`, up to and with `high`. Without `low` from the first row, without `high` to
    the last that is over.
    """

    rows: QuerySet[Any]
    clock: str
    low: Place | None
    high: Place | None

    @property
    def content(self) -> QuerySet[Any]:
        return self.rows.filter(after(self.clock, self.low), up_to(self.clock, self.high))


# The first part of each is what an index finds.
def after(clock: str, place: Place | None) -> Q:
    if place is None:
        return Q()
    tied = Q(**{f"{clock}__gt": place.clock}) | Q(pk__gt=place.pk)
    return Q(**{f"{clock}__gte": place.clock}) & tied


def up_to(clock: str, place: Place | None) -> Q:
    if place is None:
        return Q()
    tied = Q(**{f"{clock}__lt": place.clock}) | Q(pk__lte=place.pk)
    return Q(**{f"{clock}__lte": place.clock}) & tied


@dataclass
class Pace:
    """How many rows the next window has. A run that a slow window ended begins with few again."""

    rows: int

    def after(self, seconds: float) -> None:
        if seconds < QUICK:
            self.rows = min(self.rows * 2, CHUNK)
        elif seconds > SLOW:
            self.rows = max(self.rows // 2, 1)


def delete_expired(rule: RetentionRule, now: datetime, budget: timedelta = BUDGET) -> int:
    """Delete what the rule says is over, but for what a hold covers. Returns how many rows went.

    A run that ends early, by its budget or by a kill, is followed by one that goes on there.
    """
    ends = time.monotonic() + budget.total_seconds()
    sweep, pace, gone = begin(rule), Pace(min(FIRST, CHUNK)), 0
    for window in windows(rule, now, begin_at(rule, sweep), pace):
        started = time.monotonic()
        gone += delete_window(rule, window)
        pace.after(time.monotonic() - started)
        if window.high and time.monotonic() > ends:
            note_rest(rule, now, window.high)
            break
    return gone


def delete_window(rule: RetentionRule, window: Window) -> int:
    """All or nothing, with the count and the place where the next one begins."""
    with transaction.atomic():
        limit_waits()
        keep_holds_out()
        gone = delete_with_children(not_held(rule, window.content))
        Sweep.objects.filter(rule=rule.name).update(
            reached=str(window.high or ""),
            unrecorded=F("unrecorded") + gone,
            rows_remaining=0,
            measured_at=timezone.now(),
        )
    return gone


def begin_at(rule: RetentionRule, sweep: Sweep) -> Place | None:
    """Where an earlier run ended; None for the beginning."""
    if not sweep.reached:
        return None
    meta = apps.get_model(rule.model)._meta
    clock, pk = sweep.reached.rsplit(" ", 1)
    return Place(meta.get_field(rule.clock).to_python(clock), meta.pk.to_python(pk))


def windows(rule: RetentionRule, now: datetime, low: Place | None, pace: Pace) -> Iterator[Window]:
    rows = rule.expired(now)
    while True:
        high = upper_end(rows, rule.clock, low, pace.rows)
        yield Window(rows, rule.clock, low, high)
        if high is None:
            return
        low = high


def upper_end(rows: QuerySet[Any], clock: str, low: Place | None, number: int) -> Place | None:
    """The last of so many rows; None when fewer are left."""
    places = rows.filter(after(clock, low)).order_by(clock, "pk").values_list(clock, "pk")
    found = places[number - 1 : number].first()
    return Place(*found) if found else None


def limit_waits() -> None:
    with connection.cursor() as cursor:
        settings = ", ".join(["set_config(%s, %s, true)"] * len(LIMITS))
        cursor.execute(f"SELECT {settings}", [each for pair in LIMITS.items() for each in pair])


def delete_with_children(rows: QuerySet[Any]) -> int:
    """Children first, by one statement each. Returns how many of `rows` themselves went."""
    for relation in relations(rows.model):
        children = relation.related_model._default_manager.using(rows.db)
        theirs = children.filter(**{f"{relation.field.name}__in": rows})
        if relation.on_delete is CASCADE:
            delete_with_children(theirs)
        elif relation.on_delete is SET_NULL:
            theirs.update(**{relation.field.name: None})
    return int(rows._raw_delete(rows.db))


def note_rest(rule: RetentionRule, now: datetime, low: Place) -> None:
    """What is still to go, up to a number beyond which it only means "very many"."""
    rest = over(rule, now).filter(after(rule.clock, low)).order_by()[:COUNTED].count()
    Sweep.objects.filter(rule=rule.name).update(rows_remaining=rest, measured_at=timezone.now())
