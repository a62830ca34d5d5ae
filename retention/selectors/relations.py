"""What refers to a model's rows, and what its rows refer to."""

from collections.abc import Collection
from typing import Any

from django.db.models import CASCADE


def relations(model: Any) -> list[Any]:
    """Every foreign key to a model, also those that have no name on its side."""
    fields = model._meta.get_fields(include_hidden=True)
    return [
        field
        for field in fields
        if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one)
    ]


def goes_with(model: Any, decided: Collection[str]) -> bool:
    """Whether a model's rows are decided (by label), or each cascades from one that is."""
    parents = [field for field in model._meta.concrete_fields if field.remote_field]
    return model._meta.label in decided or any(
        field.remote_field.on_delete is CASCADE
        and not field.null
        and goes_with(field.related_model, decided)
        for field in parents
    )
