"""What our staff do by hand, as the person reads it: open, done with files, or declined."""

import pytest
from django.utils import timezone

from accounts.models import User
from privacy.models import FulfilmentStep, ManualTask, RequestNote
from privacy.selectors.systems import erasure_finished_at
from privacy.services import review
from privacy.services.evidence import add_evidence
from tests.support import staff, tasks
from tests.support.database import committed
from tests.support.visitor import Visitor, link

pytestmark = [committed, pytest.mark.acceptance("PROC-47")]


@pytest.fixture
def hanna() -> User:
    return staff.member("Handler", "hanna")


def seen(task: ManualTask, part: str = "") -> Visitor:
    return Visitor().get(link(task.step.request, "status") + part)


def last_looks(task: ManualTask) -> None:
    """Every system was looked at for the last time."""
    for name in ("database", "stripe", "supabase_auth"):
        FulfilmentStep.objects.create(
            request=task.step.request,
            connector=name,
            action="verify",
            position=60,
            state="done",
            not_before=timezone.now(),
            finished_at=timezone.now(),
        )


def test_an_open_task_says_that_it_is_not_done() -> None:
    page = seen(tasks.open_task())
    assert "Chatbase Our staff see to this by hand. It isn’t done yet." in page.text


def test_a_closed_task_says_when_and_by_how_many_files(hanna: User) -> None:
    task = tasks.open_task(kind="lead")
    add_evidence(task, tasks.pdf(), actor=hanna)
    review.close_by_hand(task.step, actor=hanna, reason="Seen by nobody else.")
    page = seen(task)
    today = f"{timezone.now():%-d %B %Y}"
    assert f"Deleted by hand on {today}, shown by 1 file that we keep." in page.text
    assert "Seen by nobody else." not in page.text


def test_a_declined_task_says_why_until_its_key_is_gone(hanna: User) -> None:
    task = tasks.open_task()
    review.close_by_hand(task.step, actor=hanna, reason="They must keep it.", declined=True)
    page = seen(task)
    assert "Declined on" in page.text
    assert "The reason: They must keep it." in page.text
    RequestNote.objects.update(text=None)
    assert "We no longer keep the text of the reason." in seen(task).text


def test_there_is_no_certificate_before_the_tasks_are_closed(hanna: User) -> None:
    task = tasks.open_task()
    last_looks(task)
    assert erasure_finished_at(task.step.request) is None
    assert seen(task, "certificate/").status == 404
    add_evidence(task, tasks.pdf(), actor=hanna)
    review.close_by_hand(task.step, actor=hanna, reason="Deleted.")
    page = seen(task, "certificate/")
    assert page.status == 200
    assert "Deleted by hand on" in page.text
    assert "Log of our letters" in page.text  # no system's own list has it


def test_a_task_that_came_after_the_answer_takes_no_certificate_back() -> None:
    task = tasks.open_task()
    last_looks(task)
    request = task.step.request
    type(request).objects.filter(pk=request.pk).update(status="partly", closed_at=timezone.now())
    page = seen(task, "certificate/")
    assert page.status == 200
    assert "It isn’t done yet." in page.text
