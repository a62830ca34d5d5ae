"""Proofs that somebody may act for the person: taken in by a mailed link, judged by staff."""

import base64

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from fluxrouter.foundation.trail import SUBJECT
from privacy.models import Authority, MailToken, PrivacyRequest
from privacy.regimes.values import Scope
from privacy.rights import in_regimes
from privacy.selectors.laws import laws_of
from privacy.selectors.people import ACTS_FOR
from privacy.services import evidence, mail, refusals
from privacy.services.people_facts import PROOF
from privacy.services.refusal_rows import Decision, write
from privacy.services.review import ReviewError, write_note
from privacy.services.verification import begin_review
from privacy.states import OPEN, Status

Kind = Authority.Kind
Judgement = Authority.Judgement
MOST = 3  # files of one request
UNAUTHORISED = "AGENT_UNAUTHORISED"
OPT_OUTS = frozenset({"opt_out_sale", "opt_out_ads", "opt_out_profiling", "limit_sensitive"})
# What each role may show.
SHOWN: dict[str, tuple[Kind, ...]] = {
    PrivacyRequest.Role.AGENT: (Kind.SIGNED, Kind.POWER),
    PrivacyRequest.Role.GUARDIAN: (Kind.GUARDIAN,),
}


def why_no_more(request: PrivacyRequest) -> str:
    """Why no proof can be sent (any more); "" when one can."""
    if request.role not in ACTS_FOR or request.status not in OPEN or request.key_destroyed_at:
        return "This request is closed: nothing more can be sent for it."
    rows = request.authorities.exclude(kind=Kind.CONFIRMED)
    if rows.filter(judgement=Judgement.ACCEPTED).exists():
        return "We have what we need: nothing more has to be sent."
    if rows.count() >= MOST:
        return f"We have {MOST} files for this request already. We write to you about them."
    return ""


def add(token: MailToken, kind: str, upload: evidence.Upload) -> Authority:
    """Keep a proof, sealed, until staff judge it. Raises ReviewError, EvidenceError among them."""
    media_type = evidence.check(upload)
    with transaction.atomic():
        request = token.request.lock()
        if problem := why_no_more(request):
            raise ReviewError(problem)
        if kind not in SHOWN[request.role]:
            raise ReviewError("This kind of proof doesn’t fit this request.")
        row = Authority(
            request=request,
            kind=kind,
            media_type=media_type,
            size=len(upload.content),
            added_at=timezone.now(),
        )
        row.write("name", evidence.clean_name(upload.name))
        row.write("content", base64.b64encode(upload.content).decode())
        row.save()
        request.record("authority.added", actor=SUBJECT, kind=kind, size=row.size)
    return row


def to_judge(request: PrivacyRequest) -> Authority | None:
    """The oldest proof that nobody has judged, and that somebody can still read."""
    rows = request.authorities.exclude(kind=Kind.CONFIRMED).filter(content__isnull=False)
    return rows.filter(judgement="").order_by("added_at").first()


def read(row: Authority, *, actor: User) -> bytes:
    """The file's bytes; the trail says who had them. ReviewError when its key is destroyed."""
    try:
        content = base64.b64decode(row.read("content"))
    except (KeyGoneError, SealError):
        content = b""
    if not content:
        raise ReviewError("This file was destroyed: nobody can read it any more.")
    with transaction.atomic():
        row.request.record("authority.read", actor=str(actor.pk), kind=row.kind)
    return content


def judged(request: PrivacyRequest, judgement: str, actor: User) -> Authority:
    """The oldest open proof with staff's judgement, in the caller's transaction."""
    row = to_judge(request)
    if request.status not in OPEN or row is None:
        raise ReviewError("No proof waits to be judged.")
    row.judgement, row.judged_at, row.judged_by = judgement, timezone.now(), actor
    row.save(update_fields=["judgement", "judged_at", "judged_by"])
    return row


def accept(request: PrivacyRequest, *, actor: User, reason: str) -> None:
    """They may act. What only waited for the person's own confirmation goes on."""
    with transaction.atomic():
        locked = request.lock()
        row = judged(locked, Judgement.ACCEPTED, actor)
        if not may_act(locked):
            raise ReviewError(
                "Under the law of this request an agent can only opt out. Wait for the person’s "
                "own confirmation."
            )
        locked.record("authority.accepted", actor=str(actor.pk), kind=row.kind)
        write_note(locked, author=actor, about=PROOF, text=reason)
        if locked.status == Status.VERIFYING and locked.role == PrivacyRequest.Role.AGENT:
            begin_review(locked, actor=str(actor.pk), reason="authority", letter="agent_accepted")
    request.refresh_from_db()


def reject(request: PrivacyRequest, *, actor: User, reason: str) -> None:
    """Not enough: whoever sent it reads why, and may send another. The person may still confirm;
    if neither happens, the request ends as one that nobody confirmed.
    """
    with transaction.atomic():
        locked = request.lock()
        row = judged(locked, Judgement.REJECTED, actor)
        locked.record("authority.rejected", actor=str(actor.pk), kind=row.kind)
        write_note(locked, author=actor, about=PROOF, text=reason)
        mail.queue(locked, "agent_proof")


def may_act(request: PrivacyRequest) -> bool:
    """Whether the laws let an agent ask for all of this without the person's own confirmation.

    It is enough that one law does. A parent asks for a child everywhere.
    """
    if request.role == PrivacyRequest.Role.GUARDIAN:
        return True
    rules = [law.effective.duties.agents.value for law in laws_of(request).of]
    scopes = {rule.scope for rule in rules if rule}
    only_opt_outs = set(in_regimes(request.rights)) <= OPT_OUTS
    return Scope.ALL in scopes or (only_opt_outs and Scope.OPT_OUT in scopes)


def never_demanded(request: PrivacyRequest) -> set[str]:
    """What no law of the request lets us ask an agent for."""
    rules = [law.written.duties.agents.value for law in laws_of(request).of]
    return {each for rule in rules if rule for each in rule.forbidden}


def age_of_consent(request: PrivacyRequest) -> int | None:
    """Below which age a parent decides: the highest of the laws that apply."""
    rules = [law.effective.duties.child.value for law in laws_of(request).of]
    return max(
        (rule.states.get(request.country, rule.age) for rule in rules if rule), default=None
    )


def refuse(request: PrivacyRequest, *, actor: User, reason: str) -> None:
    """The proof is no good, and the law lets us end the request of an agent for that."""
    decision = Decision(tuple(request.rights), UNAUTHORISED, reason)
    with transaction.atomic():
        locked = request.lock()
        row = judged(locked, Judgement.REJECTED, actor)
        if locked.status != Status.VERIFYING:
            raise ReviewError("The person has confirmed it: this is no reason any more.")
        if problem := refusals.why_not(locked, decision):
            raise ReviewError(problem)
        locked.record("authority.rejected", actor=str(actor.pk), kind=row.kind)
        write(locked, decision, actor=actor)
        refusals.end(locked, actor)
    request.refresh_from_db()


def why_not_refused(request: PrivacyRequest) -> str:
    """Whether the laws of the request know this reason, in words for staff."""
    return refusals.why_not(request, Decision(tuple(request.rights), UNAUTHORISED, "…"))
