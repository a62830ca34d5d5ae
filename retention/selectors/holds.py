"""Which rows legal holds cover."""

from typing import Any

from django.db.models import QuerySet
from psycopg import sql

from retention.models import LegalHold
from retention.rules import RetentionRule


def held_rows(model: str) -> sql.Composable | None:
    """A condition on a partition's rows; None when no hold covers any of them."""
    holds = LegalHold.objects.using("owner").filter(released_at=None)
    accounts = sorted({str(hold.subject_id) for hold in holds})
    if not accounts:
        return None
    return sql.SQL("account_id = ANY({}::uuid[])").format(sql.Literal(accounts))


def not_held(rule: RetentionRule, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows that no hold covers."""
    if not rule.subject:
        return rows
    holds = LegalHold.objects.filter(released_at=None)
    held = rows.model._default_manager.filter(
        **{f"{rule.subject}__in": holds.values("subject_id")}
    )
    return rows.exclude(pk__in=held.values("pk"))
