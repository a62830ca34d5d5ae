"""Holds that a request makes: what was asked for stays while the way to an authority is open.

Some laws say so (PIPEDA s. 8(8); Singapore's PDPR reg. 8). `settle` compares what should be held,
by the request's facts, with what is: doing it twice, late, or at the same time changes nothing.
"""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from privacy.models import PrivacyRequest
from privacy.selectors.recourse import HOLDING, Rule, held_until, rule_of
from privacy.services.holds import go_on
from privacy.states import OPEN
from retention.models import LegalHold
from retention.services.holds import end_hold, lock_holds, move_review, place_hold


def settle(request: PrivacyRequest) -> None:
    """Place, move or end the request's holds as its facts are now.

    Runs in the caller's transaction, with the request's row locked.
    """
    rule = rule_of(request)
    if rule is None and not in_force(request).exists():
        return
    until = held_until(request, rule) if rule else None
    lock_holds()
    if rule and until and until >= timezone.now().date():
        for account in request.refs.get("accounts", []):
            place_or_move(request, UUID(account), rule, until)
    else:
        end(request)


def in_force(request: PrivacyRequest) -> QuerySet[LegalHold]:
    return LegalHold.objects.filter(request_id=request.pk, released_at=None)


def place_or_move(request: PrivacyRequest, account: UUID, rule: Rule, until: date) -> None:
    """One per account. What a person released stays released."""
    known = LegalHold.objects.filter(request_id=request.pk, subject_id=account).first()
    if known is None:
        place_hold(
            account,
            ground=LegalHold.Ground.RECOURSE,
            citation=rule.citation,
            review_on=until,
            request_id=request.pk,
        )
        request.record("hold.placed_by_request", account=str(account), until=until.isoformat())
    elif known.released_at is None and known.review_on != until:
        move_review(known, until)


def end(request: PrivacyRequest) -> None:
    """The data may go again, and what waited for that goes on."""
    for hold in in_force(request):
        end_hold(hold)
        request.record("hold.ended_by_request", account=str(hold.subject_id))
        go_on(hold.subject_id)


def of_requests() -> QuerySet[LegalHold]:
    """All holds that requests made and that are in force."""
    return LegalHold.objects.filter(ground=LegalHold.Ground.RECOURSE, released_at=None)


def left_over() -> QuerySet[LegalHold]:
    """Holds whose time is over and whose request is gone."""
    known = PrivacyRequest.objects.filter(pk=OuterRef("request_id"))
    return of_requests().filter(~Exists(known), review_on__lt=timezone.now().date())


def settle_all() -> dict[str, int]:
    """Each day: holds whose time is over end, and whatever should have called `settle` didn't."""
    held = LegalHold.objects.filter(request_id=OuterRef("pk"), released_at=None)
    may_hold = Q(status__in=OPEN, verified_at__isnull=False, rights__overlap=sorted(HOLDING))
    found = PrivacyRequest.objects.filter(Q(Exists(held)) | may_hold)
    for hold in left_over():
        with transaction.atomic():
            lock_holds()
            end_hold(hold)
            go_on(hold.subject_id)
    for pk in list(found.values_list("pk", flat=True)):
        with transaction.atomic():
            settle(PrivacyRequest(pk=pk).lock())
    return {"in_force": of_requests().count()}
