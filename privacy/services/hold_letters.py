"""Telling whoever asked for erasure that a legal hold keeps their data, where that is allowed."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from fluxrouter.foundation.models import TrailEvent
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Right
from privacy.selectors import held
from privacy.selectors.refusals import granted_rights
from privacy.services import mail
from privacy.services.holds import OF_REQUEST, OF_STAFF
from privacy.states import Status

HELD, TOLD = "held", "hold.told"


def tell_holds() -> int:
    """A letter to each whose erasure is stopped by a hold that they weren't told of yet, whether
    it was there before the request or came in the middle. Returns how many.
    """
    if not held.in_force().filter(secrecy="").exists():
        return 0
    return sum(tell(request) for request in stopped())


def stopped() -> list[PrivacyRequest]:
    """Open erasures of people that have not gone past the point at which a hold stops them."""
    parked = FulfilmentStep.objects.filter(
        request=OuterRef("pk"), state=FulfilmentStep.State.PARKED, error__in=[OF_REQUEST, OF_STAFF]
    )
    rows = PrivacyRequest.objects.filter(
        Q(status__in=[Status.IN_REVIEW, Status.APPROVED])
        | Q(Exists(parked), status=Status.FULFILLING),
        rights__contains=[Right.ERASURE],
        verified_at__isnull=False,
        key_destroyed_at=None,
    )
    return list(rows.exclude(channel=PrivacyRequest.Channel.SYSTEM))


def tell(request: PrivacyRequest) -> bool:
    """One letter about all that is new. The letter and the note of it stand or fall together."""
    with transaction.atomic():
        locked = request.lock()
        if not locked.is_open or Right.ERASURE not in granted_rights(locked):
            return False
        ids = {str(hold.pk) for hold in held.that_may_be_told(locked)}
        events = TrailEvent.objects.filter(chain_id=locked.pk, code=TOLD)
        new = ids - set(events.values_list("data__hold", flat=True))
        for hold in sorted(new):
            locked.record(TOLD, hold=hold)
        if new:
            mail.queue(locked, HELD)
    return bool(new)
