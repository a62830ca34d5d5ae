"""More time: proposed with reasons, and given by the law only once the person was told in time."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.dateformat import format as date_format

from accounts.models import User
from privacy.deadlines.reasons import REASONS
from privacy.models import Extension, PrivacyRequest
from privacy.selectors import extending
from privacy.selectors.laws import laws_of
from privacy.services import mail
from privacy.services.review import ReviewError
from privacy.states import Status

LETTER = "extension"
EXTENDABLE = (Status.IN_REVIEW, Status.APPROVED, Status.FULFILLING)
NOT_NOW = "This request is “{}”. Only one that is confirmed and open can be extended."
ON_ITS_WAY = "An extension is announced already; its letter is not out yet."
ONCE = "The person was told already that we need longer. No law allows a second extension."
NO_PERIOD = "What was asked for must be done at once or within days: no law gives more time."
NO_LAW = "There is no more time: the law of {} knows no extension. Answer by {}."
TOO_LATE = "The person had to be told by {}. An extension now would give no time: answer by {}."
NO_REASON = (
    "With these reasons the answer stays due on {}. Each law that applies must accept one of "
    "them: the list says which does."
)
NOT_LONGER = "The answer is due on {} anyway. Name a later day."
TOO_LONG = "The laws give time until {} at the latest."


def in_words(day: date) -> str:
    return date_format(day, "j F Y")


def why_not(request: PrivacyRequest) -> str:
    """Why there can be no extension now; "" when there can."""
    if request.status not in EXTENDABLE:
        return NOT_NOW.format(request.get_status_display())
    found = extending.extension_of_request(request)
    if found and not extending.is_dead(found):
        return ONCE if found.letter.finished_at else ON_ITS_WAY
    if not extending.answered_by_respond(request):
        return NO_PERIOD
    if extending.latest_allowed(request):
        return ""
    return why_no_time(request)


def why_no_time(request: PrivacyRequest) -> str:
    due = in_words(extending.due_without(request))
    if none := extending.knowing_none(laws_of(request)):
        return NO_LAW.format(" and of ".join(law.written.name for law in none), due)
    by = extending.notice_due(request)
    return TOO_LATE.format(in_words(by) if by else due, due)


def why_not_until(request: PrivacyRequest, reasons: list[str], until: date) -> str:
    """Why this day can't be promised for these reasons; "" when it can."""
    due, last = extending.due_without(request), extending.latest_allowed(request, tuple(reasons))
    if last is None:
        return NO_REASON.format(in_words(due))
    if until <= due:
        return NOT_LONGER.format(in_words(due))
    return TOO_LONG.format(in_words(last)) if until > last else ""


def extend(
    request: PrivacyRequest, *, actor: User, reasons: list[str], explanation: str, until: date
) -> Extension:
    """Tell the person that we need longer. The date moves when the letter is out in time.

    Raises ReviewError when the laws don't allow it.
    """
    with transaction.atomic():
        locked = request.lock()
        if set(reasons) - REASONS.keys() or not explanation.strip():
            raise ReviewError("An extension needs reasons that a law knows, and an explanation.")
        if refusal := why_not(locked) or why_not_until(locked, reasons, until):
            raise ReviewError(refusal)
        locked.extensions.filter(about="").delete()  # a notice that reached nobody
        extension = Extension(
            request=locked,
            letter=mail.queue(locked, LETTER),
            author=actor,
            made_at=timezone.now(),
            reasons=reasons,
            until=until,
        )
        extension.write("explanation", explanation.strip())
        extension.save(force_insert=True)
        told = {"reasons": sorted(reasons), "until": until.isoformat()}
        locked.record("request.extension_announced", actor=str(actor.pk), **told)
    return extension
