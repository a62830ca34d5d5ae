"""Tasks at processors: due in time, closed with evidence only, watched and reminded of."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from accounts.models import ProviderObject, User
from fluxrouter.foundation.alarms import open_alarms
from privacy.connectors import registry
from privacy.connectors.database import DatabaseConnector
from privacy.connectors.errors import NeedsHumanError
from privacy.models import FulfilmentStep, ManualTask, PrivacyRequest
from privacy.processors import PROCESSORS
from privacy.selectors import progress
from privacy.selectors.tasks import outcomes, unsearched_processors
from privacy.services import manual, review
from privacy.services.evidence import add_evidence
from privacy.services.fulfilment.context import Context
from privacy.services.fulfilment.stages import add_fulfilment
from privacy.services.processor_letters import KNOWN_BY
from privacy.services.reminders import latest_day, remind_tasks
from privacy.services.watch import watch_requests
from tests.support import staff, tasks
from tests.support.database import committed
from tests.support.rows import make_account
from tests.support.steps import at_once
from tests.support.world import World

pytestmark = [committed, pytest.mark.acceptance("PROC-47")]
OFFICER = settings.PRIVACY_OFFICER_EMAIL
Work = Callable[[], int]
State = FulfilmentStep.State


@pytest.fixture
def hanna() -> User:
    return staff.member("Handler", "hanna")


def mails(world: World) -> list[Any]:
    return world.letters(OFFICER)


# Due dates


@pytest.mark.parametrize(
    ("left", "days"), [(30, 14), (17, 14), (16, 13), (5, 2), (3, 0), (1, 0), (-4, 0)]
)
def test_a_task_is_due_in_two_weeks_but_so_that_the_answer_is_in_time(
    left: int, days: int
) -> None:
    request = staff.looked_up("erasure")
    request.due_on = tasks.due_in(left)
    assert manual.due_on(request) == tasks.due_in(days)


def test_what_turns_up_after_the_answer_has_its_two_weeks() -> None:
    request = staff.looked_up("erasure")
    request.status, request.due_on = "partly", tasks.due_in(-60)
    assert manual.due_on(request) == tasks.due_in(14)


def test_a_step_at_a_processor_becomes_one_task_however_often_it_is_tried() -> None:
    task = tasks.open_task()
    step, context = task.step, Context(task.step.request)
    task.delete()
    for _ in range(2):
        with pytest.raises(NeedsHumanError, match="by_hand"):
            manual.wait_for_staff(step, context)
    assert ManualTask.objects.get().processor == "chatbase"


def test_a_right_that_is_done_by_hand_is_no_task_and_needs_no_file(hanna: User) -> None:
    step = staff.by_hand(hanna)
    with pytest.raises(NeedsHumanError):
        manual.wait_for_staff(step, Context(step.request))
    assert not ManualTask.objects.exists()
    review.close_by_hand(step, actor=hanna, reason="Corrected.")
    step.refresh_from_db()
    assert step.state == "done"


def test_what_a_provider_keeps_is_listed_at_the_approval_before_our_rows_go() -> None:
    account = make_account()
    row = {"account_id": account.pk, "created_at": timezone.now()}
    ProviderObject.objects.create(provider="openai", kind="files", object_id="file-1", **row)
    ProviderObject.objects.create(provider="anthropic", kind="files", object_id="file-2", **row)
    request = staff.looked_up("erasure", accounts=[str(account.pk)])
    request.plan = {"database": {"found": {"providerobject": 2}}}
    with registry.use(DatabaseConnector()):
        add_fulfilment(request, grace_ends=timezone.now())
    step = request.steps.get(connector="manual", action="openai")
    assert step.cursor == {"objects": ["files/file-1"]}


# Closing


def test_a_task_without_evidence_is_not_closed(hanna: User) -> None:
    task = tasks.open_task()
    with pytest.raises(review.ReviewError, match="No file shows that it was done"):
        review.close_by_hand(task.step, actor=hanna, reason="I did it.")
    task.step.refresh_from_db()
    assert task.step.state == "parked"
    assert not task.step.request.notes.exists()


def test_a_task_with_evidence_is_closed_and_the_person_sees_how(hanna: User) -> None:
    task = tasks.open_task()
    add_evidence(task, tasks.pdf(), actor=hanna)
    review.close_by_hand(task.step, actor=hanna, reason="Deleted in their dashboard.")
    (found,) = outcomes(task.step.request)
    assert (found.title, found.state, found.files, found.reason) == ("Chatbase", "done", 1, "")
    assert found.at
    assert not progress.declined(task.step.request)


def test_a_declined_task_needs_no_file_and_each_has_its_own_reason(hanna: User) -> None:
    first = tasks.open_task(kind="lead")
    second = tasks.open_task(kind="conversation", request=first.step.request)
    review.close_by_hand(first.step, actor=hanna, reason="They refused.", declined=True)
    review.close_by_hand(second.step, actor=hanna, reason="Not theirs.", declined=True)
    found = {each.what: (each.state, each.reason) for each in outcomes(first.step.request)}
    assert sorted(found.values()) == [("declined", "Not theirs."), ("declined", "They refused.")]
    rights = {each.right for each in progress.declined(first.step.request)}
    assert rights == {"Erase my data, at Chatbase"}


def test_two_staff_who_close_at_once_close_it_once(hanna: User) -> None:
    task = tasks.open_task()
    add_evidence(task, tasks.pdf(), actor=hanna)
    other = staff.member("Approver")

    def close(actor: User, *, declined: bool) -> None:
        step = FulfilmentStep.objects.get(pk=task.step_id)
        review.close_by_hand(step, actor=actor, reason=actor.username, declined=declined)

    errors = at_once(lambda: close(hanna, declined=False), lambda: close(other, declined=True))
    assert [type(error) for error in errors] == [review.ReviewError]
    note = task.step.request.notes.get()
    task.step.refresh_from_db()
    assert task.step.receipt == {"declined": note.author == other}


@pytest.mark.parametrize(("declined", "status"), [(False, "completed"), (True, "partly")])
def test_a_request_is_not_done_while_a_task_is_open(
    world: World, run_work: Work, hanna: User, declined: bool, status: str
) -> None:
    with registry.use(DatabaseConnector()):
        request = staff.reviewed(world, run_work, "erasure")
        review.propose(request, actor=hanna, typed=request.reference, reason="Complete.")
        review.approve(request, actor=staff.member("Approver"), reason="Seen.")
        run_work()
        request.refresh_from_db()
        assert ManualTask.objects.filter(step__request=request).exists()
        for task in ManualTask.objects.filter(step__request=request):
            assert request.status == "fulfilling"
            add_evidence(task, tasks.pdf(), actor=hanna)
            review.close_by_hand(task.step, actor=hanna, reason="So it is.", declined=declined)
            run_work()
            request.refresh_from_db()
        assert request.status == status, list(request.steps.values_list("action", "error"))
    assert ("at Chatbase”: So it is." in world.letters(staff.ANN)[0].body) is declined


def test_a_processor_with_a_task_is_not_listed_as_unseen() -> None:
    task = tasks.open_task()
    keys = {each.key for each in unsearched_processors(task.step.request)}
    assert "chatbase" not in keys
    assert "cloudflare" in keys


# Alarms and reminders


def test_an_overdue_task_raises_an_alarm_until_it_is_closed(hanna: User) -> None:
    task = tasks.open_task(days=0)
    assert watch_requests()["task_overdue"] == 0
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert watch_requests()["task_overdue"] == 1
        alarm = open_alarms().get(code="task_overdue")
        assert alarm.about == f"{task.step.request.reference} chatbase"
        review.close_by_hand(task.step, actor=hanna, reason="They refused.", declined=True)
        assert watch_requests()["task_overdue"] == 0
        assert not open_alarms().filter(code="task_overdue").exists()


DUE = date(2027, 3, 20)


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2027, 3, 12), None),
        (date(2027, 3, 13), date(2027, 3, 13)),
        (date(2027, 3, 18), date(2027, 3, 13)),
        (date(2027, 3, 19), date(2027, 3, 19)),
        (date(2027, 3, 26), date(2027, 3, 19)),
        (date(2027, 3, 27), date(2027, 3, 27)),
        (date(2027, 4, 5), date(2027, 4, 3)),
    ],
)
def test_the_days_to_remind_are_a_week_and_a_day_before_and_each_week_after(
    today: date, day: date | None
) -> None:
    assert latest_day(DUE, today) == day


def test_reminders_come_on_their_days_once_each_and_name_no_person(world: World) -> None:
    task = tasks.open_task(days=10)
    reminded = []
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for day in range(26):
            clock.move_to(start + timedelta(days=day))
            if sum(remind_tasks()["sent"] for _ in range(3)):
                reminded.append(day - 10)
    assert reminded == [-7, -1, 7, 14]
    letters = mails(world)
    assert len(letters) == 4
    text = letters[0].body
    reference = task.step.request.reference
    assert reference in text
    assert f"/admin/privacy/privacyrequest/{task.step.request_id}/change/" in text
    assert staff.ANN not in text
    assert "ann" not in letters[0].subject.lower()


def test_a_day_that_was_missed_is_made_up_for(world: World) -> None:
    tasks.open_task(days=5)
    assert remind_tasks() == {"sent": 1}
    assert remind_tasks() == {"sent": 0}


def test_a_closed_or_cancelled_task_is_not_reminded_of(world: World, hanna: User) -> None:
    task = tasks.open_task(days=1)
    review.close_by_hand(task.step, actor=hanna, reason="They refused.", declined=True)
    cancelled = tasks.open_task(days=1)
    FulfilmentStep.objects.filter(pk=cancelled.step_id).update(state=State.CANCELLED)
    assert remind_tasks() == {"sent": 0}
    assert mails(world) == []


def test_a_reminder_that_failed_is_tried_again(world: World, settings: Any) -> None:
    task = tasks.open_task(days=1)
    right, settings.ANYMAIL = settings.ANYMAIL, {**settings.ANYMAIL, "RESEND_API_KEY": "wrong"}
    assert remind_tasks() == {"sent": 0}
    task.refresh_from_db()
    assert task.reminded_at is None
    settings.ANYMAIL = right
    assert remind_tasks() == {"sent": 1}


# Tables


def test_every_processor_with_a_way_by_hand_or_a_connector_has_its_identifiers() -> None:
    expected = {row.key for row in PROCESSORS if row.task or row.connectors}
    assert KNOWN_BY.keys() == expected


def test_the_request_stays_as_it_is_while_a_task_only_waits() -> None:
    task = tasks.open_task()
    before = PrivacyRequest.objects.values().get(pk=task.step.request_id)
    watch_requests()
    assert PrivacyRequest.objects.values().get(pk=task.step.request_id) == before
