"""Taking requests in: drafts of the web form, and what staff enter."""

import hashlib
import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from fluxrouter.foundation.trail import SUBJECT
from privacy.models import Draft, PrivacyRequest
from privacy.services import slow_letters
from privacy.services.filing import (
    Answers,
    change_email,
    create_request,
    file_request,
    parted,
    split_off,
)

__all__ = ["Answers", "change_email", "create_request", "parted", "split_off"]

DRAFT_LIVES = timedelta(hours=24)


class DraftGoneError(Exception):
    """No such draft for this browser: its day is over, or it belongs to another one."""


def owner_digest(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()


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
    """Make the draft's request and write its first letter; a second call gets the same one.

    `slowly`: no check for robots was passed, so that its letters wait for their turn.

    The request takes the draft's id, so the database itself keeps them one to one.
    """
    with transaction.atomic():
        locked = lock_draft(draft)
        if locked.submitted_at:
            return PrivacyRequest.objects.get(pk=draft.pk)
        now = timezone.now()
        request = file_request(draft.pk, answers, received_at=now, actor=SUBJECT)
        if slowly:
            for each in (request, *split_off(request)):
                slow_letters.slow_down(each)
        # Its content lives on in the request, under the same key.
        Draft.objects.filter(pk=draft.pk).update(submitted_at=now, answers=None)
    return request


def take_in(
    answers: Answers, *, channel: str, received_at: datetime, actor: str
) -> PrivacyRequest:
    """Staff enter a request that came by mail, phone or letter, with its original date."""
    return file_request(
        uuid.uuid4(), answers, received_at=received_at, actor=actor, channel=channel
    )
