"""Checks of the retention schedule."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from retention.schedule import RETENTION_SCHEDULE
from retention.services.dispose import DISPOSITIONS


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
