"""A request that nobody confirms ends by itself."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from fluxrouter.jobs import JOBS
from privacy.models import PrivacyRequest
from privacy.services.verification import end_unverified
from tests.support.staff import ANN, Work, looked_up, made
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-17"),
]


def noon(request: PrivacyRequest, days_before: int) -> datetime:
    return datetime.combine(request.due_on - timedelta(days=days_before), time(12), UTC)


def test_it_ends_three_days_before_it_is_due_with_a_letter(world: World, run_work: Work) -> None:
    request = made("erasure")
    run_work()
    with time_machine.travel(noon(request, 4), tick=False):
        assert end_unverified() == {"ended": 0}
    with time_machine.travel(noon(request, 3)):
        assert end_unverified() == {"ended": 1}
        run_work()
    request.refresh_from_db()
    assert request.status == "denied"
    assert request.closed_at.date() < request.due_on
    letter, _ = world.letters(ANN)
    assert letter.subject == "We could not confirm your privacy request"
    assert "because nobody confirmed it" in letter.text
    assert request.reference in letter.text
    assert not world.stripe.calls  # nothing was ever looked up


def test_who_confirmed_is_not_ended() -> None:
    request = looked_up("erasure")
    with time_machine.travel(noon(request, 1), tick=False):
        assert end_unverified() == {"ended": 0}


def test_a_job_does_it_every_day() -> None:
    job = JOBS["end_unverified"]
    assert job.work is end_unverified
    assert (len(job.schedule.hour), len(job.schedule.minute), job.schedule.day) == (1, 1, None)
