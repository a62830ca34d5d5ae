"""Placing and releasing legal holds."""

import uuid
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.trail import append_event
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
    subject_id: uuid.UUID, *, ground: str, citation: str, review_on: date, actor: User
) -> LegalHold:
    """Keep all data of an account until the hold is released. The hold's id names its chain."""
    with transaction.atomic():
        lock_holds()
        hold = LegalHold.objects.create(
            subject_id=subject_id,
            ground=ground,
            citation=citation,
            review_on=review_on,
            placed_by=actor,
            placed_at=timezone.now(),
        )
        append_event(
            hold.pk,
            "hold.placed",
            actor=str(actor.pk),
            kind="staff",
            account=str(subject_id),
            ground=ground,
            review_on=review_on.isoformat(),
        )
    return hold


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
