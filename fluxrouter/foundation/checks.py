"""Checks that stop the start: an exposed database is worse than a site that is down."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from fluxrouter.foundation.database import exposure_problems


def database_problems() -> list[str]:
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    with connections["default"].cursor() as cursor:
        return exposure_problems(cursor, tables)


@register(Tags.database)
def nothing_is_exposed(*, databases: Sequence[str] | None, **options: Any) -> list[CheckMessage]:
    if not databases:
        return []
    return [
        Error(
            text,
            hint="Run manage.py migrate, which revokes; then find who granted it.",
            id="foundation.E001",
        )
        for text in database_problems()
    ]


def refuse_exposed_database() -> None:
    """Called where a server starts (web, worker): raises ImproperlyConfigured when unsafe."""
    if problems := database_problems():
        raise ImproperlyConfigured("Not starting. " + " ".join(problems))
