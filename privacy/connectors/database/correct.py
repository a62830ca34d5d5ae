"""Correcting what our own tables hold on a person."""

from accounts.models import Account
from privacy.connectors.base import Task, Value

# Per correctable field the account's column. Our tables have no phone number and no street.
COLUMNS = {
    "full_name": "full_name",
    "company": "company",
    "email": "email",
    "country": "country",
}


def columns(task: Task) -> dict[str, str]:
    """The fields to correct that we hold, with their columns."""
    return {field: column for field, column in COLUMNS.items() if field in task.patch}


def current(task: Task) -> list[Value]:
    wanted = columns(task)
    rows = Account.objects.filter(pk__in=task.subject.refs.get("accounts", []))
    return [
        Value(str(row.pk), field, getattr(row, column))
        for row in rows.order_by("pk")
        for field, column in wanted.items()
    ]


def correct(task: Task) -> dict[str, int]:
    """Write each field where it differs. Returns how many rows changed, by field."""
    rows = Account.objects.filter(pk__in=task.subject.refs.get("accounts", []))
    return {
        field: rows.exclude(**{column: task.patch[field]}).update(**{column: task.patch[field]})
        for field, column in columns(task).items()
    }
