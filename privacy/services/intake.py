"""Taking requests in: drafts of the web form, and what staff enter."""

import hashlib
import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from fluxrouter.foundation.sealed import email_index
from fluxrouter.foundation.trail import SUBJECT
from privacy.models import Draft, PrivacyRequest
from privacy.services import clocks, mail, slow_letters
from privacy.states import Status

DRAFT_LIVES = timedelta(hours=24)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U


class DraftGoneError(Exception):
    """No such draft for this browser: its day is over, or it belongs to another one."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What makes a request. `details` is free text by name: customer, person, message."""

    role: str
    rights: list[str]
    country: str
    email: str
    state: str = ""
    also_in: tuple[str, ...] = ()
    details: dict[str, str] | None = None


def owner_digest(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()


def new_reference() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"FR-{letters[:4]}-{letters[4:]}"


def start_draft(cookie: str) -> Draft:
    return Draft.objects.create(owner_digest=owner_digest(cookie), created_at=timezone.now())


def open_draft(draft_id: uuid.UUID, cookie: str) -> Draft:
    """The draft, if this browser made it within the last 24 hours; else DraftGoneError."""
    oldest = timezone.now() - DRAFT_LIVES
    draft = Draft.objects.filter(
        pk=draft_id, owner_digest=owner_digest(cookie), created_at__gt=oldest
    ).first()
    if draft is None:
        raise DraftGoneError
    return draft


def read_answers(draft: Draft) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads(draft.read("answers") or "{}")
    return answers


def lock_draft(draft: Draft) -> Draft:
    """The draft as it is now, ours until the transaction ends; DraftGoneError if it expired."""
    locked = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if locked is None:
        raise DraftGoneError
    return locked


def save_answers(draft: Draft, **answers: Any) -> None:
    """Add answers to the draft. Two tabs that save at once keep both."""
    with transaction.atomic():
        locked = lock_draft(draft)
        if locked.submitted_at:
            return
        locked.write("answers", json.dumps({**read_answers(locked), **answers}))
        locked.save(update_fields=["answers"])


def submit_draft(draft: Draft, answers: Answers, *, slowly: bool = False) -> PrivacyRequest:
    """Make the draft's request and write the verification letter; a second call gets the same one.

    `slowly`: no check for robots was passed, so that the letter waits for its turn.

    The request takes the draft's id, so the database itself keeps them one to one.
    """
    with transaction.atomic():
        locked = lock_draft(draft)
        if locked.submitted_at:
            return PrivacyRequest.objects.get(pk=draft.pk)
        now = timezone.now()
        request = create_request(draft.pk, answers, received_at=now, actor=SUBJECT)
        if slowly:
            slow_letters.slow_down(request)
        # Its content lives on in the request, under the same key.
        Draft.objects.filter(pk=draft.pk).update(submitted_at=now, answers=None)
    return request


def take_in(
    answers: Answers, *, channel: str, received_at: datetime, actor: str
) -> PrivacyRequest:
    """Staff enter a request that came by mail, phone or letter, with its original date."""
    return create_request(
        uuid.uuid4(), answers, received_at=received_at, actor=actor, channel=channel
    )


@transaction.atomic
def create_request(
    identifier: uuid.UUID,
    answers: Answers,
    *,
    received_at: datetime,
    actor: str,
    channel: str = PrivacyRequest.Channel.WEB,
) -> PrivacyRequest:
    """The row, its first events and the letter that asks to confirm the address."""
    keystore().create(identifier)
    request = PrivacyRequest(
        id=identifier,
        reference=new_reference(),
        role=answers.role,
        rights=sorted(set(answers.rights)),
        channel=channel,
        country=answers.country,
        state=answers.state,
        also_in=list(answers.also_in),
        received_at=received_at,
    )
    set_email(request, answers.email)
    request.write("details", json.dumps(answers.details or {}))
    save_with_clocks(request)
    request.record("request.received", actor=actor, channel=channel, rights=request.rights)
    request.transition_to(Status.VERIFYING, actor=actor)
    mail.queue(request, "verify")
    return request


def save_with_clocks(request: PrivacyRequest) -> None:
    """Insert a request with its laws and everything that they make due."""
    clocks.freeze_laws(request)
    request.due_on = clocks.safe_due(request)
    request.save(force_insert=True)
    clocks.reckon(request)


def set_email(request: PrivacyRequest, email: str) -> None:
    request.write("email", email.strip())
    request.email_index = email_index(email)
