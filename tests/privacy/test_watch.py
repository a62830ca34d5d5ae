"""What is overdue or waits for a person raises an alarm, for as long as it does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.models import Alarm
from privacy.claims import CLAIMS
from privacy.services import policy
from privacy.services.policy_checks.promise import BrokenPromiseError
from privacy.services.watch import watch_requests
from tests.support.database import rolled_back
from tests.support.rows import end_steps, make_request

pytestmark = [rolled_back, pytest.mark.acceptance("MAIN-49")]


def open_now() -> set[tuple[str, str]]:
    return set(open_alarms().values_list("code", "about"))


def test_a_request_in_time_raises_nothing() -> None:
    make_request(due_on=timezone.now().date())
    assert set(watch_requests().values()) == {0}
    assert not Alarm.objects.exists()


def test_an_overdue_request_raises_one_alarm_until_it_is_closed() -> None:
    request = make_request(due_on=timezone.now().date() - timedelta(days=1))
    watch_requests()
    watch_requests()
    assert open_now() == {("request_overdue", request.reference)}
    assert Alarm.objects.count() == 1
    type(request).objects.update(status="completed")
    watch_requests()
    assert open_now() == set()


@pytest.mark.acceptance("MAIN-27")
def test_a_parked_step_raises_one_alarm_until_it_goes_on() -> None:
    request = make_request()
    end_steps(request, "parked")
    watch_requests()
    assert open_now() == {("step_parked", str(request.steps.get().pk))}
    end_steps(request, "ready")
    watch_requests()
    assert open_now() == set()


def test_a_step_that_is_told_to_wait_for_ever_raises_an_alarm_and_a_long_one_does_not() -> None:
    request = make_request()
    end_steps(request, "ready")
    request.steps.update(fence=1000, error="")  # many parts, each of them a success
    watch_requests()
    assert open_now() == set()
    request.steps.update(error="rate_limit")
    watch_requests()
    assert open_now() == {("step_in_vain", str(request.steps.get().pk))}
    end_steps(request, "done")
    watch_requests()
    assert open_now() == set()


def test_alarms_of_others_are_left_alone() -> None:
    Alarm.objects.create(code="database_exposed", raised_at=timezone.now())
    watch_requests()
    assert open_now() == {("database_exposed", "")}


def test_alarms_name_no_person() -> None:
    make_request("marker@example.org", due_on=timezone.now().date() - timedelta(days=1))
    watch_requests()
    assert all("marker" not in f"{alarm} {alarm.about}" for alarm in Alarm.objects.all())


def test_a_broken_promise_raises_an_alarm_until_it_is_kept_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> None:
        raise BrokenPromiseError("not kept")

    assert policy.watch_promises() == {"broken": 0}
    check = next(claim.check for claim in CLAIMS if claim.check)
    with monkeypatch.context() as patched:
        patched.setitem(policy.CHECKS, check, broken)
        assert policy.watch_promises()["broken"] >= 1
        assert Alarm.objects.filter(code="promise_broken", cleared_at=None).exists()
    policy.watch_promises()
    assert not Alarm.objects.filter(code="promise_broken", cleared_at=None).exists()
