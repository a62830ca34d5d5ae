"""Legal holds, as far as requests are concerned."""

from uuid import UUID

from django.db.models import QuerySet

from fluxrouter.foundation.trail import SYSTEM
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.selectors.held import holds_on
from privacy.services.fulfilment import ledger
from retention.models import LegalHold
from retention.services.holds import lock_holds

OF_REQUEST = "recourse_hold"  # one that a request made: it ends by itself
OF_STAFF = "legal_hold"


def hold_code(request: PrivacyRequest, *, lock: bool = False) -> str:
    """The blocker for a hold on one of the accounts that the request is about; "" for none."""
    if lock:
        lock_holds()
    grounds = {hold.ground for hold in holds_on(request)}
    if grounds - {LegalHold.Ground.RECOURSE}:
        return OF_STAFF
    return OF_REQUEST if grounds else ""


def go_on(account: UUID | None) -> None:
    """Steps that only waited for a hold which a request had made try again."""
    for step in waiting_for(account):
        ledger.release(step, actor=SYSTEM)


def waiting_for(account: UUID | None) -> QuerySet[FulfilmentStep]:
    return FulfilmentStep.objects.filter(
        state=FulfilmentStep.State.PARKED,
        error=OF_REQUEST,
        request__refs__accounts__contains=[str(account)],
    )
