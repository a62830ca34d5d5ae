"""Reading a mail and its files: by people who may, and the trail says who did."""

import base64
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from fluxrouter.foundation.sealed import email_index
from fluxrouter.foundation.trail import append_event
from privacy.models import InboundFile, InboundMail, PrivacyRequest
from privacy.services.inbound.message import address_of
from privacy.services.review import ReviewError

GONE = "The key of this mail was destroyed: nobody can read it any more."
NOT_RELEASED = "Nobody has released this file yet."
ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "text/plain": "txt",
}


class Opened(NamedTuple):
    """A mail in clear, for one answer. Personal."""

    sender: str
    address: str
    subject: str
    text: str
    file_names: dict[str, str]  # by the file's id


def record(mail: InboundMail, code: str, actor: User, **data: Any) -> None:
    append_event(mail.pk, code, actor=str(actor.pk), kind="staff", **data)


def read_mail(mail: InboundMail, *, actor: User) -> Opened:
    """Write down who reads, then show. Raises ReviewError when its key is destroyed."""
    try:
        sender = mail.read("sender")
        opened = Opened(
            sender,
            address_of(sender),
            mail.read("subject"),
            mail.read("text"),
            {str(file.pk): file.read("name") for file in mail.files.all()},
        )
    except (KeyGoneError, SealError):
        raise ReviewError(GONE) from None
    with transaction.atomic():
        record(mail, "mail.read", actor)
    return opened


def requests_of(address: str) -> list[PrivacyRequest]:
    """Requests of this address that somebody may still work on, the newest first."""
    if not address:
        return []
    found = PrivacyRequest.objects.filter(email_index=email_index(address), key_destroyed_at=None)
    return list(found.order_by("-received_at"))


def release_file(file: InboundFile, *, actor: User) -> None:
    """Let it be saved from here on. Who releases answers for having thought about it."""
    with transaction.atomic():
        rows = InboundFile.objects.filter(pk=file.pk, released_at=None)
        if rows.update(released_at=timezone.now(), released_by=actor):
            record(file.mail, "mail.file_released", actor, file=str(file.pk))


def read_file(file: InboundFile, *, actor: User) -> bytes:
    """A released file's bytes. Raises ReviewError."""
    if file.released_at is None:
        raise ReviewError(NOT_RELEASED)
    try:
        content = base64.b64decode(file.read("content"))
    except (KeyGoneError, SealError):
        raise ReviewError(GONE) from None
    with transaction.atomic():
        record(file.mail, "mail.file_read", actor, file=str(file.pk))
    return content


def file_name(file: InboundFile) -> str:
    """One that says nothing and that no machine takes for a program."""
    number = list(file.mail.files.values_list("pk", flat=True)).index(file.pk) + 1
    return f"attachment-{number}.{ENDINGS.get(file.media_type, 'bin')}"
