"""Members of staff, and requests in each stage of their life."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, Restriction, User
from accounts.roles import sync_roles
from privacy.connectors.registry import connectors
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import stopped_purposes
from privacy.selectors.refusals import granted_rights
from privacy.services import intake, refusals, review, tokens, verification
from privacy.services.correction_entry import enter_correction
from privacy.services.refusals import Decision
from privacy.states import Status
from tests.support.world import World

ANN = "ann.lee@example.org"
Work = Callable[[], int]
State = FulfilmentStep.State


def member(role: str, name: str = "") -> User:
    """A member of staff in one of the four roles."""
    if not Group.objects.filter(name=role).exists():
        sync_roles()
    user = User.objects.create_user(username=name or role.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def made(*rights: str, email: str = ANN, days_ago: int = 0) -> PrivacyRequest:
    """A request that waits for the person to confirm the address."""
    answers = intake.Answers(
        role="account_holder",
        rights=list(rights or ["access"]),
        country="DE",
        email=email,
        details={"message": "Please hurry."},
    )
    received = timezone.now() - timedelta(days=days_ago)
    return intake.take_in(answers, channel="email", received_at=received, actor="system")


def looked_up(*rights: str, accounts: list[str] | None = None, **given: Any) -> PrivacyRequest:
    """A request whose address is confirmed and whose plan is complete, without any system."""
    request = made(*rights)
    refs = {"accounts": accounts or []}
    request.transition_to(Status.IN_REVIEW, verified_at=timezone.now(), round=1, refs=refs)
    for place, name in enumerate(connectors(), start=1):
        receipt: dict[str, Any] = {
            "refs": {},
            "found": {},
            "erase": {},
            "keep": [],
            "blockers": [],
        }
        FulfilmentStep.objects.create(
            request=request,
            connector=name,
            action="discover",
            object="1",
            position=place,
            state=State.DONE,
            not_before=timezone.now(),
            finished_at=timezone.now(),
            receipt={**receipt, **given.get(name, {})},
        )
    return request


def proposed_by(actor: User, *rights: str) -> PrivacyRequest:
    request = looked_up(*rights)
    if "rectification" in rights:
        enter_correction(request, actor=actor, patch={"other": "The date of a call."})
    review.propose(request, actor=actor, typed=request.reference, reason="It is complete.")
    return request


# What the form of a refusal asks for besides its words.
REFUSED_FOR = {"code": "SUSPECTED_FRAUD", "heeded": "on"}


def refuse(request: PrivacyRequest, actor: User, why: str, *rights: str, **more: Any) -> None:
    """Refuse these rights, or all that is left, for a reason that counts everywhere."""
    chosen = rights or tuple(granted_rights(request))
    decision = Decision(chosen, more.pop("code", "SUSPECTED_FRAUD"), why, **more)
    refusals.refuse(request, actor=actor, decision=decision)


def parked(request: PrivacyRequest, key: str, error: str = "refused") -> FulfilmentStep:
    """A step of the request that waits for a person."""
    connector, action = key.split(":")
    step, _ = FulfilmentStep.objects.get_or_create(
        request=request,
        connector=connector,
        action=action,
        object="",
        defaults={"position": 50, "not_before": timezone.now(), "state": State.PARKED},
    )
    FulfilmentStep.objects.filter(pk=step.pk).update(state=State.PARKED, error=error, attempts=3)
    step.refresh_from_db()
    return step


def came_back(request: PrivacyRequest, **found: Any) -> FulfilmentStep:
    """A step that was parked because a look-up found more than was approved."""
    step = parked(request, "stripe:prepare", "new_kind")
    step.cursor = {"found": {"found": {"tax_id": 2}, "blockers": [], "keep": [], **found}}
    step.save(update_fields=["cursor"])
    return step


def by_hand(actor: User) -> FulfilmentStep:
    """The open step of a right that is carried out by hand."""
    request = proposed_by(actor, "rectification")
    PrivacyRequest.objects.filter(pk=request.pk).update(status=Status.FULFILLING)
    request.refresh_from_db()
    return parked(request, "manual:rectification", "by_hand")


def restricted(*rights: str) -> PrivacyRequest:
    """A closed request whose restriction is in force in our own database."""
    now = timezone.now()
    account = Account.objects.create(email=ANN, created_at=now)
    request = looked_up(*(rights or ("restriction",)), accounts=[str(account.pk)])
    for purpose in stopped_purposes(request.rights):
        Restriction.objects.create(
            account_id=account.pk, purpose=purpose, request_id=request.pk, since=now
        )
    FulfilmentStep.objects.create(
        request=request,
        connector="database",
        action="restrict",
        position=10,
        state=State.DONE,
        not_before=now,
        finished_at=now,
        receipt={"purposes": list(stopped_purposes(request.rights))},
    )
    request.steps.exclude(state=State.DONE).update(state=State.DONE, finished_at=now)
    PrivacyRequest.objects.filter(pk=request.pk).update(status=Status.COMPLETED, closed_at=now)
    request.refresh_from_db()
    return request


def reviewed(world: World, run_work: Work, *rights: str, email: str = ANN) -> PrivacyRequest:
    """A request whose address is confirmed and whose plan came from the sandboxes."""
    request = made(*rights, email=email)
    run_work()
    secret = world.link(email, "verify").strip("/").split("/")[-1]
    verification.confirm(tokens.find(secret, "verify"))
    run_work()
    request.refresh_from_db()
    return request


def page_url(request: PrivacyRequest) -> str:
    return reverse("admin:privacy_privacyrequest_change", args=[request.pk])


def do_url(request: PrivacyRequest, name: str, step: FulfilmentStep | None = None) -> str:
    if step is None:
        return reverse("admin:privacy_privacyrequest_do", args=[request.pk, name])
    return reverse("admin:privacy_privacyrequest_do_step", args=[request.pk, name, step.pk])
