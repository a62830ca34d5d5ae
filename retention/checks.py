"""Checks of the retention schedule."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db.models import CASCADE, SET_NULL

import retention.services.dispose
import retention.services.signals  # noqa: F401  (register dispositions)
from retention.dispositions import DISPOSITIONS, RETIRE
from retention.schedule import RETENTION_SCHEDULE
from retention.selectors.relations import relations


@register
def schedule_is_sound(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Every rule names a model, one of its fields, and a disposition that somebody registered."""
    problems: list[CheckMessage] = []
    for rule in RETENTION_SCHEDULE:
        model = apps.get_model(rule.model)
        names = {field.name for field in model._meta.get_fields()}
        if rule.clock not in names:
            problems.append(Error(f"{rule.model} has no field {rule.clock}.", id="retention.E001"))
        if rule.dispose not in DISPOSITIONS:
            problems.append(
                Error(f"No disposition is called {rule.dispose}.", id="retention.E002")
            )
    return problems


@register
def every_relation_is_decided(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """What hangs on rows that a rule deletes goes with them or is let loose; else they stay.
    However they are deleted: one by one, with a key, or by an erasure.
    """
    return [
        Error(
            f"{name} keeps rows of {rule.model} from being deleted.",
            hint="Let it cascade or be set to NULL, or dispose of the rows in another way.",
            id="retention.E003",
        )
        for rule in RETENTION_SCHEDULE
        if rule.dispose in DISPOSITIONS and rule.dispose != RETIRE
        for name in ties(apps.get_model(rule.model))
        if name not in DISPOSITIONS[rule.dispose].unties
    ]


def ties(model: Any) -> list[str]:
    """Relations that keep a model's rows while something hangs on them."""
    return [
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in relations(model)
        if relation.on_delete not in (CASCADE, SET_NULL)
    ]
