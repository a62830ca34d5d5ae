"""Appeals and complaints, as the person makes and takes them back."""

from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from fluxrouter.foundation.trail import SUBJECT
from privacy.models import Appeal, PrivacyRequest
from privacy.selectors import appeal_window, appeals
from privacy.services import clocks, mail, recourse

Kind = Appeal.Kind


class Why(StrEnum):
    """Why nobody can appeal or complain now."""

    NOT_YET = "not_yet"  # nothing is decided
    TOO_LATE = "too_late"
    OPEN = "open"  # another one is being looked at
    DECIDED = "decided"  # the appeal was decided: the way leads to others now
    GONE = "gone"  # we can't keep a text any more


class AppealError(Exception):
    """It can't be taken now."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def why_not(request: PrivacyRequest, kind: str) -> Why | None:
    """What stands in the way of an appeal or a complaint; None when nothing does."""
    if request.key_destroyed_at:
        return Why.GONE
    if appeals.open_appeal(request, kind):
        return Why.OPEN
    return why_no_appeal(request) if kind == Kind.APPEAL else None


def why_no_appeal(request: PrivacyRequest) -> Why | None:
    if not appeal_window.can_be_appealed(request):
        return Why.NOT_YET
    if appeals.decided_appeal(request):
        return Why.DECIDED
    return Why.TOO_LATE if appeal_window.is_over(request) else None


def submit(request: PrivacyRequest, kind: str, text: str, *, actor: str = SUBJECT) -> Appeal:
    """Keep it, sealed, start its clock and write the letter that says by when we answer.

    The same text sent twice is one. Raises AppealError.
    """
    with transaction.atomic():
        locked = request.lock()
        sent_before = appeals.open_appeal(locked, kind)
        if sent_before and appeals.opened(sent_before, "text") == text:
            return sent_before
        if why := why_not(locked, kind):
            raise AppealError(why)
        receipt = mail.queue(locked, "appeal_received")
        made = Appeal(request=locked, kind=kind, received_at=timezone.now(), receipt=receipt)
        made.write("text", text)
        made.save(force_insert=True)
        locked.record("appeal.received", actor=actor, appeal=str(made.pk), about=kind)
        clocks.reckon(locked, made)
        recourse.settle(locked)
    return made


def withdraw(request: PrivacyRequest, kind: str, *, actor: str = SUBJECT) -> None:
    """Take it back. Raises AppealError when it is decided or was taken back before."""
    with transaction.atomic():
        locked = request.lock()
        found = appeals.open_appeal(locked, kind)
        if found is None:
            raise AppealError(Why.DECIDED)
        found.withdrawn_at = timezone.now()
        found.save(update_fields=["withdrawn_at"])
        locked.record("appeal.withdrawn", actor=actor, appeal=str(found.pk), about=kind)
        clocks.reckon(locked, found)
        recourse.settle(locked)
