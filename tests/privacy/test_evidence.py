"""Evidence: what is taken and what isn't, sealed, once, and gone with the request's key."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.keystore import KeyGoneError, keystore
from fluxrouter.foundation.models import TrailEvent
from privacy.models import Evidence, ManualTask, PrivacyRequest
from privacy.services import evidence, review
from privacy.services.closing import destroy_due_keys
from privacy.services.evidence import EvidenceError, Upload, add_evidence, read_evidence
from tests.support import staff, tasks
from tests.support.database import committed
from tests.support.steps import at_once

pytestmark = [committed, pytest.mark.acceptance("PROC-47")]
HTML = b"<!doctype html><title>x</title><script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00"


@pytest.fixture
def hanna() -> User:
    return staff.member("Handler", "hanna")


@pytest.fixture
def task() -> ManualTask:
    return tasks.open_task()


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [
        (tasks.PDF, "application/pdf", "pdf"),
        (tasks.PNG, "image/png", "png"),
        (tasks.JPEG, "image/jpeg", "jpg"),
        ("Gelöscht am 3. März.".encode(), "text/plain", "txt"),
        (b"\xef\xbb\xbfwith a mark", "text/plain", "txt"),
        (tasks.MAIL, "text/plain", "txt"),
    ],
)
def test_a_file_is_what_its_bytes_say_whatever_its_name(
    hanna: User, task: ManualTask, content: bytes, media_type: str, ending: str
) -> None:
    kept = add_evidence(task, Upload("page.html", content), actor=hanna)
    assert (kept.media_type, kept.size) == (media_type, len(content))
    assert evidence.file_name(kept) == f"evidence-1.{ending}"
    assert read_evidence(kept, actor=hanna) == content


@pytest.mark.parametrize(
    "content",
    [
        HTML,
        b" \r\n\t" + HTML,
        b"\xef\xbb\xbf" + HTML,
        SVG,
        ZIP,
        "über".encode("latin-1"),
        "UTF-16 has zeros".encode("utf-16"),
        b"a\x00b",
        b"GIF89a\x01",
        b"MZ\x90\x00",
        b"\n%PDF-1.7 \xff",
    ],
)
def test_a_hostile_or_strange_file_is_refused_by_its_bytes(
    hanna: User, task: ManualTask, content: bytes
) -> None:
    with pytest.raises(EvidenceError, match="whatever its name says"):
        add_evidence(task, Upload("answer.pdf", content), actor=hanna)
    assert not Evidence.objects.exists()
    assert not TrailEvent.objects.filter(code="evidence.added").exists()


def test_an_empty_file_and_one_byte_too_many_are_refused(hanna: User, task: ManualTask) -> None:
    with pytest.raises(EvidenceError, match="empty"):
        add_evidence(task, Upload("a.txt", b""), actor=hanna)
    with pytest.raises(EvidenceError, match="larger than 5 MiB"):
        add_evidence(task, Upload("a.txt", b"a" * (evidence.LARGEST + 1)), actor=hanna)
    assert add_evidence(task, Upload("a.txt", b"a" * evidence.LARGEST), actor=hanna).size == (
        5 * 1024 * 1024
    )


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\hanna\\answer.pdf", "answer.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("\u200b\u2066", "file"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_name_keeps_neither_folders_nor_what_cannot_be_seen(
    hanna: User, task: ManualTask, name: str, clean: str
) -> None:
    kept = add_evidence(task, Upload(name, tasks.PDF), actor=hanna)
    assert kept.read("name") == clean


def test_name_and_content_are_sealed_and_the_trail_has_neither(
    hanna: User, task: ManualTask
) -> None:
    content = tasks.PDF + b"marker-in-the-file"
    kept = add_evidence(task, Upload("marker-in-the-name.pdf", content), actor=hanna)
    kept.refresh_from_db()
    for sealed in (kept.name, kept.content):
        assert b"marker" not in bytes(sealed)
    event = TrailEvent.objects.get(code="evidence.added")
    assert event.chain_id == task.step.request_id
    assert event.data == {
        "evidence": str(kept.pk),
        "processor": "chatbase",
        "size": len(content),
        "media_type": "application/pdf",
        "sha256": kept.sha256,
    }
    assert event.actor == str(hanna.pk)


def test_reading_is_written_down(hanna: User, task: ManualTask) -> None:
    kept = add_evidence(task, tasks.pdf(), actor=hanna)
    reader = staff.member("Approver")
    read_evidence(kept, actor=reader)
    event = TrailEvent.objects.get(code="evidence.read")
    assert (event.actor, event.data["evidence"]) == (str(reader.pk), str(kept.pk))


def test_the_same_file_twice_is_one(hanna: User, task: ManualTask) -> None:
    first = add_evidence(task, tasks.pdf(name="one.pdf"), actor=hanna)
    again = add_evidence(task, tasks.pdf(name="two.pdf"), actor=staff.member("Approver"))
    assert again == first
    assert TrailEvent.objects.filter(code="evidence.added").count() == 1
    other = tasks.open_task()
    assert add_evidence(other, tasks.pdf(), actor=hanna) != first


def test_the_eleventh_file_is_refused_also_when_several_come_at_once(hanna: User) -> None:
    task = tasks.open_task()
    for number in range(8):
        add_evidence(task, tasks.pdf(number), actor=hanna)

    def one_more(number: int) -> None:
        add_evidence(ManualTask.objects.get(pk=task.pk), tasks.pdf(number), actor=hanna)

    errors = at_once(*[lambda number=number: one_more(number) for number in range(20, 25)])
    assert [type(error) for error in errors] == [EvidenceError] * 3
    assert task.evidence.count() == 10


def test_a_closed_task_takes_no_file(hanna: User, task: ManualTask) -> None:
    review.close_by_hand(task.step, actor=hanna, reason="No such person.", declined=True)
    with pytest.raises(EvidenceError, match="isn’t open"):
        add_evidence(task, tasks.pdf(), actor=hanna)


def test_evidence_is_gone_when_the_key_is_destroyed(hanna: User, task: ManualTask) -> None:
    kept = add_evidence(task, tasks.pdf(), actor=hanna)
    review.close_by_hand(task.step, actor=hanna, reason="Deleted.")
    request = task.step.request
    request.steps.update(state="done")
    closed = timezone.now() - timedelta(days=100)
    PrivacyRequest.objects.filter(pk=request.pk).update(status="completed", closed_at=closed)
    assert destroy_due_keys() == {"destroyed": 1}
    kept.refresh_from_db()
    assert kept.name is None
    assert kept.content is None
    assert kept.sha256  # the proof that there was one
    with pytest.raises(EvidenceError, match="destroyed with its key"):
        read_evidence(kept, actor=hanna)
    assert not TrailEvent.objects.filter(code="evidence.read").exists()


def test_a_key_that_was_destroyed_is_not_made_anew_by_a_file(
    hanna: User, task: ManualTask
) -> None:
    request = task.step.request
    keystore().destroy(request.pk)
    PrivacyRequest.objects.filter(pk=request.pk).update(key_destroyed_at=timezone.now())
    with pytest.raises(EvidenceError):
        add_evidence(task, tasks.pdf(), actor=hanna)
    with pytest.raises(KeyGoneError):
        keystore().get(request.pk)


def test_a_file_of_a_lost_key_is_told_as_gone(hanna: User, task: ManualTask) -> None:
    kept = add_evidence(task, tasks.pdf(), actor=hanna)
    keystore().destroy(task.step.request_id)
    with pytest.raises(EvidenceError, match="nobody can read it"):
        read_evidence(kept, actor=hanna)
