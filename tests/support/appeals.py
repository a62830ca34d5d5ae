"""Requests from any place, taken to a decision by the real services."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Account, User
from privacy.connectors.registry import connectors
from privacy.models import Appeal, FulfilmentStep, PrivacyRequest
from privacy.services import appeals, intake, refusals, tokens, verification
from privacy.services.fulfilment import request_steps
from privacy.services.fulfilment.context import Context
from privacy.states import Status
from tests.support.staff import ANN

State = FulfilmentStep.State
Kind = Appeal.Kind
CODE = "ID_NOT_VERIFIED"


def person(name: str) -> User:
    return User.objects.create_user(username=name, is_staff=True)


def asked(
    *rights: str, country: str = "DE", state: str = "", email: str = ANN, days_ago: int = 0
) -> PrivacyRequest:
    """A request that waits for its address to be confirmed."""
    answers = intake.Answers(
        role="account_holder",
        rights=list(rights or ["access"]),
        country=country,
        state=state,
        email=email,
        details={"message": "Please hurry."},
    )
    received = timezone.now() - timedelta(days=days_ago)
    return intake.take_in(answers, channel="email", received_at=received, actor="system")


def confirmed(
    *rights: str, country: str = "DE", state: str = "", email: str = ANN, days_ago: int = 0
) -> PrivacyRequest:
    """The same, confirmed by the mailed link, with every system's answer."""
    request = asked(*rights, country=country, state=state, email=email, days_ago=days_ago)
    verify = request.steps.get(action="verify")
    secret = tokens.issue(request.pk, "verify", verify.pk)
    verification.confirm(tokens.find(secret, "verify"))
    request.refresh_from_db()
    answer_looks(request)
    return request


def answer_looks(request: PrivacyRequest) -> None:
    receipt: dict[str, Any] = {"refs": {}, "found": {}, "erase": {}, "keep": [], "blockers": []}
    looks = request.steps.filter(action="discover")
    looks.update(state=State.DONE, finished_at=timezone.now(), receipt=receipt)
    for place, name in enumerate(connectors(), start=1):
        FulfilmentStep.objects.get_or_create(
            request=request,
            connector=name,
            action="discover",
            object=str(request.round),
            defaults={
                "position": place,
                "state": State.DONE,
                "not_before": timezone.now(),
                "finished_at": timezone.now(),
                "receipt": receipt,
            },
        )


def denied(
    *rights: str, by: User | None = None, country: str = "DE", state: str = "", days_ago: int = 0
) -> PrivacyRequest:
    request = confirmed(*rights, country=country, state=state, days_ago=days_ago)
    refuse(request, *request.rights, by=by or person("dora"))
    return request


def refuse(request: PrivacyRequest, *rights: str, by: User) -> None:
    """Refuse these rights for a reason that holds everywhere."""
    decision = refusals.Decision(tuple(rights), CODE, "Somebody else owns the account.")
    refusals.refuse(request, actor=by, decision=decision)
    request.refresh_from_db()


def completed(request: PrivacyRequest) -> PrivacyRequest:
    """As if its work were done, by the door that ends it."""
    PrivacyRequest.objects.filter(pk=request.pk).update(status=Status.FULFILLING)
    request.refresh_from_db()
    step = FulfilmentStep(request=request, connector="request", action="close")
    request_steps.close(step, Context(request))
    request.refresh_from_db()
    return request


def appealed(request: PrivacyRequest, text: str = "It is my account.") -> Appeal:
    return appeals.submit(request, Kind.APPEAL, text)


def complained(request: PrivacyRequest, text: str = "You are slow.") -> Appeal:
    return appeals.submit(request, Kind.COMPLAINT, text)


def account(email: str = ANN) -> Account:
    return Account.objects.create(email=email, full_name="Ann Lee", created_at=timezone.now())
