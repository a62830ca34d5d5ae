"""Which rows legal holds cover."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db.models import CASCADE, DateTimeField, Q, QuerySet, UUIDField
from psycopg import sql

from accounts.ids import first_id
from retention.models import LegalHold
from retention.rules import RetentionRule
from retention.schedule import BY_MODEL
from retention.selectors.relations import relations

OPERATORS = {"gte": ">=", "lt": "<"}


class Cover(NamedTuple):
    """What the holds on one range of days cover: these accounts' rows; None is everybody's."""

    since: date | None
    until: date | None
    accounts: list[UUID] | None


def covers(model: str, using: str = "default") -> list[Cover]:
    """The holds in force on a model, those on the same days as one."""
    subjects: dict[tuple[date | None, date | None], set[UUID | None]] = {}
    holds = LegalHold.objects.using(using).filter(released_at=None, model__in=["", model])
    for hold in holds.order_by("since", "until"):
        subjects.setdefault((hold.since, hold.until), set()).add(hold.subject_id)
    return [
        Cover(*days, None if None in ids else sorted(each for each in ids if each))
        for days, ids in subjects.items()
    ]


def edge(field: Any, day: date) -> Any:
    """The first value that a clock can have on a UTC day."""
    if isinstance(field, UUIDField):
        return first_id(day)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return midnight if isinstance(field, DateTimeField) else day


def bounds(
    rule: RetentionRule, since: date | None, until: date | None
) -> Iterator[tuple[str, Any]]:
    """The days as look-ups of the rule's clock: what it must be at least, and less than."""
    clock = apps.get_model(rule.model)._meta.get_field(rule.clock)
    if since:
        yield "gte", edge(clock, since)
    if until:
        yield "lt", edge(clock, until + timedelta(days=1))


def in_days(rule: RetentionRule, since: date | None, until: date | None) -> sql.Composable:
    """The same as SQL on the rule's table."""
    parts: list[sql.Composable] = [
        sql.SQL("{} {} {}").format(
            sql.Identifier(rule.clock), sql.SQL(OPERATORS[name]), sql.Literal(str(value))
        )
        for name, value in bounds(rule, since, until)
    ]
    return sql.SQL(" AND ").join(parts or [sql.SQL("true")])


def held_rows(model: str) -> sql.Composable | None:
    """A condition on a partition's rows; None when no hold covers any of them."""
    parts = []
    for cover in covers(model, using="owner"):
        days = in_days(BY_MODEL[model], cover.since, cover.until)
        if cover.accounts is not None:
            accounts = sql.Literal([str(each) for each in cover.accounts])
            days = sql.SQL("account_id = ANY({}::uuid[]) AND {}").format(accounts, days)
        parts.append(sql.SQL("({})").format(days))
    return sql.SQL(" OR ").join(parts) if parts else None


def is_kept_whole(model: str, day: date) -> bool:
    """Whether a hold covers everybody's rows of a day."""
    return any(
        cover.accounts is None
        and cover.since
        and cover.until
        and cover.since <= day <= cover.until
        for cover in covers(model, using="owner")
    )


def covered(rule: RetentionRule) -> Q:
    """The rows that a hold covers, as a condition; an empty one when none does."""
    found = Q()
    for cover in covers(rule.model):
        days = Q(**{f"{rule.clock}__{name}": v for name, v in bounds(rule, *cover[:2])})
        if cover.accounts is None:
            found |= days
        elif rule.subject:
            found |= Q(**{f"{rule.subject}__in": cover.accounts}) & days
    return found


def with_covered_children(model: Any) -> Q:
    """The rows with which others would go that a hold covers."""
    found = Q()
    for relation in relations(model):
        child = relation.related_model
        if relation.on_delete is not CASCADE:
            continue
        rule = BY_MODEL.get(child._meta.label)
        theirs = (covered(rule) if rule else Q()) | with_covered_children(child)
        if theirs:
            rows = child._default_manager.filter(theirs)
            found |= Q(pk__in=rows.values(relation.field.attname))
    return found


def not_held(rule: RetentionRule, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows that no hold covers, nor anything that would go with them."""
    held = covered(rule) | with_covered_children(rows.model)
    if not held:
        return rows
    return rows.exclude(pk__in=rows.model._default_manager.filter(held).values("pk"))


def over(rule: RetentionRule, now: datetime) -> QuerySet[Any]:
    """The rows whose time is up and that no hold covers."""
    return not_held(rule, rule.expired(now))
