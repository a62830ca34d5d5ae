"""Evidence: files that show what a processor did, sealed under their request's key."""

import base64
import hashlib
import re
import unicodedata
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from privacy.models import Evidence, ManualTask
from privacy.selectors.tasks import is_open
from privacy.services.review import ReviewError

LARGEST = 5 * 1024 * 1024
MOST = 10  # files of one task
LONGEST_NAME = 255
ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "text/plain": "txt",
}
SIGNATURES = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
# What no text holds: control characters but tab, line feed, form feed and carriage return.
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")


class EvidenceError(ReviewError):
    """This file can't be taken; the text says why and what to do."""


class Upload(NamedTuple):
    """A file as somebody sent it. Neither its name nor its bytes are to be trusted."""

    name: str
    content: bytes


def check(upload: Upload) -> str:
    """The media type as the bytes say, or EvidenceError."""
    if not upload.content:
        raise EvidenceError("This file is empty.")
    if len(upload.content) > LARGEST:
        raise EvidenceError("This file is larger than 5 MiB. Send a smaller one, or a part.")
    for signature, media_type in SIGNATURES.items():
        if upload.content.startswith(signature):
            return media_type
    if is_plain_text(upload.content):
        return "text/plain"
    raise EvidenceError(
        "This is neither a PDF, PNG or JPEG file nor plain text in UTF-8, whatever its name says. "
        "Print it as a PDF, or take a screenshot."
    )


def is_plain_text(content: bytes) -> bool:
    """Also a saved e-mail. Not a page or a drawing (HTML, SVG, XML), which begin with a tag."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not NOT_TEXT.search(text) and not text.lstrip().startswith("<")


def clean_name(name: str) -> str:
    """Without folders, and without characters that can't be seen or that turn the text round."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(each for each in last if unicodedata.category(each)[0] != "C")
    return seen.strip()[-LONGEST_NAME:] or "file"


def add_evidence(task: ManualTask, upload: Upload, *, actor: User) -> Evidence:
    """Keep a file with an open task. The same file twice is one. Raises EvidenceError."""
    media_type = check(upload)
    digest = hashlib.sha256(upload.content).hexdigest()
    with transaction.atomic():
        request = task.step.request.lock()  # who closes the task comes before or after
        task.step.refresh_from_db()
        if not is_open(task) or request.key_destroyed_at:
            raise EvidenceError("This task isn’t open any more: no file can be added.")
        if known := task.evidence.filter(sha256=digest).first():
            return known
        if task.evidence.count() >= MOST:
            raise EvidenceError(f"This task has {MOST} files, and can’t have more.")
        evidence = Evidence(
            task=task,
            media_type=media_type,
            size=len(upload.content),
            sha256=digest,
            uploaded_by=actor,
            uploaded_at=timezone.now(),
        )
        evidence.write("name", clean_name(upload.name))
        evidence.write("content", base64.b64encode(upload.content).decode())
        evidence.save()
        request.record(
            "evidence.added",
            actor=str(actor.pk),
            evidence=str(evidence.pk),
            processor=task.processor,
            size=evidence.size,
            media_type=media_type,
            sha256=digest,
        )
    return evidence


def read_evidence(evidence: Evidence, *, actor: User) -> bytes:
    """The file's bytes; the trail says who had them. EvidenceError when its key is destroyed."""
    try:
        content = base64.b64decode(evidence.read("content"))
    except (KeyGoneError, SealError):
        content = b""
    if not content:
        raise EvidenceError("This file was destroyed with its key: nobody can read it any more.")
    with transaction.atomic():
        evidence.task.step.request.record(
            "evidence.read",
            actor=str(actor.pk),
            evidence=str(evidence.pk),
            processor=evidence.task.processor,
        )
    return content


def file_name(evidence: Evidence) -> str:
    """One that says nothing: whose it is and what it was called stays sealed."""
    keys = list(evidence.task.evidence.order_by("uploaded_at", "pk").values_list("pk", flat=True))
    return f"evidence-{keys.index(evidence.pk) + 1}.{ENDINGS[evidence.media_type]}"
