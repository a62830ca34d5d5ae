"""What staff decide on an appeal or a complaint. Never those who took the decision before."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from privacy.models import Appeal, PrivacyRequest
from privacy.selectors import appeals
from privacy.services import clocks, follow_up, mail, recourse
from privacy.services.review import ReviewError

Outcome = Appeal.Outcome
WON = (Outcome.UPHELD, Outcome.PARTLY)
GONE = "It was decided or taken back meanwhile."
INVOLVED = (
    "You had a part in what was decided on this request. Somebody who hadn’t must decide this."
)


def why_not(request: PrivacyRequest, kind: str, actor: User) -> str:
    """Why this person can't decide it now, "" when they can."""
    if appeals.open_appeal(request, kind) is None:
        return GONE
    return INVOLVED if str(actor.pk) in appeals.involved(request) else ""


def decide(
    request: PrivacyRequest,
    kind: str,
    *,
    actor: User,
    outcome: str,
    reasons: str,
    rights: list[str] | None = None,
) -> PrivacyRequest | None:
    """Decide with reasons that the person reads word for word.

    An appeal that is upheld, or in part for `rights`, opens a request of ours that does what was
    refused; it is returned. A complaint that is right is put right by what the reasons say.
    """
    with transaction.atomic():
        locked = request.lock()
        found = appeals.open_appeal(locked, kind)
        if found is None or (why := why_not(locked, kind, actor)):
            raise ReviewError(why if found else GONE)
        won = won_rights(locked, kind, outcome, rights or [])
        found.write("decision", reasons)
        found.outcome, found.decided_by, found.decided_at = outcome, actor, timezone.now()
        found.answer = mail.queue(locked, "appeal_decision")
        found.save(update_fields=["decision", "outcome", "decided_by", "decided_at", "answer"])
        locked.record(
            "appeal.decided",
            actor=str(actor.pk),
            appeal=str(found.pk),
            about=kind,
            outcome=outcome,
            rights=won,
        )
        clocks.reckon(locked, found)
        if won:
            take_up(locked, found, won, actor)
        recourse.settle(locked)
    return found.follow_up


def won_rights(request: PrivacyRequest, kind: str, outcome: str, chosen: list[str]) -> list[str]:
    """Which rights are carried out after all."""
    if kind != Appeal.Kind.APPEAL or outcome not in WON:
        return []
    at_stake = appeals.refused_rights(request)
    if outcome == Outcome.UPHELD:
        return at_stake
    won = [right for right in at_stake if right in chosen]
    if not won:
        raise ReviewError("Say for which of the rights they are right.")
    return won


def take_up(request: PrivacyRequest, appeal: Appeal, rights: list[str], actor: User) -> None:
    """The refusals fall, and what was refused goes into review, as if asked on that day."""
    refused = request.refusals.filter(lifted_at=None, right__in=rights)
    refused.update(lifted_at=timezone.now())
    appeal.follow_up = follow_up.file_follow_up(
        request, rights, received_at=appeal.received_at, actor=str(actor.pk)
    )
    appeal.save(update_fields=["follow_up"])
