"""The steps that are about the request itself: its beginning and its end."""

from django.db import transaction

from privacy.connectors.base import Outcome
from privacy.connectors.errors import NeedsHumanError
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Right
from privacy.selectors import refusals
from privacy.services import auto_restriction, downstream, recourse, standing, suppression
from privacy.services.fulfilment.context import Context
from privacy.services.holds import hold_code
from privacy.states import Status


def begin(step: FulfilmentStep, context: Context) -> Outcome:
    """The grace is over: from here on there is no way back. A hold placed meanwhile stops it, and
    what a rule filed is withdrawn if the rule wants it no more.

    Only then it is written down who is erased, by a later attempt if need be: who can still
    withdraw must not stand on that list.
    """
    request = PrivacyRequest.objects.get(pk=context.request.pk)
    erasing = Right.ERASURE in refusals.granted_rights(request)
    if request.status != Status.FULFILLING:
        with transaction.atomic():
            request = request.lock()  # before the holds' lock, as everywhere
            if standing.has_ended(request):
                return Outcome()
            if erasing and (code := hold_code(request, lock=True)):
                raise NeedsHumanError(code)
            request.transition_to(Status.FULFILLING)
    if erasing:
        suppression.suppress(request)
    return Outcome()


def close(step: FulfilmentStep, context: Context) -> Outcome:
    """Every step that the answer waits for is done: say so. What staff refused or declined by
    hand, and what still has to wait by law, makes it complete in part.
    """
    request = PrivacyRequest.objects.get(pk=context.request.pk)
    if not request.is_open:
        return Outcome()
    waiting = request.steps.filter(connector="request", action="finish").exists()
    partly = waiting or is_declined(request)
    with transaction.atomic():
        request = request.lock()
        request.transition_to(Status.PARTLY if partly else Status.COMPLETED)
        auto_restriction.settle(request)
        recourse.settle(request)
        downstream.sync(request)
    return Outcome()


def is_declined(request: PrivacyRequest) -> bool:
    by_hand = request.steps.filter(connector="manual", receipt__declined=True)
    return by_hand.exists() or refusals.in_force(request).exists()


def finish(step: FulfilmentStep, context: Context) -> Outcome:
    """What had to wait by law is done and seen to be done."""
    request = PrivacyRequest.objects.get(pk=context.request.pk)
    downstream.sync(request)
    if request.status == Status.PARTLY and not is_declined(request):
        request.transition_to(Status.COMPLETED, reason="waited")
    return Outcome()


def expire(step: FulfilmentStep, context: Context) -> Outcome:
    """A processor's own time is over: what it kept until then is gone by its own terms."""
    return Outcome(receipt={"elapsed": True})
