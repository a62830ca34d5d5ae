"""Tasks at processors that wait for staff, and files for them."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from privacy.models import FulfilmentStep, ManualTask, PrivacyRequest
from privacy.processors import processor_of
from privacy.services.evidence import Upload
from privacy.states import Status
from tests.support import staff

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
MAIL = "From: support@example.com\r\nSubject: Done\r\n\r\n<p>Gelöscht.</p>\r\n".encode()


def due_in(days: int) -> date:
    return timezone.now().date() + timedelta(days=days)


def open_task(
    at: str = "chatbase",
    kind: str = "erasure",
    *,
    request: PrivacyRequest | None = None,
    days: int = 10,
    **cursor: Any,
) -> ManualTask:
    """A task of an erasure that waits for staff, due in so many days."""
    row = request or staff.looked_up("erasure")
    PrivacyRequest.objects.filter(pk=row.pk).update(status=Status.FULFILLING)
    row.refresh_from_db()
    step = FulfilmentStep.objects.create(
        request=row,
        connector="manual",
        action=at,
        object=kind,
        position=50,
        state=FulfilmentStep.State.PARKED,
        not_before=timezone.now(),
        error="by_hand",
        cursor=cursor,
    )
    return ManualTask.objects.create(
        step=step, processor=processor_of(at).key, due_on=due_in(days)
    )


def pdf(number: int = 0, name: str = "answer.pdf") -> Upload:
    return Upload(name, PDF + str(number).encode())


def sent(content: bytes, name: str = "answer.pdf") -> dict[str, Any]:
    """What the form for a file sends."""
    return {"file": SimpleUploadedFile(name, content)}
