"""Ways to break what the checks of the policy look at, each undone when its test ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import connections
from django.utils import timezone

from accounts.models import Account, Restriction
from accounts.roles import ROLES
from fluxrouter.foundation import checks
from privacy.connectors.base import Connector
from privacy.connectors.registry import connectors
from privacy.datamap import DATA_MAP, SUBJECT_ROWS, Category
from privacy.letters import LETTERS
from privacy.models import PrivacyRequest
from privacy.processors import PROCESSORS
from privacy.rights import RIGHTS, Executor, Right
from privacy.services import children, clocks, intake, tokens
from privacy.services.fulfilment import erasure
from privacy.services.policy_checks import answers, data, keeping, providers, rights, security
from privacy.states import TRANSITIONS, Status
from retention.schedule import RETENTION_SCHEDULE

Break = Callable[[pytest.MonkeyPatch], None]


class Mute(Connector):
    """A connector that can do nothing."""

    name = "stripe"
    title = "Mute"


def setting(name: str, value: Any) -> Break:
    return lambda patch: patch.setattr(settings, name, value)


def mapped(model: str, **changes: Any) -> Break:
    """Change a row of the data map, everywhere a check looks."""

    def break_it(patch: pytest.MonkeyPatch) -> None:
        row = replace(DATA_MAP[model], **changes)
        patch.setitem(DATA_MAP, model, row)
        rows = tuple(row if each.model == model else each for each in SUBJECT_ROWS)
        for module in (data, rights, answers):
            patch.setattr(module, "SUBJECT_ROWS", rows)

    return break_it


def recategorised(model: str, field: str, category: Category | None) -> Break:
    def break_it(patch: pytest.MonkeyPatch) -> None:
        categories = DATA_MAP[model].categories
        if category:
            patch.setitem(categories, field, category)
        else:
            patch.delitem(categories, field)

    return break_it


def field_named(name: str) -> Break:
    """A model's field gets another name, as if somebody had added such a column."""

    def break_it(patch: pytest.MonkeyPatch) -> None:
        found = [field for _, field in data.installed_fields() if field.name == "label"]
        patch.setattr(found[0], "name", name)

    return break_it


def ruled(model: str, keep_for: relativedelta) -> Break:
    rule = replace(RETENTION_SCHEDULE[0], model=model, keep_for=keep_for)
    others = tuple(each for each in RETENTION_SCHEDULE if each.model != model)
    return lambda patch: patch.setattr(keeping, "RETENTION_SCHEDULE", (*others, rule))


def exempt(model: str, reason: str) -> Break:
    return lambda patch: patch.setattr(keeping, "EXEMPT", {**keeping.EXEMPT, model: reason})


def undone(disposition: str) -> Break:
    """Nobody carries the disposition out."""
    return lambda patch: patch.delitem(keeping.DISPOSITIONS, disposition)


def unruled(model: str) -> Break:
    others = tuple(each for each in RETENTION_SCHEDULE if each.model != model)
    return lambda patch: patch.setattr(keeping, "RETENTION_SCHEDULE", others)


def using(*found: Connector, without: str = "") -> Break:
    """Other connectors in use than the configured ones."""

    def break_it(patch: pytest.MonkeyPatch) -> None:
        kept = {name: each for name, each in connectors().items() if name != without}
        in_use = {each.name: each for each in found} if found else kept
        for module in (data, providers, rights):
            patch.setattr(module, "connectors", lambda: in_use)

    return break_it


def renamed_processor(old: str, **changes: Any) -> Break:
    rows = tuple(row._replace(**changes) if row.name == old else row for row in PROCESSORS)

    def break_it(patch: pytest.MonkeyPatch) -> None:
        for module in (providers, erasure):
            patch.setattr(module, "PROCESSORS", rows)

    return break_it


def right(name: Right, **changes: Any) -> Break:
    return lambda patch: patch.setitem(RIGHTS, name, RIGHTS[name]._replace(**changes))


def way(old: Status, new: Status) -> Break:
    return lambda patch: patch.setitem(TRANSITIONS, old, TRANSITIONS[old] | {new})


