"""The steps that are about the request itself: its beginning and its end."""

from django.db import transaction

from privacy.connectors.base import Outcome
from privacy.connectors.errors import NeedsHumanError
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.services.fulfilment.context import Context
from privacy.services.holds import held_accounts
from privacy.states import Status


def begin(step: FulfilmentStep, context: Context) -> Outcome:
    """The grace is over: from here on there is no way back. A hold placed meanwhile stops it."""
    request = PrivacyRequest.objects.get(pk=context.request.pk)
    if request.status == Status.FULFILLING:
        return Outcome()  # an earlier attempt did it and died before it could say so
    with transaction.atomic():
        if "erasure" in request.rights and held_accounts(request.refs, lock=True):
            raise NeedsHumanError("legal_hold")
        request.transition_to(Status.FULFILLING)
    return Outcome()


def close(step: FulfilmentStep, context: Context) -> Outcome:
    """Every other step is done: say so. What staff declined by hand makes it complete in part."""
    request = PrivacyRequest.objects.get(pk=context.request.pk)
    if not request.is_open:
        return Outcome()
    declined = request.steps.filter(connector="manual", receipt__declined=True).exists()
    request.transition_to(Status.PARTLY if declined else Status.COMPLETED)
    return Outcome()
