"""Proof of who asks, and that they may: destroyed once the request is decided (11 CCR § 7060).

That it was shown and what staff made of it stays in the record (11 CCR § 7101). Where something
was refused, an appeal may be about a proof that wasn't accepted: that goes with the key.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from privacy.models import Authority, PrivacyRequest, Question, Refusal
from privacy.services.closing import is_held
from privacy.states import Status
from retention.services.holds import keep_holds_out

GRANTED = (
    *(Status.APPROVED, Status.FULFILLING, Status.COMPLETED, Status.PARTLY, Status.WITHDRAWN),
)
# All of it was granted, or taken back.
ALL_GRANTED = Q(request__status__in=GRANTED) & ~Exists(
    Refusal.objects.filter(request=OuterRef("request"), lifted_at=None)
)
WAS_ACCEPTED = Q(
    request__status__in=[*GRANTED, Status.DENIED], judgement=Authority.Judgement.ACCEPTED
)


def files() -> QuerySet[Authority]:
    """Files that nothing needs any more."""
    return Authority.objects.filter(ALL_GRANTED | WAS_ACCEPTED, content__isnull=False)


def answers() -> QuerySet[Question]:
    """What somebody told us about themselves so that we could be sure who asks."""
    return Question.objects.filter(
        ALL_GRANTED, reason=Question.Reason.IDENTITY, answer__isnull=False
    )


def destroy_proofs() -> dict[str, int]:
    """Blank what isn't needed since its request was decided. A held request's stays."""
    decided = {*files().values_list("request", flat=True)}
    decided |= {*answers().values_list("request", flat=True)}
    requests = PrivacyRequest.objects.filter(pk__in=decided).order_by("pk")
    return {"destroyed": sum(destroy_of(request) for request in requests)}


def destroy_of(request: PrivacyRequest) -> int:
    with transaction.atomic():
        locked = request.lock()
        keep_holds_out()
        if is_held(locked):
            return 0
        gone = files().filter(request=locked).update(name=None, content=None)
        gone += answers().filter(request=locked).update(answer=None)
        if gone:
            locked.record("proof.destroyed", number=gone)
    return gone
