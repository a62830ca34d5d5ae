"""After a request is closed, the key to its contact details goes with the time to appeal."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from fluxrouter.foundation.keystore import KeyGoneError, keystore
from fluxrouter.foundation.models import TrailEvent
from fluxrouter.foundation.trail.verify import verify_trail
from privacy.models import PrivacyRequest, RequestNote
from privacy.selectors import appeal_window
from privacy.services import appeal_decisions, appeals
from privacy.services.closing import destroy_due_keys
from privacy.services.review import ReviewError, write_note
from tests.support.appeals import denied, person
from tests.support.database import rolled_back
from tests.support.rows import end_steps, long_closed, make_request

pytestmark = [rolled_back, pytest.mark.acceptance("MAIN-42")]


LONG_AGO = 93  # days: the law's ninety and the time until they are over everywhere


def closed_request(days: float = LONG_AGO) -> PrivacyRequest:
    request = make_request(**long_closed(days))
    end_steps(request)
    return request


def test_the_key_goes_and_with_it_address_index_details_and_notes() -> None:
    request = closed_request()
    note = RequestNote(request=request, about="denied", written_at=timezone.now())
    note.write("text", "Seen.")
    note.save()
    assert destroy_due_keys() == {"destroyed": 1}
    request.refresh_from_db()
    note.refresh_from_db()
    for sealed in (request.email, request.email_index, request.details, note.text):
        assert sealed is None
    assert request.key_destroyed_at
    with pytest.raises(KeyGoneError):
        keystore().get(request.pk)
    assert (
        TrailEvent.objects.filter(code="request.key_destroyed", chain_id=request.pk).count() == 1
    )
    assert verify_trail() == []


def test_it_is_done_once() -> None:
    closed_request()
    assert destroy_due_keys() == {"destroyed": 1}
    assert destroy_due_keys() == {"destroyed": 0}


def test_a_crash_after_the_key_went_is_finished_by_the_next_run() -> None:
    request = closed_request()
    keystore().destroy(request.pk)
    assert destroy_due_keys() == {"destroyed": 1}


@pytest.mark.acceptance("RIGHT-A12")
def test_not_a_moment_before_the_appeal_window_of_its_laws_ends(settings: Any) -> None:
    """Default's ninety days are longer than our setting."""
    request = closed_request(0)
    last = appeal_window.last_day(request)
    assert last == request.closed_at.date() + timedelta(days=90)
    goes_on = appeal_window.key_goes_on(request)
    assert goes_on == last + timedelta(days=2)  # by then it is over everywhere
    begins = datetime.combine(goes_on, time(), tzinfo=UTC)
    for moment, destroyed in ((begins - timedelta(seconds=1), 0), (begins, 1)):
        with time_machine.travel(moment, tick=False):
            assert destroy_due_keys() == {"destroyed": destroyed}


@pytest.mark.acceptance("RIGHT-A12")
@pytest.mark.parametrize(
    ("country", "state", "days", "last"),
    [("DE", "", 120, 120), ("GB", "", 60, 60), ("US", "CO", 1, 90), ("DE", "", 1, 90)],
)
def test_of_the_setting_and_the_law_the_longer_window_counts(
    settings: Any, country: str, state: str, days: int, last: int
) -> None:
    """The United Kingdom's has no end: there the setting is what we promise."""
    settings.APPEAL_WINDOW = timedelta(days=days)
    request = denied(country=country, state=state)
    assert appeal_window.last_day(request) == request.closed_at.date() + timedelta(days=last)


@pytest.mark.acceptance("RIGHT-A12")
def test_what_was_withdrawn_can_not_be_appealed_so_its_key_goes_with_the_setting(
    settings: Any,
) -> None:
    request = make_request(**{**long_closed(0), "status": "withdrawn"})
    assert appeal_window.last_day(request) == (request.closed_at + settings.APPEAL_WINDOW).date()


@pytest.mark.acceptance("RIGHT-A13")
@pytest.mark.parametrize("kind", ["appeal", "complaint"])
def test_an_open_appeal_or_complaint_keeps_the_key_and_its_end_gives_time(kind: str) -> None:
    request = closed_request(0)
    appeals.submit(request, kind, "Look again.")
    end_steps(request)
    assert appeal_window.key_goes_on(request) is None
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert destroy_due_keys() == {"destroyed": 0}
        appeals.withdraw(request, kind)
        end_steps(request)
        assert destroy_due_keys() == {"destroyed": 1}
    appeal = request.appeals.get()
    assert appeal.text is None  # it goes with the key


@pytest.mark.acceptance("RIGHT-A13")
def test_after_a_decision_the_person_has_our_own_window_again(settings: Any) -> None:
    request = closed_request(0)
    appeals.submit(request, "appeal", "Look again.")
    with time_machine.travel(timezone.now() + timedelta(days=85)):
        appeal_decisions.decide(
            request, "appeal", actor=person("tess"), outcome="rejected", reasons="No."
        )
        end = timezone.now().date() + settings.APPEAL_WINDOW + timedelta(days=2)
    assert appeal_window.key_goes_on(request) == end


def test_an_open_request_keeps_its_key_however_old() -> None:
    request = make_request()
    with time_machine.travel(timezone.now() + timedelta(days=900)):
        assert destroy_due_keys() == {"destroyed": 0}
    assert request.read("email") == "ann.lee@example.org"


@pytest.mark.parametrize("state", ["blocked", "ready", "running", "parked"])
def test_a_step_that_waits_keeps_the_key_for_its_letter(state: str) -> None:
    request = closed_request()
    request.steps.update(state=state)
    assert destroy_due_keys() == {"destroyed": 0}
    end_steps(request)
    assert destroy_due_keys() == {"destroyed": 1}


def test_a_cancelled_step_keeps_nothing() -> None:
    request = closed_request()
    end_steps(request, "cancelled")
    assert destroy_due_keys() == {"destroyed": 1}


def test_another_request_keeps_its_own_key() -> None:
    closed_request()
    other = make_request("bob@example.org")
    destroy_due_keys()
    other.refresh_from_db()
    assert other.read("email") == "bob@example.org"
    assert other.email_index


def test_a_note_that_comes_too_late_makes_no_new_key() -> None:
    request = closed_request()
    destroy_due_keys()
    request.refresh_from_db()
    with pytest.raises(ReviewError):
        write_note(request, author=None, about="late", text="Hello")
    with pytest.raises(KeyGoneError):
        keystore().get(request.pk)
