"""Staff at tasks: the request's page, the list, letters, files in and out, closing."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import ROLES
from fluxrouter.foundation.models import TrailEvent
from privacy.models import Evidence, FulfilmentStep, ManualTask
from privacy.services import review
from privacy.services.evidence import LARGEST, Upload, add_evidence
from tests.support import staff, tasks

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.acceptance("PROC-47"),
]
LIST = "/admin/privacy/manualtask/"
QUEUE = "/admin/privacy/privacyrequest/"


@pytest.fixture
def hanna() -> User:
    return staff.member("Handler", "hanna")


@pytest.fixture
def client(hanna: User) -> Client:
    return staff.signed_in(hanna)


@pytest.fixture
def task() -> ManualTask:
    return tasks.open_task()


def url(task: ManualTask, name: str) -> str:
    return staff.do_url(task.step.request, name, task.step)


def page(client: Client, task: ManualTask) -> str:
    return str(client.get(staff.page_url(task.step.request)).text)


def file_url(kept: Evidence) -> str:
    return reverse("admin:privacy_manualtask_evidence", args=[kept.pk])


# The request's page


def test_the_page_says_what_is_to_be_done_where_and_until_when(client: Client) -> None:
    first = tasks.open_task(days=5)
    tasks.open_task(kind="lead", request=first.step.request, days=-2)
    text = page(client, first)
    assert "To do by hand" in text
    assert "delete them" in text
    assert "No call does it at Chatbase, so have it done there: " in text
    assert re.search(r'aria-hidden="true">◆</span> 5 days left', text)
    assert re.search(r'aria-hidden="true">▲</span> Overdue by 2 days', text)
    assert "Not written." in text
    assert "None yet." in text
    for name in ("write_letter", "add_evidence", "close_step"):
        assert f'href="{url(first, name)}"' in text
    assert staff.ANN not in text


def test_a_request_without_tasks_has_no_such_section(client: Client) -> None:
    text = client.get(staff.page_url(staff.looked_up("erasure"))).text
    assert "To do by hand" not in text


def test_what_a_provider_keeps_is_listed(client: Client) -> None:
    text = page(client, tasks.open_task("openai", objects=["files/file-1"]))
    assert "<code>files/file-1</code>" in text


def test_a_closed_task_stays_on_the_page_and_has_no_buttons(
    client: Client, hanna: User, task: ManualTask
) -> None:
    add_evidence(task, tasks.pdf(), actor=hanna)
    review.close_by_hand(task.step, actor=hanna, reason="Deleted.")
    text = page(client, task)
    assert re.search(r'aria-hidden="true">✓</span> Done', text)
    assert "1. PDF" in text
    for name in ("write_letter", "add_evidence", "close_step"):
        assert url(task, name) not in text
        assert client.post(url(task, name), {}).status_code == 409


@pytest.mark.acceptance("MAIN-24")
@pytest.mark.parametrize("state", FulfilmentStep.State)
def test_only_an_open_task_has_buttons_and_no_post_gets_further(
    client: Client, task: ManualTask, state: str
) -> None:
    FulfilmentStep.objects.filter(pk=task.step_id).update(state=state)
    text = page(client, task)
    before = TrailEvent.objects.count()
    for name in ("write_letter", "add_evidence", "close_step"):
        assert (f'href="{url(task, name)}"' in text) is (state == "parked")
        if state != "parked":
            given = {"outcome": "declined", "reason": "No.", **tasks.sent(tasks.PDF)}
            assert client.post(url(task, name), given).status_code == 409
    assert TrailEvent.objects.count() == before


# Closing


def test_closing_asks_for_a_file_before_and_again_when_it_is_tried(
    client: Client, task: ManualTask
) -> None:
    assert "add one first" in client.get(url(task, "close_step")).text
    answer = client.post(url(task, "close_step"), {"outcome": "done", "reason": "I did it."})
    assert answer.status_code == 200
    assert "No file shows that it was done" in answer.text
    assert "I did it." in answer.text  # what was written isn't lost
    task.step.refresh_from_db()
    assert task.step.state == "parked"


def test_a_task_can_be_declined_without_a_file(client: Client, task: ManualTask) -> None:
    answer = client.post(
        url(task, "close_step"), {"outcome": "declined", "reason": "They refused."}
    )
    assert answer.status_code == 302
    task.step.refresh_from_db()
    assert (task.step.state, task.step.receipt) == ("done", {"declined": True})
    assert "They refused." in page(client, task)


# Files in


def test_a_file_is_sent_closed_with_and_saved_again(
    client: Client, hanna: User, task: ManualTask
) -> None:
    assert 'enctype="multipart/form-data"' in client.get(url(task, "add_evidence")).text
    sent = client.post(url(task, "add_evidence"), tasks.sent(tasks.PDF, "ann.lee gone.pdf"))
    assert sent.status_code == 302
    kept = task.evidence.get()
    text = page(client, task)
    assert "1. PDF" in text
    assert kept.sha256 in text
    assert "ann.lee gone" not in text
    assert "add one first" not in client.get(url(task, "close_step")).text
    closed = client.post(url(task, "close_step"), {"outcome": "done", "reason": "Deleted."})
    assert closed.status_code == 302
    answer = client.post(file_url(kept))
    assert answer.content == tasks.PDF
    assert TrailEvent.objects.get(code="evidence.read").actor == str(hanna.pk)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html><script>alert(1)</script>", "whatever its name says"),
        (b"<svg onload='alert(1)'/>", "whatever its name says"),
        (b"PK\x03\x04zip", "whatever its name says"),
        (b"", "empty"),
        (b"a" * (LARGEST + 1), "larger than 5 MiB"),
    ],
)
def test_a_file_that_is_not_taken_is_told_and_nothing_is_kept(
    client: Client, task: ManualTask, content: bytes, says: str
) -> None:
    answer = client.post(url(task, "add_evidence"), tasks.sent(content))
    assert answer.status_code == 200
    assert says in answer.text
    assert "<title>Error: " in answer.text
    assert not Evidence.objects.exists()


class Unread(io.RawIOBase):
    """A body that must not be touched."""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("the body was read")


def post_unread(client: Client, path: str, length: int) -> Any:
    environ: dict[str, Any] = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(length)}
    return client.generic("POST", path, b"x", "multipart/form-data; boundary=b", **environ)


def test_what_is_far_too_large_is_refused_before_it_is_read(
    client: Client, task: ManualTask
) -> None:
    answer = post_unread(client, url(task, "add_evidence"), 200 * 1024 * 1024)
    assert answer.status_code == 413
    assert "larger than 5 MiB, and was not read" in answer.text


def test_who_may_not_add_a_file_is_told_before_it_is_read(task: ManualTask) -> None:
    viewer = staff.signed_in(staff.member("Viewer"))
    for length in (1000, 200 * 1024 * 1024):
        assert post_unread(viewer, url(task, "add_evidence"), length).status_code == 403
        assert post_unread(Client(), url(task, "add_evidence"), length).status_code == 302


def test_a_file_without_the_forms_token_is_refused(hanna: User, task: ManualTask) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(hanna)
    assert strict.post(url(task, "add_evidence"), tasks.sent(tasks.PDF)).status_code == 403
    assert not Evidence.objects.exists()
    form = strict.get(url(task, "add_evidence")).text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token
    good = {"csrfmiddlewaretoken": token[1], **tasks.sent(tasks.PDF)}
    assert strict.post(url(task, "add_evidence"), good).status_code == 302


def test_no_file_touches_the_disk_on_any_page(
    settings: Any, client: Client, task: ManualTask, tmp_path: Any
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "not-there"
    client.post(url(task, "add_evidence"), tasks.sent(b"a" * LARGEST))
    assert task.evidence.get().size == LARGEST
    big = tasks.sent(b"a" * (LARGEST + 200_000))
    assert Client().post("/privacy/", big).status_code < 500


# Files out


def test_a_file_comes_as_an_attachment_that_no_browser_opens(
    client: Client, hanna: User, task: ManualTask
) -> None:
    add_evidence(task, tasks.pdf(), actor=hanna)
    kept = add_evidence(task, Upload("page.html\u202e", b"text"), actor=hanna)
    answer = client.post(file_url(kept))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="evidence-2.txt"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.acceptance("UX-S25", "SEC-08")
@pytest.mark.parametrize("role", sorted(ROLES))
def test_only_who_may_reveal_saves_a_file(role: str, hanna: User, task: ManualTask) -> None:
    kept = add_evidence(task, tasks.pdf(), actor=hanna)
    may = role in ("Handler", "Approver")
    client = staff.signed_in(staff.member(role, "me"))
    assert (file_url(kept) in page(client, task)) is may
    assert client.post(file_url(kept)).status_code == (200 if may else 403)
    assert TrailEvent.objects.filter(code="evidence.read").count() == may


def test_a_link_alone_saves_nothing(client: Client, hanna: User, task: ManualTask) -> None:
    kept = add_evidence(task, tasks.pdf(), actor=hanna)
    assert client.get(file_url(kept)).status_code == 302
    assert not TrailEvent.objects.filter(code="evidence.read").exists()
    assert Client().post(file_url(kept)).url.startswith("/admin/login/")


def test_a_file_whose_key_is_gone_is_told_so(
    client: Client, hanna: User, task: ManualTask
) -> None:
    kept = add_evidence(task, tasks.pdf(), actor=hanna)
    Evidence.objects.update(name=None, content=None)
    answer = client.post(file_url(kept))
    assert answer.status_code == 409
    assert "destroyed with its key" in answer.text


# Letters


def test_the_letter_is_shown_as_it_will_be_sent_and_who_saw_it_is_kept(
    client: Client, hanna: User, task: ManualTask
) -> None:
    text = client.get(url(task, "write_letter")).text
    assert "support@chatbase.co" in text
    assert staff.ANN in text
    assert ">Send this letter</button>" in text
    assert TrailEvent.objects.get(code="processor.letter_shown").actor == str(hanna.pk)
    assert client.post(url(task, "write_letter")).status_code == 302
    assert "On its way." in page(client, task)
    assert client.post(url(task, "write_letter")).status_code == 409
    assert staff.ANN not in page(client, task)


def test_a_letter_for_a_web_form_is_copied_and_noted(client: Client) -> None:
    task = tasks.open_task("gemini", objects=["files/abc"])
    text = client.get(url(task, "write_letter")).text
    assert 'href="https://support.google.com/cloud/contact/dpo"' in text
    assert ">I sent it</button>" in text
    assert "files/abc" in text
    client.post(url(task, "write_letter"))
    assert "Sent through their form on " in page(client, task)


def test_without_anything_to_know_the_person_by_there_is_no_button(client: Client) -> None:
    task = tasks.open_task("openai")
    assert url(task, "write_letter") not in page(client, task)
    answer = client.get(url(task, "write_letter"))
    assert answer.status_code == 409
    assert "knows the person by" in answer.text


@pytest.mark.parametrize("name", ["write_letter", "add_evidence"])
def test_a_right_that_is_done_by_hand_has_no_letter_and_no_files(name: str) -> None:
    approver = staff.member("Approver")
    step = staff.by_hand(approver)
    answer = staff.signed_in(approver).post(staff.do_url(step.request, name, step), {})
    assert answer.status_code == 409


# The list, the dashboard, the queue


def test_the_list_has_the_soonest_due_first_and_leads_to_the_request(client: Client) -> None:
    later, late = tasks.open_task(days=9), tasks.open_task("openai", days=-1)
    closed = tasks.open_task(days=-3)
    staff_member = staff.member("Approver")
    review.close_by_hand(closed.step, actor=staff_member, reason="No.", declined=True)
    text = client.get(LIST).text
    found = re.findall(r'href="[^"]+/change/#by-hand">(FR-\w{4}-\w{4})', text)
    assert found == [late.step.request.reference, later.step.request.reference]
    overdue = client.get(f"{LIST}?due=overdue").text
    assert late.step.request.reference in overdue
    assert later.step.request.reference not in overdue
    assert closed.step.request.reference in client.get(f"{LIST}?state=all").text
    assert staff.ANN not in text


def test_the_list_asks_the_database_as_often_for_many_tasks_as_for_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        tasks.open_task()
    with django_assert_max_num_queries(20):
        client.get(LIST)


def test_a_task_of_the_list_leads_to_its_request_and_is_changed_nowhere(
    client: Client, task: ManualTask
) -> None:
    change = f"{LIST}{task.pk}/change/"
    answer = client.get(change)
    assert answer.url == f"{staff.page_url(task.step.request)}#by-hand"
    assert client.post(change, {"due_on": "2030-01-01"}).status_code == 403
    assert client.post(f"{LIST}{task.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403


def test_the_dashboard_counts_open_tasks(client: Client, task: ManualTask) -> None:
    text = client.get("/admin/").text
    assert f'<a href="{LIST}"><span class="number">1</span>' in text


def test_the_queue_names_the_processor_that_is_waited_for(client: Client) -> None:
    task = tasks.open_task()
    text = client.get(QUEUE).text
    assert "Staff: a task at Chatbase; the systems" in text
    tasks.open_task("openai", request=task.step.request, days=11)
    assert "Staff: tasks at Chatbase, OpenAI; the systems" in client.get(QUEUE).text
    staff.parked(task.step.request, "stripe:prepare")
    assert "Staff: a parked step, and tasks at Chatbase, OpenAI" in client.get(QUEUE).text
    other = staff.looked_up("access")
    staff.parked(other, "mail:confirmed")
    shown = client.get(f"{QUEUE}?waiting=task").text
    assert task.step.request.reference in shown
    assert other.reference not in shown


def test_the_timeline_says_it_in_words(client: Client, hanna: User, task: ManualTask) -> None:
    client.get(url(task, "write_letter"))
    client.post(url(task, "write_letter"))
    add_evidence(task, tasks.pdf(), actor=hanna)
    text = page(client, task)
    assert "Letter to the processor shown before it was sent" in text
    assert "Chatbase; by e-mail" in text
    assert "File added that shows it" in text
    assert "Chatbase; application/pdf" in text
