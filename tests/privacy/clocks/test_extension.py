"""More time: only as the laws allow it, and only once the person was told in time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.models import TrailEvent
from privacy.deadlines.reasons import REASONS
from privacy.models import PrivacyRequest, SentLetter
from privacy.regimes.loader import regime_files
from privacy.selectors import extending
from privacy.services import extensions, review
from privacy.services.clock_watch import follow_clocks, watch_clocks
from privacy.services.clocks import follow
from privacy.services.review import ReviewError
from privacy.states import Status
from tests.privacy.clocks.test_rows import filed
from tests.support.database import BOTH
from tests.support.lives import Clock, pump_once, staff
from tests.support.staff import do_url, member, page_url, signed_in
from tests.support.steps import at_once
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True, databases=BOTH)]
RECEIVED = datetime(2026, 11, 24, 12, tzinfo=UTC)


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


def extend(request: PrivacyRequest, *reasons: str, until: date | None = None) -> None:
    extensions.extend(
        request,
        actor=staff("first"),
        reasons=list(reasons or ["complexity"]),
        explanation="Your data lies in three archives.",
        until=until or extending.latest_allowed(request) or date(2027, 1, 31),
    )


def due(request: PrivacyRequest) -> date:
    request.refresh_from_db()
    return request.due_on


@pytest.mark.acceptance("RIGHT-C06")
@pytest.mark.parametrize(
    ("place", "reason", "until"),
    [
        ("DE", "complexity", "2027-01-23"),  # our own cap of 60 days; the law has three months
        ("US-CA", "complexity", "2027-01-23"),
        ("US-FL", "complexity", "2027-01-23"),
        ("US-UT", "volume_of_requests", "2027-01-23"),
        ("CA", "consultations", "2027-01-23"),
        ("AU", "complexity", "2027-01-23"),
        ("", "complexity", "2027-01-23"),
    ],
)
def test_a_notice_in_time_moves_the_date_to_what_the_person_was_told(
    clock: Clock, place: str, reason: str, until: str
) -> None:
    request = in_review(place)
    before = due(request)
    assert extending.latest_allowed(request) == date.fromisoformat(until)
    extend(request, reason)
    assert due(request) == before  # announced is not told
    pump_once()
    assert due(request) == date.fromisoformat(until)
    answer = request.clocks.get(clock="respond")
    assert answer.extended
    moved = TrailEvent.objects.get(chain_id=request.pk, code="request.due_moved")
    assert moved.data == {"was": before.isoformat(), "now": until}


def test_an_earlier_day_than_the_law_allows_binds_us(clock: Clock) -> None:
    request = in_review("DE")
    extend(request, until=date(2027, 1, 4))
    pump_once()
    assert due(request) == date(2027, 1, 4)
    assert request.clocks.get(clock="respond").bounded_by == "notice"


@pytest.mark.acceptance("RIGHT-C07")
def test_the_letter_says_why_how_long_until_when_and_how_to_complain(
    world: World, clock: Clock
) -> None:
    extend(in_review("CA"), "consultations")
    pump_once()
    letter = world.letters("a@example.org")[0]
    assert letter.subject == "We need longer for your privacy request"
    text = " ".join(letter.text.split())
    assert "by 24 December 2026. We need 30 more days, and answer you by 23 January 2027" in text
    assert "We have to ask others before we can answer you." in text
    assert "Your data lies in three archives." in text
    assert "PIPEDA s. 8(4)" in text
    assert "object and complain now" in text


@pytest.mark.acceptance("RIGHT-C08")
@pytest.mark.parametrize("place", ["CA-QC", "BR", "JP"])
def test_where_a_law_knows_no_extension_the_action_says_so(clock: Clock, place: str) -> None:
    request = in_review(place)
    assert "knows no extension" in extensions.why_not(request)
    with pytest.raises(ReviewError, match="knows no extension"):
        extend(request)
    client = signed_in(member("Approver"))
    assert client.get(do_url(request, "extend")).status_code == 409
    assert ">Extend<" not in client.get(page_url(request)).text


def test_what_must_be_done_at_once_can_not_be_extended(clock: Clock) -> None:
    request = filed("US-CA", "opt_out", received_at=RECEIVED)
    PrivacyRequest.objects.filter(pk=request.pk).update(status="in_review", closed_at=None)
    request.refresh_from_db()
    assert "no law gives more time" in extensions.why_not(request)


@pytest.mark.acceptance("RIGHT-C09")
def test_a_notice_that_goes_out_late_moves_nothing_and_raises_an_alarm(clock: Clock) -> None:
    request = in_review("DE")
    before = due(request)
    clock.forward(timedelta(days=30) - timedelta(hours=1))  # the last day
    extend(request)
    clock.forward(timedelta(days=2))  # the worker stood still
    pump_once()
    assert request.steps.get(action="extension").state == "done"
    assert due(request) == before
    assert not request.clocks.filter(extended=True).exists()
    watch_clocks()
    assert set(open_alarms().filter(code="extension_void").values_list("about", flat=True)) == {
        request.reference
    }
    with pytest.raises(ReviewError, match="second extension"):
        extend(request)


def test_the_day_of_the_notice_is_the_latest_on_any_calendar_that_counts(clock: Clock) -> None:
    """In Sydney it is tomorrow already."""
    for hours, told_in_time in ((0, True), (2, False)):
        request = in_review("AU")
        by = extending.notice_due(request)
        assert by
        # 12:00 UTC is 23:00 in Sydney; two hours later the next day has begun there.
        with time_machine.travel(
            datetime.combine(by, RECEIVED.time(), UTC) + timedelta(hours=hours), tick=False
        ):
            assert (extending.latest_allowed(request) is not None) is told_in_time
        request.clocks.all().delete()


def test_too_late_to_tell_is_said_before_a_letter_is_written(clock: Clock) -> None:
    request = in_review("DE")
    clock.forward(timedelta(days=31))
    assert "had to be told by 24 December 2026" in extensions.why_not(request)


@pytest.mark.acceptance("RIGHT-C10")
def test_a_reason_that_a_law_does_not_accept_gives_no_time(clock: Clock) -> None:
    request = in_review("CA")
    with pytest.raises(ReviewError, match=r"stays due on 24 December 2026\. Each law"):
        extend(request, "complexity")
    with pytest.raises(ReviewError, match="reasons that a law knows"):
        extend(request, "backlog")
    with pytest.raises(ReviewError, match="until 23 January 2027 at the latest"):
        extend(request, "consultations", until=date(2027, 1, 24))
    with pytest.raises(ReviewError, match="due on 24 December 2026 anyway"):
        extend(request, "consultations", until=date(2026, 12, 24))
    assert not request.steps.filter(action="extension").exists()


def test_two_at_once_make_one_extension(clock: Clock) -> None:
    request = in_review("DE")
    errors = at_once(lambda: extend(request), lambda: extend(request))
    assert [type(error) for error in errors] == [ReviewError]
    assert request.steps.filter(action="extension").count() == 1


def test_a_letter_that_comes_back_takes_the_time_back_and_may_be_written_anew(
    clock: Clock,
) -> None:
    request = in_review("DE")
    before = due(request)
    extend(request)
    pump_once()
    assert due(request) > before
    SentLetter.objects.filter(step__action="extension").update(state="bounced")
    follow_clocks()
    assert due(request) == before
    extend(request)
    pump_once()
    assert due(request) > before


def test_following_at_once_from_many_places_is_following_once(clock: Clock) -> None:
    request = in_review("DE")
    extend(request)
    pump_once()
    request.clocks.update(safe_due=date(2026, 12, 1), extended=False)
    PrivacyRequest.objects.filter(pk=request.pk).update(due_on=date(2026, 12, 1))
    number = request.clocks.count()
    assert at_once(*[lambda: follow(request.pk)] * 4) == []
    assert due(request) == date(2027, 1, 23)
    assert request.clocks.count() == number
    moves = TrailEvent.objects.filter(chain_id=request.pk, code="request.due_moved")
    assert [event.data["now"] for event in moves] == ["2027-01-23"] * 2  # the letter, the repair


def test_staff_who_could_not_tell_the_person_get_no_time(clock: Clock) -> None:
    request = in_review("DE")
    before = due(request)
    extend(request)
    request.steps.filter(action="extension").update(state="parked", error="refused")
    step = request.steps.get(action="extension")
    review.close_by_hand(step, actor=staff("a"), reason="No other way.", declined=True)
    follow_clocks()
    assert due(request) == before
    assert extensions.why_not(request) == ""


def test_it_is_for_approvers_and_the_form_shows_which_law_accepts_what(clock: Clock) -> None:
    request = in_review("CA")
    assert signed_in(member("Handler")).get(do_url(request, "extend")).status_code == 403
    client = signed_in(member("Approver"))
    page = client.get(do_url(request, "extend")).text
    assert "We must consult others before we can answer (Canada)" in page
    assert "This request is complex" not in page
    assert 'value="2027-01-23"' in page
    given: dict[str, Any] = {
        "reasons": ["consultations"],
        "explanation": "We ask a bank.",
        "until": "2027-02-01",
    }
    wrong = client.post(do_url(request, "extend"), given)
    assert "until 23 January 2027 at the latest" in wrong.text
    fine = {**given, "until": "2027-01-10"}
    seen = client.post(do_url(request, "extend"), {**fine, "see": "1"}).text
    assert "answer you by 10 January 2027" in " ".join(seen.split())
    assert not request.extensions.exists()
    right = client.post(do_url(request, "extend"), fine)
    assert right.status_code == 302
    pump_once()
    assert due(request) == date(2027, 1, 10)
    shown = client.get(page_url(request)).text
    assert "Told on 24 November 2026, in time." in shown
    assert "We ask a bank." in shown
    assert "Earlier by the day that the person was told" in shown


def test_every_ground_of_every_law_is_in_the_table() -> None:
    named = {
        ground
        for regime in regime_files().values()
        for rule in (regime.extensions.respond, regime.extensions.appeal)
        if rule and rule.value
        for ground in rule.value.grounds or ()
    }
    assert named <= REASONS.keys()
    assert "backlog" not in REASONS
