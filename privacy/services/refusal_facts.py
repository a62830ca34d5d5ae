"""What letters say of refusals, of the end of an erasure, and of the way to an appeal."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from privacy.deadlines import appeal_until as of_laws
from privacy.grounds import GROUNDS, Ground
from privacy.letters.parts import Refused
from privacy.models import PrivacyRequest
from privacy.refusals import citation
from privacy.rights import Right, absolute_purposes
from privacy.selectors import appeal_window, refusals, systems
from privacy.selectors.laws import laws_of

COPIES = frozenset({Right.ACCESS, Right.KNOW, Right.PORTABILITY})


def refused(request: PrivacyRequest) -> tuple[Refused, ...]:
    return tuple(refusals.told(request))


def not_ours(request: PrivacyRequest) -> bool:
    return refusals.in_force(request).filter(code="NOT_CONTROLLER").exists()


def stops_anyway(request: PrivacyRequest) -> tuple[str, ...]:
    """Of the rights that were refused, the uses that nobody may weigh (GDPR Art. 21(3))."""
    rights = list(refusals.in_force(request).values_list("right", flat=True))
    return tuple(str(purpose.label) for purpose in absolute_purposes(rights))


def rest(request: PrivacyRequest) -> tuple[str, ...]:
    """What goes on after a refusal."""
    return tuple(str(Right(right).label) for right in refusals.granted_rights(request))


def proof_citation(request: PrivacyRequest) -> str:
    return citation("ID_NOT_VERIFIED", refusals.laws_ids(request))


def asked_for_copy(request: PrivacyRequest) -> bool:
    return bool(COPIES & set(request.rights))


def appeal_until(request: PrivacyRequest) -> date:
    """The last day for an appeal against this answer. A letter that goes out before the request is
    closed counts from today, so the real day is never earlier.
    """
    today = timezone.localdate()
    ours = today + settings.APPEAL_WINDOW
    laws = of_laws(laws_of(request), today) if request.laws else None
    return appeal_window.last_day(request) or max(ours, laws or ours)


def erased_on(request: PrivacyRequest) -> date:
    """The day of the last look that ended well."""
    at = systems.erasure_finished_at(request)
    return timezone.localdate(at) if at else timezone.localdate()


def backups_until(request: PrivacyRequest) -> date:
    """When the last backup from before the erasure is gone."""
    return erased_on(request) + settings.LONGEST_BACKUP


# By fact.
OF_REQUEST: dict[str, Callable[[PrivacyRequest], Any]] = {
    "refused": refused,
    "was_refused": lambda request: refusals.in_force(request).exists(),
    "stops_anyway": stops_anyway,
    "not_ours": not_ours,
    "rest": rest,
    "proof_citation": proof_citation,
    "asked_for_copy": asked_for_copy,
    "practices_url": lambda _: settings.PUBLIC_URL + reverse("privacy:categories"),
    "appeal_until": appeal_until,
    "erased_on": erased_on,
    "backups_until": backups_until,
    "record": lambda _: GROUNDS[Ground.PROOF],
}
