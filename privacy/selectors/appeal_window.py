"""Until when somebody may appeal, and what hangs on it: the key to their contact details."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from privacy.deadlines.afterwards import appeal_until
from privacy.deadlines.periods import earliest_day
from privacy.models import PrivacyRequest
from privacy.selectors.appeals import DECIDED, OPEN
from privacy.selectors.laws import laws_of, zones_of

# After a last day so much, until it is over everywhere on earth.
OVER_EVERYWHERE = timedelta(days=2)


def can_be_appealed(request: PrivacyRequest) -> bool:
    """Whether somebody asked, and there is a decision to appeal against."""
    is_ours = request.channel == PrivacyRequest.Channel.SYSTEM
    return request.status in DECIDED and not is_ours


def last_day(request: PrivacyRequest) -> date | None:
    """The last day for an appeal, as the person is told; None before there is an answer.

    Of the window of the request's own laws and ours the longer one. Where a law sets no end, ours
    is what we promise, and `is_over` lets later ones in.
    """
    if request.closed_at is None:
        return None
    ours = (request.closed_at + settings.APPEAL_WINDOW).date()
    return max(ours, of_the_laws(request, request.closed_at) or ours)


def of_the_laws(request: PrivacyRequest, closed_at: datetime) -> date | None:
    """The window of the laws that the request is measured by. None: they name no end, or there is
    nothing to appeal against.
    """
    if not can_be_appealed(request) or not request.laws:
        return None
    return appeal_until(laws_of(request), closed_at.date())


def is_over(request: PrivacyRequest) -> bool:
    """Whether an appeal comes too late. Without an end it never does while we know who asked."""
    last = last_day(request)
    if last is None or request.closed_at is None:
        return False
    if of_the_laws(request, request.closed_at) is None:
        return False
    return earliest_day(timezone.now(), zones_of(request.country)) > last


def key_goes_on(request: PrivacyRequest) -> date | None:
    """The day from which on the key may be destroyed; None while nobody can know it.

    After a decision on an appeal there is as much time again as our own window gives.
    """
    last = last_day(request)
    if last is None or request.appeals.filter(OPEN).exists():
        return None
    decided: datetime | None = request.appeals.aggregate(last=Max("decided_at"))["last"]
    again = (decided + settings.APPEAL_WINDOW).date() if decided else last
    return max(last, again) + OVER_EVERYWHERE


def is_key_due(request: PrivacyRequest) -> bool:
    day = key_goes_on(request)
    return day is not None and timezone.now().date() >= day