def permitted(role: str, permission: str) -> Break:
    return lambda patch: patch.setitem(ROLES, role, (*ROLES[role], permission))


def planning(function: str) -> Break:
    """The plan forgets everything."""
    return lambda patch: patch.setattr(rights, function, lambda steps, *given: None)


def planning_none(function: str) -> Break:
    """The plan forgets this part, whatever it is given."""
    return lambda patch: patch.setattr(rights, function, lambda steps, *given: [])


def stopping(name: Right) -> list[Break]:
    return [
        right(name, executor=Executor.BY_HAND),
        right(name, stops=()),
        using(without="database"),
        planning_none("add_restriction"),
    ]


def filed(right: Right) -> PrivacyRequest:
    """A request of somebody with an account."""
    Account.objects.create(email="ann@example.org", created_at=timezone.now())
    answers = intake.Answers("account_holder", [right], "DE", "ann@example.org")
    return intake.take_in(answers, channel="email", received_at=timezone.now(), actor="system")


def never_stopped(patch: pytest.MonkeyPatch) -> None:
    """An opt-out that stopped nothing."""
    filed(Right.OPT_OUT)
    Restriction.objects.all().delete()


def worked_on_unproved(patch: pytest.MonkeyPatch) -> None:
    """A copy is made for somebody who proved nothing."""
    request = filed(Right.ACCESS)
    type(request).objects.update(status=Status.FULFILLING)


def nobody_takes_in(patch: pytest.MonkeyPatch) -> None:
    for role in ROLES:
        patch.setitem(ROLES, role, ())


def database(alias: str, **changes: Any) -> Break:
    return lambda patch: patch.setitem(
        settings.DATABASES, alias, {**settings.DATABASES[alias], **changes}
    )


def secure_but(**changes: Any) -> Break:
    """Everything is as behind https, but for `changes`."""
    secure = dict.fromkeys(security.COOKIES_AND_REDIRECT, True) | {
        "PUBLIC_URL": "https://privacy.example.com",
        "SECURE_HSTS_SECONDS": security.A_YEAR,
    }

    def break_it(patch: pytest.MonkeyPatch) -> None:
        for name, value in (secure | changes).items():
            patch.setattr(settings, name, value)

    return break_it


def letters_without(*elements: str) -> Break:
    def break_it(patch: pytest.MonkeyPatch) -> None:
        for name, letter in LETTERS.items():
            kept = tuple(each for each in letter.elements if each not in elements)
            patch.setitem(LETTERS, name, letter._replace(elements=kept))

    return break_it


def late(days: int) -> Break:
    """Intake promises a later day."""
    punctual = clocks.safe_due
    return lambda patch: patch.setattr(
        clocks, "safe_due", lambda *given: punctual(*given) + timedelta(days=days)
    )


def promised(**dates: int) -> Break:
    """A request in the database whose clock, or whose own date, is so many days later."""

    def break_it(patch: pytest.MonkeyPatch) -> None:
        answers = intake.Answers("account_holder", [Right.ACCESS], "DE", "ann@example.org")
        request = intake.take_in(
            answers, channel="email", received_at=timezone.now(), actor="system"
        )
        for name, number in dates.items():
            later = request.due_on + timedelta(days=number)
            rows = request.clocks if name == "safe_due" else type(request).objects
            rows.update(**{name: later})

    return break_it


def linked(single_use: bool = True, **lasts: int) -> Break:
    life = tokens.Life(timedelta(**lasts), single_use=single_use)
    return lambda patch: patch.setitem(tokens.LIVES, "verify", life)


def granted(statement: str) -> Break:
    """In the owner's transaction, which the test rolls back; so the check looks from there."""

    def break_it(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(checks, "connections", {"default": connections["owner"]})
        with connections["owner"].cursor() as cursor:
            cursor.execute(statement)

    return break_it


def forgotten_report(patch: pytest.MonkeyPatch) -> None:
    """Nobody has looked at a report for four days."""
    request = children.report(uuid4(), email="teacher@example.org", what="A pupil.")
    ago = timezone.now() - timedelta(days=4)
    type(request).objects.filter(pk=request.pk).update(received_at=ago)
