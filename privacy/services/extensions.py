"""More time: proposed with reasons, and given by the law only once the person was told in time."""

from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.dateformat import format as date_format

from accounts.models import User
from privacy.deadlines.reasons import REASONS
from privacy.deadlines.reckon import extension_of
from privacy.models import Appeal, Extension, PrivacyRequest
from privacy.regimes.loader import DEFAULT
from privacy.regimes.resolver import Law
from privacy.selectors import extending
from privacy.selectors.laws import laws_of
from privacy.services import appeal_decisions, mail
from privacy.services.review import ReviewError
from privacy.states import Status

LETTER, LETTER_OF_APPEAL = "extension", "appeal_extension"
EXTENDABLE = (Status.IN_REVIEW, Status.APPROVED, Status.FULFILLING)
NOT_NOW = "This request is “{}”. Only one that is confirmed and open can be extended."
ON_ITS_WAY = "An extension is announced already; its letter is not out yet."
ONCE = "The person was told already that we need longer. No law allows a second extension."
NO_PERIOD = "What was asked for must be done at once or within days: no law gives more time."
NO_LAW = "There is no more time: {}. Answer by {}."
NO_RULE = "{} knows no extension"
NOT_CLEARED = "counsel hasn’t cleared the extension of {}"
TOO_LATE = "The person had to be told by {}. An extension now would give no time: answer by {}."
NO_REASON = (
    "With these reasons the answer stays due on {}. Each law that applies must accept one of "
    "them: the list says which does."
)
NOT_LONGER = "The answer is due on {} anyway. Name a later day."
TOO_LONG = "The laws give time until {} at the latest."


class Told(NamedTuple):
    """What the person reads of it."""

    reasons: list[str]
    explanation: str
    until: date


def in_words(day: date) -> str:
    return date_format(day, "j F Y")


def why_not(request: PrivacyRequest, appeal: Appeal | None = None) -> str:
    """Why there can be no extension now, of the answer or of an appeal; "" when there can."""
    if why := why_not_open(request, appeal):
        return why
    found = extending.extension_about(request, appeal)
    if found and not extending.is_dead(found):
        return ONCE if found.letter.finished_at else ON_ITS_WAY
    if not extending.extendable(request, appeal):
        return NO_PERIOD
    if extending.latest_allowed(request, appeal=appeal):
        return ""
    return why_no_time(request, appeal)


def why_not_open(request: PrivacyRequest, appeal: Appeal | None) -> str:
    if appeal:
        return "" if appeal.is_open else appeal_decisions.GONE
    is_open = request.status in EXTENDABLE
    return "" if is_open else NOT_NOW.format(request.get_status_display())


def why_no_time(request: PrivacyRequest, appeal: Appeal | None = None) -> str:
    due = in_words(extending.due_without(request, appeal))
    clock = extending.clock_of(appeal)
    if none := extending.knowing_none(laws_of(request), clock):
        return NO_LAW.format(" and ".join(without(law, clock) for law in none), due)
    by = extending.notice_due(request, appeal)
    return TOO_LATE.format(in_words(by) if by else due, due)


def without(law: Law, clock: str) -> str:
    """Why a law gives no more time: it has no such rule, or counsel hasn't signed it."""
    name = "our own standard" if law.id == DEFAULT else f"the law of {law.written.name}"
    return (NOT_CLEARED if extension_of(law.written, clock) else NO_RULE).format(name)


def why_not_until(
    request: PrivacyRequest, reasons: list[str], until: date, appeal: Appeal | None = None
) -> str:
    """Why this day can't be promised for these reasons; "" when it can."""
    due = extending.due_without(request, appeal)
    last = extending.latest_allowed(request, tuple(reasons), appeal=appeal)
    if last is None:
        return NO_REASON.format(in_words(due))
    if until <= due:
        return NOT_LONGER.format(in_words(due))
    return TOO_LONG.format(in_words(last)) if until > last else ""


def extend(
    request: PrivacyRequest,
    *,
    actor: User,
    reasons: list[str],
    explanation: str,
    until: date,
    appeal: Appeal | None = None,
) -> Extension:
    """Tell the person that we need longer. The date moves when the letter is out in time.

    Raises ReviewError when the laws don't allow it, or when somebody had a part in the decision
    that the appeal is against.
    """
    with transaction.atomic():
        locked = request.lock()
        if appeal:  # it may have been decided meanwhile
            appeal = locked.appeals.get(pk=appeal.pk)
        if set(reasons) - REASONS.keys() or not explanation.strip():
            raise ReviewError("An extension needs reasons that a law knows, and an explanation.")
        if refusal := why_not_by(locked, appeal, actor) or why_not_until(
            locked, reasons, until, appeal
        ):
            raise ReviewError(refusal)
        return announce(locked, appeal, actor, Told(reasons, explanation.strip(), until))


def why_not_by(request: PrivacyRequest, appeal: Appeal | None, actor: User) -> str:
    """Why there can be no extension by this person; "" when there can.

    Time that an appeal takes is not for those whose decision it is against.
    """
    involved = appeal and appeal_decisions.why_not(request, appeal.kind, actor)
    return involved or why_not(request, appeal)


def announce(request: PrivacyRequest, appeal: Appeal | None, actor: User, told: Told) -> Extension:
    about = str(appeal.pk) if appeal else ""
    request.extensions.filter(about=about).delete()  # a notice that reached nobody
    extension = Extension(
        request=request,
        about=about,
        letter=mail.queue(request, LETTER_OF_APPEAL if appeal else LETTER),
        author=actor,
        made_at=timezone.now(),
        reasons=told.reasons,
        until=told.until,
    )
    extension.write("explanation", told.explanation)
    extension.save(force_insert=True)
    request.record(
        "appeal.extension_announced" if appeal else "request.extension_announced",
        actor=str(actor.pk),
        reasons=sorted(told.reasons),
        until=told.until.isoformat(),
        **({"appeal": about} if appeal else {}),
    )
    return extension
