"""What we hold, and why."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from privacy.connectors.registry import connectors
from privacy.datamap import (
    CONTRACT,
    DATA_MAP,
    INTEREST,
    OBLIGATION,
    SUBJECT_ROWS,
    Category,
)
from privacy.services.policy_checks.promise import require, require_none

BASES = {CONTRACT, INTEREST, OBLIGATION}
CARD_NAMES = {"card", "cardnumber", "ccnumber", "pan", "cvc", "cvv", "csc", "securitycode"}
FREE_TEXT = (models.TextField, models.JSONField, models.BinaryField)


def installed_fields() -> Iterator[tuple[str, Any]]:
    """(label of the model, field) of everything that is installed."""
    for model in apps.get_models(include_auto_created=True):
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
            yield model._meta.label, field


def data_map_is_complete() -> None:
    unmapped = [
        f"{label}.{field.name}"
        for label, field in installed_fields()
        if label not in DATA_MAP or field.name not in DATA_MAP[label].categories
    ]
    require_none(unmapped, "Not in the data map")


def metadata_holds_no_content() -> None:
    row = DATA_MAP["accounts.GatewayRequest"]
    strange = {
        name
        for name, category in row.categories.items()
        if category not in (Category.IDENTIFIER, Category.USAGE)
    }
    fields = apps.get_model(row.model)._meta.concrete_fields
    wordy = {field.name for field in fields if isinstance(field, FREE_TEXT)}
    require_none(strange | wordy, "Request metadata has room for content")


def no_card_number_is_stored() -> None:
    cards = [
        f"{label}.{field.name}"
        for label, field in installed_fields()
        if field.name.replace("_", "").lower() in CARD_NAMES
    ]
    require_none(cards, "A column could hold a card number")
    require("stripe" in connectors(), "Stripe's connector is not in use.")


def data_has_a_purpose() -> None:
    silent = [row.model for row in SUBJECT_ROWS if not (row.purpose and row.source)]
    require_none(silent, "No purpose or no source is stated")


def data_has_a_legal_basis() -> None:
    baseless = [row.model for row in SUBJECT_ROWS if row.basis not in BASES]
    require_none(baseless, "No legal basis of the policy is stated")


def api_keys_are_hashed() -> None:
    row = DATA_MAP["accounts.ApiKey"]
    require(
        row.categories.get("digest") is Category.CREDENTIAL,
        "The hash of an API key is not withheld from exports.",
    )
    fields = {field.name: field for field in apps.get_model(row.model)._meta.concrete_fields}
    require("account" in fields, "An API key is tied to no account.")
    require_none(fields.keys() & {"key", "secret", "token"}, "API keys are stored")
    require(fields["prefix"].max_length <= 16, "Too much of an API key is stored in clear.")
