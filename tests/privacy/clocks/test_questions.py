"""What we ask the person, what they answer, and what that does to the clocks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from fluxrouter.foundation.models import TrailEvent
from privacy.admin import queue
from privacy.models import PrivacyRequest, Question
from privacy.services import questions
from privacy.services.clock_watch import follow_clocks
from privacy.services.review import ReviewError
from privacy.services.withdrawal import withdraw
from privacy.states import Status
from tests.privacy.clocks.test_rows import filed
from tests.support.database import BOTH
from tests.support.lives import Clock, pump_once, staff
from tests.support.staff import do_url, member, page_url, signed_in
from tests.support.steps import at_once
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True, databases=BOTH)]
RECEIVED = datetime(2026, 11, 2, 12, tzinfo=UTC)
ADDRESS = "a@example.org"


@pytest.fixture
def clock(world: World) -> Iterator[Clock]:
    with time_machine.travel(RECEIVED, tick=False) as traveller:
        yield Clock(traveller)


def in_review(place: str, *rights: str) -> PrivacyRequest:
    request = filed(place, *rights, received_at=RECEIVED)
    pump_once()
    request.refresh_from_db()
    request.transition_to(Status.IN_REVIEW, verified_at=timezone.now())
    return request


def ask(request: PrivacyRequest, reason: str = "identity") -> Question:
    return questions.ask(
        request,
        actor=staff("first"),
        reason=reason,
        missing="The year of your first invoice.",
        why="Two people use this address.",
    )


def due(request: PrivacyRequest) -> date:
    request.refresh_from_db()
    return request.due_on


@pytest.mark.acceptance("RIGHT-C11")
def test_a_question_goes_out_and_its_answer_comes_back_sealed(world: World, clock: Clock) -> None:
    request = in_review("DE")
    ask(request)
    pump_once()
    letter = world.letters(ADDRESS)[0]
    text = " ".join(letter.text.split())
    assert letter.subject == "We have a question about your privacy request"
    assert "The year of your first invoice." in text
    assert "Two people use this address." in text
    assert "We need nothing else from you." in text
    assert "gives us no more time: we still answer you by 2 December 2026" in text
    assert "Then we destroy its key." in text
    page = world.link(ADDRESS, "/status/")
    person = Client()
    assert "The year of your first invoice." in person.get(page).text
    empty = person.post(page + "answer/", {"answer": " "})
    assert "Write your answer" in empty.text
    assert person.post(page + "answer/", {"answer": "It was 2024."}).status_code == 302
    question = request.questions.get()
    assert question.answered_at == timezone.now()
    assert b"2024" not in bytes(question.answer)
    assert question.read("answer") == "It was 2024."
    assert "We need something from you" not in person.get(page).text
    shown = signed_in(member("Viewer")).get(page_url(request)).text
    assert "It was 2024." in shown
    trail = TrailEvent.objects.filter(chain_id=request.pk)
    assert "2024" not in str(list(trail.values_list("data", flat=True)))


@pytest.mark.acceptance("RIGHT-C12")
@pytest.mark.parametrize(
    ("place", "right", "reason"),
    [
        ("GB", "access", "identity"),
        ("DE", "access", "identity"),
        ("US-CA", "erasure", "identity"),
        ("CA-QC", "access", "clarification"),
    ],
)
def test_what_counsel_has_not_cleared_stops_no_clock_of_ours(
    clock: Clock, place: str, right: str, reason: str
) -> None:
    request = in_review(place, right)
    before = due(request)
    ask(request, reason)
    pump_once()
    clock.forward(timedelta(days=10))
    questions.answer(request, "Here it is.")
    assert due(request) == before


def test_by_the_laws_own_words_the_answer_starts_the_clock_in_the_united_kingdom(
    clock: Clock,
) -> None:
    """T10: the legal date moves with the stored question, and stands still without an answer."""
    request = in_review("GB")
    clock.forward(timedelta(days=2))
    ask(request)
    pump_once()
    assert request.clocks.get(clock="respond").legal_due is None
    page = signed_in(member("Viewer")).get(page_url(request)).text
    assert "stands still until they answer" in page
    clock.forward(timedelta(days=12))
    questions.answer(request, "Here it is.")
    assert request.clocks.get(clock="respond").legal_due == date(2026, 12, 16)


def test_a_question_that_came_back_stops_nothing(clock: Clock) -> None:
    request = in_review("GB")
    legal = request.clocks.get(clock="respond").legal_due
    question = ask(request)
    question.letter.state = "done"
    question.letter.finished_at = timezone.now()
    question.letter.receipt = {"declined": True}
    question.letter.save()
    follow_clocks()
    assert request.clocks.get(clock="respond").legal_due == legal


@pytest.mark.acceptance("RIGHT-C13")
def test_of_two_answers_at_once_the_first_counts_and_the_second_is_told(
    world: World, clock: Clock
) -> None:
    request = in_review("DE")
    ask(request)
    pump_once()
    errors = at_once(
        lambda: questions.answer(request, "one"), lambda: questions.answer(request, "two")
    )
    assert [type(error) for error in errors] == [ReviewError]
    page = world.link(ADDRESS, "/status/") + "answer/"
    late = Client().post(page, {"answer": "three"})
    assert late.status_code == 409
    assert "There is no question to answer" in late.text
    assert request.questions.get().read("answer") in ("one", "two")


def test_a_closed_request_takes_no_answer(world: World, clock: Clock) -> None:
    request = in_review("DE")
    ask(request)
    pump_once()
    page = world.link(ADDRESS, "/status/")
    withdraw(request)
    assert Client().post(page + "answer/", {"answer": "late"}).status_code == 409
    assert request.questions.get().answer is None


@pytest.mark.acceptance("RIGHT-C13")
def test_the_queue_shows_who_is_waited_for_and_that_an_answer_came(clock: Clock) -> None:
    request = in_review("DE")
    shown = lambda: queue.queue().get(pk=request.pk).waits  # noqa: E731
    assert shown() == "decision"
    ask(request)
    assert shown() == "question"
    questions.answer(request, "Here it is.")
    assert shown() == "answered"


def test_one_question_at_a_time_and_only_of_who_confirmed(clock: Clock) -> None:
    request = filed("DE", received_at=RECEIVED)
    with pytest.raises(ReviewError, match="Waiting for confirmation"):
        ask(request)
    request = in_review("DE")
    ask(request)
    with pytest.raises(ReviewError, match="hasn’t answered yet"):
        ask(request)


def test_staff_ask_and_enter_what_came_another_way_with_the_day_it_came(clock: Clock) -> None:
    request = in_review("DE")
    handler = member("Handler")
    given = {"kind": "clarification", "missing": "Which app?", "why": "You have two."}
    assert signed_in(handler).post(do_url(request, "ask"), given).status_code == 302
    pump_once()
    clock.forward(timedelta(days=5))
    client = signed_in(handler)
    on = (RECEIVED + timedelta(days=3)).date().isoformat()
    url = do_url(request, "enter_answer")
    early = client.post(url, {"answer": "The first.", "on": "2026-11-01"})
    assert early.status_code == 409
    future = client.post(url, {"answer": "The first.", "on": "2026-12-01"})
    assert "This day is still to come." in future.text
    assert client.post(url, {"answer": "The first.", "on": on}).status_code == 302
    answered = request.questions.get().answered_at
    assert answered
    assert answered.date().isoformat() == on
    assert client.post(url, {"answer": "Again.", "on": on}).status_code == 409
    viewer = signed_in(member("Viewer"))
    assert viewer.get(do_url(request, "ask")).status_code == 403
