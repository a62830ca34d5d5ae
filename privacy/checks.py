"""Checks of the tables: nothing may be forgotten, and each message says what to do."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils import timezone

import privacy.regimes.checks
import privacy.services.closed_accounts
import privacy.services.disposal
import privacy.services.dormant_accounts
import privacy.services.inbound.remove
import privacy.services.package.remove  # noqa: F401  (registers a disposition)
from privacy.auto_approval import mistakes
from privacy.connectors.external_tables import catalogue_problems, file_problems
from privacy.connectors.registry import connectors
from privacy.datamap import DATA_MAP, Category
from privacy.processors import PROCESSORS, is_served
from privacy.regimes.loader import RegimeFileError, in_force, regime_files
from privacy.regimes.schema import RuleSet
from privacy.rights import RIGHTS, Right
from privacy.verification_methods import too_much_proof
from privacy.withheld import WITHHELD
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


@register
def we_ask_no_more_proof_than_the_laws_let_us(
    app_configs: Any, **options: Any
) -> list[CheckMessage]:
    hint = "Lower its level in privacy/rights.py, or add a gentler way to show it."
    return [Error(text, hint=hint, id="privacy.E011") for text in too_much_proof(bound_by())]


@register
def nothing_is_approved_that_people_must_look_at(
    app_configs: Any, **options: Any
) -> list[CheckMessage]:
    return [
        Error(text, hint="privacy/auto_approval.py says what may be named.", id="privacy.E012")
        for text in mistakes(settings.AUTO_APPROVE)
    ]


@register
def what_laws_withhold_is_never_shown(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Each kind that a law lets us only name has a row, and its fields are credentials."""
    named = {item for regime in bound_by() for item in withheld_by(regime)}
    unknown = [f"No row says what we hold of {item}." for item in sorted(named - WITHHELD.keys())]
    fields = [field.rpartition(".") for row in WITHHELD.values() for field in row.fields]
    shown = [
        f"{model}.{name} would be shown, and is to be named only."
        for model, _, name in fields
        if DATA_MAP[model].categories.get(name) is not Category.CREDENTIAL
    ]
    hint = "privacy/withheld.py and privacy/datamap.py must agree."
    return [Error(text, hint=hint, id="privacy.E013") for text in (*unknown, *shown)]


def bound_by() -> list[RuleSet]:
    """Every law as it binds us today; none while a file has a mistake, which E010 tells."""
    try:
        return [in_force(each, timezone.now().date()) for each in regime_files()]
    except RegimeFileError:
        return []


def withheld_by(regime: RuleSet) -> tuple[str, ...]:
    rule = regime.duties.withheld
    return rule.value.items if rule and rule.value else ()


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
