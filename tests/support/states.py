"""A request in each state in which a person can find their status page, by the real services."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from privacy.grounds import ACCEPTABLE
from privacy.models import Appeal, Forwarding, FulfilmentStep, PrivacyRequest
from privacy.selectors import extending
from privacy.services import (
    appeal_decisions,
    appeals,
    clocks,
    extensions,
    lifting,
    questions,
    review,
)
from privacy.services.verification import end_unverified
from privacy.services.withdrawal import withdraw
from privacy.states import Status
from tests.support import staff
from tests.support.appeals import (
    Kind,
    account,
    appealed,
    asked,
    complained,
    completed,
    confirmed,
    denied,
    person,
    refuse,
)

State = FulfilmentStep.State


def sent(step: FulfilmentStep) -> None:
    """As if its letter were out."""
    rows = FulfilmentStep.objects.filter(pk=step.pk)
    rows.update(state=State.DONE, finished_at=timezone.now(), receipt={"sent": 1})


def received() -> PrivacyRequest:
    request = asked()
    PrivacyRequest.objects.filter(pk=request.pk).update(status=Status.RECEIVED)
    return request


def question_open() -> PrivacyRequest:
    request = confirmed()
    asked_now = questions.ask(
        request,
        actor=person("hanna"),
        reason="clarification",
        missing="Which of your two accounts do you mean?",
        why="Both have this address, and we don’t want to send you a stranger’s data.",
    )
    sent(asked_now.letter)
    return request


def extended() -> PrivacyRequest:
    request = confirmed()
    until = extending.latest_allowed(request, ("complexity",))
    assert until
    extension = extensions.extend(
        request,
        actor=person("hanna"),
        reasons=["complexity"],
        explanation="We have to look through nine systems and a paper archive.",
        until=until,
    )
    sent(extension.letter)
    clocks.follow(request.pk)
    return request


def approved() -> PrivacyRequest:
    request = confirmed("erasure")
    review.propose(
        request,
        actor=person("hanna"),
        typed=request.reference,
        reason="Fine.",
        accept=[*ACCEPTABLE],
    )
    review.approve(request, actor=person("paul"), reason="Seen.")
    return request


def fulfilling() -> PrivacyRequest:
    request = approved()
    PrivacyRequest.objects.filter(pk=request.pk).update(status=Status.FULFILLING)
    return request


def partly() -> PrivacyRequest:
    request = confirmed("access", "erasure")
    refuse(request, "erasure", by=person("dora"))
    return completed(request)


def unconfirmed() -> PrivacyRequest:
    request = asked(days_ago=40)
    long_ago = timezone.now() - timedelta(days=30)
    request.steps.update(state=State.DONE, finished_at=long_ago, receipt={"sent": 1})
    end_unverified()
    return request


def withdrawn() -> PrivacyRequest:
    request = confirmed()
    withdraw(request)
    return request


def appeal_open() -> PrivacyRequest:
    request = denied(country="US", state="CO")
    appealed(request)
    return request


def appeal_decided(outcome: str) -> PrivacyRequest:
    request = appeal_open()
    appeal_decisions.decide(
        request,
        Kind.APPEAL,
        actor=person("tess"),
        outcome=outcome,
        reasons="We looked at the papers again. The account is in another name.",
    )
    return request


def appeal_taken_back() -> PrivacyRequest:
    request = appeal_open()
    appeals.withdraw(request, Kind.APPEAL)
    return request


def complaint_open() -> PrivacyRequest:
    request = confirmed(country="GB")
    complained(request)
    return request


def restricted() -> PrivacyRequest:
    return staff.restricted()


def lifting_announced() -> PrivacyRequest:
    request = restricted()
    lifting.announce(request, actor=person("hanna"), reason="The data is right.")
    return request


def forwarded() -> PrivacyRequest:
    request = confirmed()
    now = timezone.now()
    Forwarding.objects.create(
        request=request, state=Forwarding.State.FORWARDED, made_at=now, forwarded_at=now
    )
    return request


def held() -> PrivacyRequest:
    account()
    denied(country="CA")
    return confirmed("erasure", country="CA")


STATES: dict[str, Callable[[], PrivacyRequest]] = {
    "received": received,
    "in_effect": lambda: asked("opt_out"),
    "verifying": asked,
    "in_review": confirmed,
    "question_open": question_open,
    "extended": extended,
    "approved": approved,
    "fulfilling": fulfilling,
    "completed": lambda: completed(confirmed()),
    "partly": partly,
    "denied": denied,
    "unconfirmed": unconfirmed,
    "withdrawn": withdrawn,
    "appeal_open": appeal_open,
    "appeal_upheld": lambda: appeal_decided(Appeal.Outcome.UPHELD),
    "appeal_rejected": lambda: appeal_decided(Appeal.Outcome.REJECTED),
    "appeal_taken_back": appeal_taken_back,
    "complaint_open": complaint_open,
    "deemed_refusal": lambda: confirmed(country="CA", days_ago=45),
    "restricted": restricted,
    "lifting_announced": lifting_announced,
    "forwarded": forwarded,
    "held": held,
}
