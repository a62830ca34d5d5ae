"""Placing and releasing legal holds."""

import uuid
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.trail import SYSTEM, append_event
from retention.models import LegalHold

# Placing a hold and starting an erasure take this lock, so neither can miss the other.
HOLD_LOCK = 7_262_003

# Why a hold ends: a code, because the trail takes no free text.
RELEASE_REASONS: dict[str, str] = {
    "settled": "The claim or the case is settled",
    "lapsed": "The obligation or the period is over",
    "lifted": "The court or the authority lifted its order",
    "mistake": "It was placed by mistake",
}


class HoldError(Exception):
    """The hold can't be changed now; the text says why."""


def lock_holds() -> None:
    """Until the transaction ends, no hold is placed and no erasure begins elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [HOLD_LOCK])


def place_hold(
    subject_id: uuid.UUID,
    *,
    ground: str,
    citation: str,
    review_on: date,
    actor: User | None = None,
    request_id: uuid.UUID | None = None,
) -> LegalHold:
    """Keep all data of an account until the hold is released. The hold's id names its chain.

    Without `actor` a request made it, named by `request_id`.
    """
    made_by: dict[str, Any] = {"request": str(request_id)} if request_id else {}
    with transaction.atomic():
        lock_holds()
        hold = LegalHold.objects.create(
            subject_id=subject_id,
            ground=ground,
            citation=citation,
            review_on=review_on,
            placed_by=actor,
            placed_at=timezone.now(),
            request_id=request_id,
        )
        append_event(
            hold.pk,
            "hold.placed",
            actor=str(actor.pk) if actor else SYSTEM,
            kind="staff",
            account=str(subject_id),
            ground=ground,
            review_on=review_on.isoformat(),
            **made_by,
        )
    return hold


def move_review(hold: LegalHold, review_on: date) -> None:
    """A hold that a request made ends later or sooner, as that request goes."""
    with transaction.atomic():
        rows = LegalHold.objects.filter(pk=hold.pk, released_at=None)
        if rows.exclude(review_on=review_on).update(review_on=review_on):
            append_event(
                hold.pk, "hold.review_moved", kind="staff", review_on=review_on.isoformat()
            )
    hold.review_on = review_on


def end_hold(hold: LegalHold) -> None:
    """End a hold that a request made, without a person. Ending it again changes nothing."""
    with transaction.atomic():
        rows = LegalHold.objects.filter(pk=hold.pk, released_at=None)
        if rows.update(released_at=timezone.now()):
            append_event(hold.pk, "hold.released", kind="staff", why="lapsed")


def release_hold(hold: LegalHold, *, actor: User, reason: str) -> None:
    """End a hold; `reason` is a code of RELEASE_REASONS. Raises HoldError if it ended before."""
    if reason not in RELEASE_REASONS:
        raise HoldError("Say why the hold ends.")
    with transaction.atomic():
        lock_holds()
        rows = LegalHold.objects.filter(pk=hold.pk, released_at=None)
        if not rows.update(released_by=actor, released_at=timezone.now()):
            raise HoldError("Somebody else released this hold already.")
        append_event(hold.pk, "hold.released", actor=str(actor.pk), kind="staff", why=reason)
    hold.refresh_from_db()
