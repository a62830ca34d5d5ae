"""What we hold, why, and for how long."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.db import models

import privacy.services.package.remove  # noqa: F401  (registers a disposition)
from privacy.connectors.registry import connectors
from privacy.datamap import (
    CONTRACT,
    DATA_MAP,
    INTEREST,
    OBLIGATION,
    SUBJECT_ROWS,
    Category,
    Erase,
)
from privacy.grounds import Ground
from privacy.services.package import build
from privacy.services.policy_checks.promise import require, require_none
from retention.dispositions import DISPOSITIONS
from retention.rules import RetentionRule
from retention.schedule import RETENTION_SCHEDULE

BASES = {CONTRACT, INTEREST, OBLIGATION}
CARD_NAMES = {"card", "cardnumber", "ccnumber", "pan", "cvc", "cvv", "csc", "securitycode"}
FREE_TEXT = (models.TextField, models.JSONField, models.BinaryField)
YEARS_OF_TAX_LAW = relativedelta(years=7)
# The longest that each thing a request makes may stay, counted from its rule's clock.
OWN_ENDS = {
    "privacy.Draft": relativedelta(hours=24),
    "privacy.MailToken": relativedelta(days=1),
    "privacy.Package": relativedelta(days=0),
}
MOST_PACKAGE_DAYS = timedelta(days=30)


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


def rules_of(*models_named: str) -> list[RetentionRule]:
    return [rule for rule in RETENTION_SCHEDULE if rule.model in models_named]


def lasts_at_most(keep_for: relativedelta, most: relativedelta) -> bool:
    """Lengths that count months can only be compared from a day on."""
    start = datetime(2027, 1, 1, tzinfo=UTC)
    return start + keep_for <= start + most


def account_data_has_no_clock() -> None:
    clocked = [rule.name for rule in rules_of("accounts.Account", "accounts.ApiKey")]
    require_none(clocked, "A retention rule disposes of accounts that may be active")


def billing_records_are_kept() -> None:
    row = DATA_MAP["accounts.BillingRecord"]
    require(
        row.erase is Erase.KEEP and row.ground is Ground.TAX,
        "An erasure does not keep billing records under tax law.",
    )
    early = [
        rule.name
        for rule in rules_of(row.model)
        if not lasts_at_most(YEARS_OF_TAX_LAW, rule.keep_for)
    ]
    require_none(early, "A rule disposes of billing records before seven years are over")


def forms_links_and_packages_expire() -> None:
    in_time = {
        rule.model
        for rule in rules_of(*OWN_ENDS)
        if lasts_at_most(rule.keep_for, OWN_ENDS[rule.model]) and rule.dispose in DISPOSITIONS
    }
    require_none(OWN_ENDS.keys() - in_time, "No working rule ends in time")
    require(build.KEEP_FOR <= MOST_PACKAGE_DAYS, "A package may be downloaded too long.")
