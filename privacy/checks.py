"""Checks of the tables: nothing may be forgotten, and each message says what to do."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

import privacy.regimes.checks
import privacy.services.closed_accounts
import privacy.services.disposal
import privacy.services.dormant_accounts
import privacy.services.package.remove  # noqa: F401  (registers a disposition)
from privacy.connectors.external_tables import catalogue_problems, file_problems
from privacy.connectors.registry import connectors
from privacy.datamap import DATA_MAP
from privacy.processors import PROCESSORS, is_served
from privacy.rights import RIGHTS, Right
from retention.schedule import EXEMPT, RETENTION_SCHEDULE
from retention.selectors.relations import goes_with


@register
def every_field_is_mapped(app_configs: Any, **options: Any) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        row = DATA_MAP.get(model._meta.label)
        fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
        names = {field.name for field in fields}
        mapped = set(row.categories) if row else set()
        hint = f"Give it a category in privacy/datamap.py, in the row of {model._meta.label}."
        problems += [
            Error(
                f"Field {model._meta.label}.{name} is not in the data map.",
                hint=hint,
                id="privacy.E001",
            )
            for name in sorted(names - mapped)
        ]
        problems += [
            Error(
                f"The data map names {model._meta.label}.{name}, which doesn't exist.",
                id="privacy.E002",
            )
            for name in sorted(mapped - names)
        ]
    return problems


@register
def every_personal_table_has_an_end(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Every table has a rule, hangs on rows of one that has, is exempt with its reason, or holds
    nothing personal.
    """
    decided = {rule.model for rule in RETENTION_SCHEDULE} | {
        model for model, reason in EXEMPT.items() if reason
    }
    return [
        Error(
            f"{row.model} holds personal data and has no retention rule.",
            hint="Add a rule, or an exemption with its reason, to retention/schedule.py.",
            id="privacy.E003",
        )
        for row in DATA_MAP.values()
        if row.is_personal and not goes_with(apps.get_model(row.model), decided)
    ]


@register
def every_processor_is_covered(app_configs: Any, **options: Any) -> list[CheckMessage]:
    known = connectors()
    return [
        Error(
            f"Nobody erases data at {processor.name}.",
            hint="Name its connector, or what is done by hand, in privacy/processors.py.",
            id="privacy.E004",
        )
        for processor in PROCESSORS
        if not (is_served(processor, known) or processor.task or processor.limits)
    ]


@register
def the_file_of_tables_can_be_used(app_configs: Any, **options: Any) -> list[CheckMessage]:
    hint = "Correct the file that EXTERNAL_TABLES names; privacy/connectors/README.md explains it."
    return [Error(text, hint=hint, id="privacy.E008") for text in file_problems()]


@register(Tags.database)
def the_file_of_tables_fits_the_databases(
    *, databases: Sequence[str] | None, **options: Any
) -> list[CheckMessage]:
    hint = "What nobody classified is neither exported nor erased: bring the file up to date."
    found = catalogue_problems() if databases else []
    return [Error(text, hint=hint, id="privacy.E009") for text in found]


@register
def every_right_has_a_row(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return [
        Error(f"Right {right} has no row in privacy/rights.py.", id="privacy.E005")
        for right in Right
        if right not in RIGHTS
    ]


@register(Tags.security, deploy=True)
def staff_need_a_second_factor(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return [
        Error(
            "Staff sign in with a password only. Not for real data yet.",
            hint="Wait for the release in which staff sign-in has a second factor.",
            id="privacy.E006",
        )
    ]


@register
def leases_outlive_calls(app_configs: Any, **options: Any) -> list[CheckMessage]:
    if settings.LEASE > settings.PROCESSOR_TIMEOUT:
        return []
    return [
        Error(
            "A lease must be longer than a call to a processor may take.",
            hint="Raise LEASE_SECONDS above PROCESSOR_TIMEOUT_SECONDS.",
            id="privacy.E007",
        )
    ]
