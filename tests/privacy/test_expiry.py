"""What processors drop by themselves after a fixed time: planned, dated, and done by the clock."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.utils import timezone

from fluxrouter.sandbox.people import plant_usage
from privacy.connectors import registry
from privacy.connectors.base import Subject
from privacy.connectors.database import DatabaseConnector
from privacy.grounds import ACCEPTABLE
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.processors import PROCESSORS
from privacy.services import review, withdrawal
from privacy.services.fulfilment.ledger import unblock
from privacy.services.fulfilment.work import work
from tests.support.lives import staff
from tests.support.rows import make_account
from tests.support.staff import ANN, looked_up
from tests.support.visitor import Visitor, link

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
State = FulfilmentStep.State
EXPIRING = {row.key for row in PROCESSORS if row.expiry}


@pytest.fixture(autouse=True)
def _our_database_alone(settings: Any) -> Iterator[None]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.ERASURE_GRACE = timedelta(0)
    settings.RETRY_BASE = timedelta(0)
    with registry.use(DatabaseConnector()):
        yield


def approved(*rights: str, calls: int = 2) -> PrivacyRequest:
    """Approved, with so many calls of the person found in our database."""
    account = make_account(email=ANN, full_name="Ann Lee")
    plant_usage(account, calls)
    request = looked_up(*rights, accounts=[str(account.pk)])
    look = DatabaseConnector().discover(Subject(request.pk, ANN, request.refs))
    request.steps.filter(action="discover").update(receipt=look.as_json())
    review.propose(
        request,
        actor=staff("first"),
        typed=request.reference,
        reason="Fine.",
        accept=[*ACCEPTABLE],
    )
    if request.status == "in_review":
        review.approve(request, actor=staff("second"), reason="Seen.")
    return request


def timers(request: PrivacyRequest) -> dict[str, FulfilmentStep]:
    return {step.action: step for step in request.steps.filter(connector="expiry")}


def finish_the_rest(request: PrivacyRequest) -> None:
    """Everything but the timers. What staff do by hand is no matter here."""
    work(seconds=30)
    request.steps.filter(connector="manual").update(state=State.DONE, finished_at=timezone.now())
    unblock(request.pk)
    work(seconds=30)
    request.refresh_from_db()
    left = request.steps.exclude(state=State.DONE).exclude(connector="expiry")
    assert [(step.key, step.state, step.error) for step in left] == []


def test_timers_are_planned_for_a_person_whose_calls_went_there() -> None:
    request = approved("erasure")
    planned = timers(request)
    assert planned.keys() == EXPIRING == {"openai", "anthropic", "gemini"}
    assert request.approved_at
    for step in planned.values():
        assert abs(step.not_before - request.approved_at - timedelta(days=30)) < timedelta(hours=1)


def test_no_call_no_timer() -> None:
    assert timers(approved("erasure", calls=0)) == {}


def test_a_copy_of_the_data_needs_no_timer() -> None:
    assert timers(approved("access")) == {}


def test_a_timer_keeps_no_request_open() -> None:
    request = approved("erasure")
    finish_the_rest(request)
    assert not request.is_open
    assert {step.state for step in timers(request).values()} == {State.READY}


@pytest.mark.acceptance("PROC-59")
def test_a_timer_ends_by_itself_after_its_time_and_not_before() -> None:
    request = approved("erasure")
    finish_the_rest(request)
    ends = timers(request)["openai"].not_before
    with time_machine.travel(ends - timedelta(minutes=1), tick=False) as clock:
        work(seconds=30)
        assert {step.state for step in timers(request).values()} == {State.READY}
        clock.shift(timedelta(minutes=2))
        work(seconds=30)
        assert {step.state for step in timers(request).values()} == {State.DONE}
        assert timers(request)["openai"].receipt == {"elapsed": True}


@pytest.mark.parametrize("page", ["", "certificate/"])
@pytest.mark.acceptance("PROC-59")
def test_the_person_reads_until_when_it_is_kept_where(page: str) -> None:
    request = approved("erasure")
    finish_the_rest(request)
    ends = timezone.localdate(timers(request)["anthropic"].not_before)
    seen = Visitor().get(f"{link(request, 'status')}{page}")
    assert seen.status == 200
    for row in PROCESSORS:
        if row.expiry:
            assert f"{row.title} {row.expiry.what}: " in seen.text
    assert f"{ends.day} {ends:%B %Y}" in seen.text


def test_what_is_over_is_no_longer_said_to_be_kept() -> None:
    request = approved("erasure")
    finish_the_rest(request)
    request.steps.filter(connector="expiry").update(state=State.DONE)
    assert "Anthropic Inputs and outputs: " not in Visitor().get(link(request, "status")).text


def test_a_withdrawn_request_leaves_no_timer(settings: Any) -> None:
    settings.ERASURE_GRACE = timedelta(hours=72)
    request = approved("erasure")
    withdrawal.withdraw(request)
    assert {step.state for step in timers(request).values()} == {State.CANCELLED}


def test_each_expiry_is_a_time_that_the_table_says_in_words() -> None:
    for row in PROCESSORS:
        if row.expiry:
            assert row.expiry.after == relativedelta(days=30)
            assert any(limit.until.startswith("30 days") for limit in row.limits)
