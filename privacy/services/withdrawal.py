"""Taking a request back, and undoing the freeze exactly."""

from django.db import transaction
from django.utils import timezone

from fluxrouter.foundation.trail import SUBJECT
from privacy.models import FulfilmentStep, MailToken, PrivacyRequest
from privacy.rights import without_proof
from privacy.services import auto_restriction, mail, opt_outs, recourse, tokens
from privacy.services.fulfilment.steps import Steps
from privacy.services.nudge import nudge
from privacy.states import TRANSITIONS, Status

State = FulfilmentStep.State


def can_withdraw(request: PrivacyRequest) -> bool:
    return Status.WITHDRAWN in TRANSITIONS[Status(request.status)]


def withdraw(request: PrivacyRequest, *, actor: str = SUBJECT, reason: str = "asked") -> None:
    """End the request before its work has begun. Raises TransitionError when it has."""
    with transaction.atomic():
        locked = request.lock()
        locked.transition_to(Status.WITHDRAWN, actor=actor, reason=reason)
        give_back(locked)
        recourse.settle(locked)
        mail.queue(locked, "withdrawn")
    request.refresh_from_db()


def give_back(request: PrivacyRequest) -> None:
    """What was frozen is given back by `lift` steps of the ledger; its other steps fall.

    Runs in the transaction that ends the request.
    """
    # Locked, so that none begins or ends unseen. By the fence, because a wait that the processor
    # asked for takes its attempt back.
    freezes = request.steps.filter(action="freeze").select_for_update()
    begun = [step for step in freezes if step.fence]
    going_on = [*(each.pk for each in begun), *auto_restriction.not_to_cancel(request)]
    others = request.steps.exclude(state=State.DONE).exclude(pk__in=going_on)
    others.update(state=State.CANCELLED)
    lifts = add_lifts(request, begun)
    auto_restriction.settle(request, after=lifts)
    if without_proof(request.rights):
        opt_outs.give_back(request)


def add_lifts(request: PrivacyRequest, freezes: list[FulfilmentStep]) -> list[str]:
    """One lift per freeze that was begun; it waits for the freeze to have a receipt. Returns the
    keys.
    """
    steps = Steps(request, timezone.now())
    keys = []
    for freeze in freezes:
        requires = [freeze.key] if freeze.state != State.DONE else []
        keys.append(steps.add(f"{freeze.connector}:lift", requires))
    steps.save()
    nudge()
    return keys


def was_not_me(token: MailToken) -> PrivacyRequest:
    """The button behind “this wasn’t me”: as a withdrawal, told apart in the trail."""
    with transaction.atomic():
        tokens.use_up(token)
        withdraw(token.request, reason="not_me")
    return token.request
