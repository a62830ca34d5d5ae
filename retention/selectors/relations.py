"""What refers to a model's rows."""

from typing import Any


def relations(model: Any) -> list[Any]:
    """Every foreign key to a model, also those that have no name on its side."""
    fields = model._meta.get_fields(include_hidden=True)
    return [
        field
        for field in fields
        if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one)
    ]
