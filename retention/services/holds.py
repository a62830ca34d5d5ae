"""Placing and releasing legal holds."""

import uuid
from datetime import date
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.trail import SYSTEM, append_event
from retention.models import LegalHold
from retention.schedule import BY_MODEL

# Placing a hold takes this lock, and so does what a hold would stop: neither can miss the other.
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


def lock_holds(using: str = "default") -> None:
    """Until the transaction ends, no hold is placed and no erasure begins elsewhere."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [HOLD_LOCK])


def keep_holds_out() -> None:
    """Until the transaction ends, no hold is placed; who disposes of other rows isn't kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [HOLD_LOCK])


def problem_of(
    subject_id: uuid.UUID | None, model: str, since: date | None, until: date | None
) -> str:
    """Why there can't be such a hold; "" when there can."""
    if model and model not in BY_MODEL:
        return "The schedule has no such data."
    if since and until and since > until:
        return "The last day must not be before the first."
    if subject_id is None and not (model and since and until):
        return "Name an account, or one kind of data with its first and last day."
    if subject_id and model and not BY_MODEL[model].subject:
        return "This kind of data belongs to no account. Name its first and last day instead."
    return ""


def place_hold(
    subject_id: uuid.UUID | None,
    *,
    ground: str,
    citation: str,
    review_on: date,
    actor: User | None = None,
    request_id: uuid.UUID | None = None,
    model: str = "",
    since: date | None = None,
    until: date | None = None,
    secrecy: str = "",
) -> LegalHold:
    """Keep what it names until it is released: an account's data, a model's rows of some days, or
    an account's rows of them. Raises HoldError for everything at once. Its id names its chain.

    Without `actor` a request made it, named by `request_id`. With `secrecy`, a code of
    LegalHold.Secrecy, the person learns of it nowhere.
    """
    if problem := problem_of(subject_id, model, since, until):
        raise HoldError(problem)
    if review_on <= timezone.now().date() and actor:
        raise HoldError("The review must be after today.")
    made_by: dict[str, Any] = {"request": str(request_id)} if request_id else {}
    with transaction.atomic():
        lock_holds()
        hold = LegalHold.objects.create(
            subject_id=subject_id,
            model=model,
            since=since,
            until=until,
            ground=ground,
            citation=citation,
            secrecy=secrecy,
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
            ground=ground,
            review_on=review_on.isoformat(),
            given={**scope(hold), **made_by},
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


def review_hold(hold: LegalHold, *, actor: User, review_on: date) -> None:
    """Somebody looked, and it is still needed; they look again on that day. Raises HoldError."""
    if review_on <= timezone.now().date():
        raise HoldError("The review must be after today.")
    with transaction.atomic():
        rows = LegalHold.objects.filter(pk=hold.pk, released_at=None, request_id=None)
        if not rows.update(review_on=review_on):
            raise HoldError("This hold is released already.")
        append_event(
            hold.pk,
            "hold.review_moved",
            actor=str(actor.pk),
            kind="staff",
            review_on=review_on.isoformat(),
        )
    hold.refresh_from_db()


def to_review(today: date) -> QuerySet[LegalHold]:
    """Holds whose day of review has come. One that a request made ends by itself instead."""
    return LegalHold.objects.filter(released_at=None, request_id=None, review_on__lte=today)


def end_hold(hold: LegalHold) -> None:
    """End a hold that a request made, without a person. Ending it again changes nothing."""
    with transaction.atomic():
        rows = LegalHold.objects.filter(pk=hold.pk, released_at=None)
        if rows.update(released_at=timezone.now()):
            append_event(hold.pk, "hold.released", kind="staff", why="lapsed")


def scope(hold: LegalHold) -> dict[str, str]:
    """What a hold covers, and who may know, in codes for the trail."""
    named = {
        "account": hold.subject_id,
        "model": hold.model,
        "since": hold.since,
        "until": hold.until,
        "secrecy": hold.secrecy,
    }
    return {name: str(value) for name, value in named.items() if value}


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
