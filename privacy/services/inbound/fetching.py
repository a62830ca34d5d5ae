"""Fetching announced mail, and sealing it under a key of its own."""

import base64
import hashlib
import logging

from django.db import transaction
from django.utils import timezone

from privacy.connectors.errors import ConnectorError
from privacy.connectors.resend.receiving import Received, receiving
from privacy.connectors.rest import GoneError
from privacy.models import InboundFile, InboundMail
from privacy.services.evidence import SIGNATURES, is_plain_text
from privacy.services.inbound.message import Mark, Parsed, from_fields, parse

log = logging.getLogger(__name__)
AT_ONCE = 20
UNKNOWN = "application/octet-stream"


def fetch_mail() -> dict[str, int]:
    """Fetch what was announced and isn't here. What fails is tried again by the next run."""
    waiting = InboundMail.objects.filter(fetched_at=None, state=InboundMail.State.WAITING)
    return {"fetched": sum(fetch(mail) for mail in waiting[:AT_ONCE])}


def fetch(mail: InboundMail) -> bool:
    try:
        received = receiving().fetch(mail.provider_id)
    except GoneError:
        return store(mail, Received({}, None), Parsed(marks={Mark.GONE}))
    except ConnectorError as error:
        log.warning("mail.fetch_failed %s %s", mail.pk, error.code)
        return False
    return store(mail, received, taken_apart(received))


def taken_apart(received: Received) -> Parsed:
    if received.raw is not None:
        return parse(received.raw)
    parsed = from_fields(received.head)
    if received.too_large:
        parsed.marks = {*parsed.marks, Mark.TOO_LARGE}
    return parsed


def store(mail: InboundMail, received: Received, parsed: Parsed) -> bool:
    """Seal it, once: of two that fetched the same the second finds it done."""
    with transaction.atomic():
        row = InboundMail.objects.select_for_update().get(pk=mail.pk)
        if row.fetched_at:
            return False
        # The earlier moment counts, as the time to answer runs from it.
        row.received_at = min(received.at or row.received_at, row.received_at)
        row.fetched_at = timezone.now()
        row.marks = sorted(parsed.marks)
        for name in ("sender", "subject", "text"):
            row.write(name, getattr(parsed, name))
        row.save()
        for name, content in parsed.files:
            add_file(row, name, content)
    return True


def add_file(mail: InboundMail, name: str, content: bytes) -> None:
    file = InboundFile(
        mail=mail,
        media_type=media_type_of(content),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    file.write("name", name)
    file.write("content", base64.b64encode(content).decode())
    file.save()


def media_type_of(content: bytes) -> str:
    """What the bytes say, whatever the mail says."""
    for signature, media_type in SIGNATURES.items():
        if content.startswith(signature):
            return media_type
    return "text/plain" if is_plain_text(content) else UNKNOWN
