"""Letters to processors: previewed as sent, sent once, to the right address, with few words."""

from collections.abc import Callable

import pytest
from django.conf import settings

from accounts.models import User
from fluxrouter.foundation.keystore import keystore
from fluxrouter.foundation.models import TrailEvent
from privacy.models import FulfilmentStep, ManualTask
from privacy.processors import processor_of
from privacy.selectors import progress
from privacy.services import processor_letters, review
from privacy.services.processor_letters import compose, problem, write_to_processor
from tests.support import staff, tasks
from tests.support.database import committed
from tests.support.steps import at_once
from tests.support.world import World

pytestmark = [committed, pytest.mark.acceptance("PROC-47")]
CHATBASE = processor_of("chatbase").contact
Work = Callable[[], int]


@pytest.fixture
def hanna() -> User:
    return staff.member("Handler", "hanna")


def test_the_letter_is_sent_as_it_was_shown_to_the_processor_alone(
    world: World, run_work: Work, hanna: User
) -> None:
    task = tasks.open_task()
    shown = processor_letters.preview(task, actor=hanna)
    write_to_processor(task, actor=hanna)
    run_work()
    (mail,) = world.letters(CHATBASE)
    assert (mail.subject, mail.body) == (shown.subject, shown.text)
    assert (mail.to, mail.reply_to) == ([CHATBASE], [settings.PRIVACY_OFFICER_EMAIL])
    assert staff.ANN in mail.body
    assert task.step.request.reference in mail.body
    assert settings.PRIVACY_OFFICER_EMAIL in mail.body
    assert not [each for each in world.letters(staff.ANN) if each.subject == shown.subject]
    task.refresh_from_db()
    assert task.letter_at
    step = task.step.request.steps.get(action="processor_erasure")
    assert (step.state, step.receipt, step.object) == ("done", {"sent": 1}, str(task.pk))


def test_the_trail_says_who_saw_and_who_sent_and_names_nobody(
    world: World, run_work: Work, hanna: User
) -> None:
    task = tasks.open_task()
    processor_letters.preview(task, actor=hanna)
    write_to_processor(task, actor=hanna)
    run_work()
    events = TrailEvent.objects.filter(chain_id=task.step.request_id, actor=str(hanna.pk))
    assert list(events.order_by("seq").values_list("code", "data")) == [
        ("processor.letter_shown", {"processor": "chatbase"}),
        ("processor.written", {"processor": "chatbase", "how": "mail"}),
    ]
    assert "ann.lee" not in str(list(TrailEvent.objects.values_list("data", flat=True)))


def test_a_letter_is_written_once_also_by_two_at_once(
    world: World, run_work: Work, hanna: User
) -> None:
    task = tasks.open_task()

    def write() -> None:
        write_to_processor(ManualTask.objects.get(pk=task.pk), actor=hanna)

    errors = at_once(write, write)
    assert [type(error) for error in errors] == [review.ReviewError]
    run_work()
    with pytest.raises(review.ReviewError, match="written already"):
        write()
    assert len(world.letters(CHATBASE)) == 1


def test_a_letter_of_a_task_that_was_closed_meanwhile_is_not_sent(
    world: World, run_work: Work, hanna: User
) -> None:
    task = tasks.open_task()
    write_to_processor(task, actor=hanna)
    review.close_by_hand(task.step, actor=hanna, reason="Not needed.", declined=True)
    run_work()
    assert world.letters(CHATBASE) == []
    with pytest.raises(review.ReviewError, match="isn’t open"):
        write_to_processor(task, actor=hanna)


def test_a_processor_with_a_web_form_gets_no_mail_and_the_day_is_kept(hanna: User) -> None:
    task = tasks.open_task("gemini", objects=["files/abc"])
    write_to_processor(task, actor=hanna)
    task.refresh_from_db()
    assert task.letter_at
    assert not FulfilmentStep.objects.filter(action="processor_erasure").exists()
    assert TrailEvent.objects.get(code="processor.written").data["how"] == "form"


def test_a_model_provider_learns_its_own_object_ids_and_no_address() -> None:
    text = compose(tasks.open_task("openai", objects=["files/file-1"])).text
    assert "files/file-1" in text
    assert staff.ANN not in text


def test_without_anything_to_know_the_person_by_there_is_no_letter() -> None:
    assert problem(tasks.open_task("openai")) == (
        "We hold nothing that this processor knows the person by."
    )
    assert problem(tasks.open_task("chatbase")) == ""


def test_without_the_requests_key_there_is_no_letter() -> None:
    task = tasks.open_task()
    keystore().destroy(task.step.request_id)
    assert "nobody can say whom it is about" in problem(task)


def test_a_processor_has_three_days_at_least_however_late_we_are() -> None:
    text = compose(tasks.open_task(days=-5)).text
    assert f"by {tasks.due_in(3):%-d %B %Y}" in text


def test_the_letter_names_the_user_id_where_the_processor_knows_it() -> None:
    task = tasks.open_task()
    task.step.request.refs = {"auth_users": ["5e7a3c1e-0000-4000-8000-000000000000"]}
    assert "User id: 5e7a3c1e" in compose(task).text


def test_nobody_is_erased_at_a_processor_who_asked_for_a_correction(
    world: World, run_work: Work, hanna: User
) -> None:
    """Resend hands a correction over when the new address has a contact of its own."""
    task = tasks.open_task("resend", "contact", request=staff.looked_up("rectification"))
    assert "asked for none" in problem(task)
    with pytest.raises(review.ReviewError, match="asked for none"):
        write_to_processor(task, actor=hanna)
    assert not FulfilmentStep.objects.filter(action="processor_erasure").exists()
    review.close_by_hand(task.step, actor=hanna, reason="Hers already.", declined=True)
    [declined] = progress.declined(task.step.request)
    assert (declined.right, declined.reason) == ("Correct my data, at Resend", "Hers already.")
