"""After a request is closed, the key to its contact details goes with the time to appeal."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from fluxrouter.foundation.keystore import KeyGoneError, keystore
from fluxrouter.foundation.models import TrailEvent
from fluxrouter.foundation.trail.verify import verify_trail
from privacy.models import PrivacyRequest, RequestNote
from privacy.services.closing import destroy_due_keys
from privacy.services.review import ReviewError, write_note
from tests.support.database import rolled_back
from tests.support.rows import end_steps, long_closed, make_request

pytestmark = [rolled_back, pytest.mark.acceptance("MAIN-42")]


def closed_request(days: float = 61) -> PrivacyRequest:
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


def test_not_a_moment_before_the_appeal_window_ends(settings: Any) -> None:
    request = closed_request(0)
    end = request.closed_at + settings.APPEAL_WINDOW
    for moment, destroyed in ((end, 0), (end + timedelta(seconds=1), 1)):
        with time_machine.travel(moment, tick=False):
            assert destroy_due_keys() == {"destroyed": destroyed}


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
