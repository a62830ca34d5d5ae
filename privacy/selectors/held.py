"""Legal holds on the accounts of a request, and what the person is told of them."""

from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from privacy.grounds import GROUNDS, Ground
from privacy.models import PrivacyRequest
from privacy.selectors.recourse import is_refused
from retention.models import LegalHold


class Held(NamedTuple):
    """Why data must stay for now, where that stands, and until when as far as that is known."""

    reason: str
    citation: str
    until: date | None


def holds_on(request: PrivacyRequest) -> QuerySet[LegalHold]:
    """The holds that stand in the way of an erasure.

    A request's own hold doesn't stop its own erasure: that begins when the copy is made. But if
    the copy is refused, the data stays.
    """
    found = LegalHold.objects.filter(
        subject_id__in=request.refs.get("accounts", []), released_at=None
    )
    own = Q(request_id=request.pk)
    return found if is_refused(request) else found.exclude(own)


def told(request: PrivacyRequest) -> list[Held]:
    """The same for the person, each once. Of a claim or an order they learn that there is one."""
    found = {held(hold) for hold in holds_on(request)}
    return sorted(found, key=lambda each: (each.reason, each.citation))


def held(hold: LegalHold) -> Held:
    if hold.ground == LegalHold.Ground.RECOURSE:
        return Held(GROUNDS[Ground.RECOURSE].reason, hold.citation, hold.review_on)
    row = GROUNDS[Ground.LEGAL_HOLD]
    return Held(row.reason, row.citation, None)
