"""The steps that are about the request itself: its beginning and its end."""

from django.db import transaction

from privacy.connectors.base import Outcome
from privacy.connectors.errors import NeedsHumanError
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Right
from privacy.services import suppression
from privacy.services.fulfilment.context import Context
from privacy.services.holds import is_held
from privacy.states import Status


def begin(step: FulfilmentStep, context: Context) -> Outcome:
    """The grace is over: from here on there is no way back. A hold placed meanwhile stops it.

    Only then it is written down who is erased, by a later attempt if need be: who can still
    withdraw must not stand on that list.
    """
    request = PrivacyRequest.objects.get(pk=context.request.pk)
    erasing = Right.ERASURE in request.rights
    if request.status != Status.FULFILLING:
        with transaction.atomic():
            if erasing and is_held(request, lock=True):
                raise NeedsHumanError("legal_hold")
            request.transition_to(Status.FULFILLING)
    if erasing:
        suppression.suppress(request)
    return Outcome()


def close(step: FulfilmentStep, context: Context) -> Outcome:
    """Every step that the answer waits for is done: say so. What staff declined by hand, and what
    still has to wait by law, makes it complete in part.
    """
    request = PrivacyRequest.objects.get(pk=context.request.pk)
    if not request.is_open:
        return Outcome()
    waiting = request.steps.filter(connector="request", action="finish").exists()
    partly = waiting or is_declined(request)
    request.transition_to(Status.PARTLY if partly else Status.COMPLETED)
    return Outcome()


def is_declined(request: PrivacyRequest) -> bool:
    return request.steps.filter(connector="manual", receipt__declined=True).exists()


def finish(step: FulfilmentStep, context: Context) -> Outcome:
    """What had to wait by law is done and seen to be done."""
    request = PrivacyRequest.objects.get(pk=context.request.pk)
    if request.status == Status.PARTLY and not is_declined(request):
        request.transition_to(Status.COMPLETED, reason="waited")
    return Outcome()


def expire(step: FulfilmentStep, context: Context) -> Outcome:
    """A processor's own time is over: what it kept until then is gone by its own terms."""
    return Outcome(receipt={"elapsed": True})
