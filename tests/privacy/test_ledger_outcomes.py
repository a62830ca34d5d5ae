"""What becomes of a step: done, done in part, later, or a person."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from privacy.connectors.base import Outcome
from privacy.connectors.errors import (
    NeedsHumanError,
    PermanentError,
    RetryError,
    UnknownOutcomeError,
)
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.services.fulfilment import ledger
from privacy.services.fulfilment import work as working
from tests.support.steps import add_step, bare_request, claimed

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
State = FulfilmentStep.State


@pytest.fixture
def request_row() -> PrivacyRequest:
    return bare_request()


@pytest.mark.acceptance("MAIN-27")
def test_waits_double_up_to_an_hour(settings: Any) -> None:
    settings.RETRY_BASE = timedelta(seconds=30)
    waits = [ledger.wait_for(attempt) for attempt in range(1, 40)]
    for attempt, wait in enumerate(waits, start=1):
        middle = min(timedelta(seconds=30) * 2 ** (attempt - 1), ledger.LONGEST_WAIT)
        assert middle * 0.8 <= wait <= middle * 1.2


@pytest.mark.acceptance("MAIN-27")
def test_a_step_that_fails_too_often_waits_for_a_person(request_row: PrivacyRequest) -> None:
    add_step(request_row)
    for _ in range(ledger.MAX_ATTEMPTS):
        FulfilmentStep.objects.update(not_before=timezone.now() - timedelta(seconds=1))
        ledger.postpone(claimed(), "no_answer")
    step = FulfilmentStep.objects.get()
    assert (step.state, step.error) == (State.PARKED, "too_many_attempts")
    ledger.release(step, actor="system")
    assert claimed().attempts == 1
    with pytest.raises(ledger.OvertakenError):
        ledger.release(step, actor="system")


@pytest.mark.acceptance("MAIN-27")
def test_a_wait_that_was_asked_for_is_no_failure(request_row: PrivacyRequest) -> None:
    add_step(request_row)
    for _ in range(ledger.MAX_ATTEMPTS * 2):
        FulfilmentStep.objects.update(not_before=timezone.now() - timedelta(seconds=1))
        ledger.postpone(claimed(), "rate_limit", timedelta(seconds=7))
    step = FulfilmentStep.objects.get()
    assert (step.state, step.attempts) == (State.READY, 0)
    assert step.not_before > timezone.now() + timedelta(seconds=5)


@pytest.mark.acceptance("MAIN-27")
@pytest.mark.parametrize(
    ("error", "state", "code", "epoch"),
    [
        (RetryError("rate_limit", timedelta(seconds=1)), State.READY, "rate_limit", 0),
        (UnknownOutcomeError("no_answer"), State.READY, "no_answer", 0),
        (UnknownOutcomeError("processor_error", stored=True), State.READY, "processor_error", 1),
        (PermanentError("refused"), State.PARKED, "refused", 0),
        (NeedsHumanError("new_kind"), State.PARKED, "new_kind", 0),
        (RuntimeError("with somebody's name in it"), State.READY, "internal", 0),
    ],
)
def test_each_kind_of_error_has_its_end(
    request_row: PrivacyRequest,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    state: str,
    code: str,
    epoch: int,
) -> None:
    add_step(request_row)
    working.settle(claimed(), error)
    step = FulfilmentStep.objects.get()
    assert (step.state, step.error, step.epoch) == (state, code, epoch)


@pytest.mark.acceptance("MAIN-27")
def test_a_part_keeps_its_cursor_and_goes_on_at_once(request_row: PrivacyRequest) -> None:
    add_step(request_row)
    ledger.finish(claimed(), Outcome(more=True, cursor={"place": 7}))
    again = claimed()
    assert (again.cursor, again.attempts) == ({"place": 7}, 1)
    ledger.finish(again, Outcome(receipt={"erased": 1}))
    step = FulfilmentStep.objects.get()
    assert (step.state, step.receipt, step.cursor) == (State.DONE, {"erased": 1}, {"place": 7})


@pytest.mark.acceptance("MAIN-27")
def test_spawning_twice_makes_one_row_per_object(request_row: PrivacyRequest) -> None:
    add_step(request_row)
    step = claimed()
    ledger.spawn(step, "other", "delete", "cus_1", 0)
    FulfilmentStep.objects.filter(action="delete").update(state=State.DONE)
    ledger.finish(step, Outcome(spawn=[("delete", "cus_1"), ("delete", "cus_2")]))
    rows = request_row.steps.filter(action="delete").order_by("object")
    assert list(rows.values_list("object", "state")) == [("cus_1", "done"), ("cus_2", "ready")]


@pytest.mark.acceptance("MAIN-27")
def test_what_needs_spawned_rows_waits_for_all_of_them(request_row: PrivacyRequest) -> None:
    add_step(request_row)
    waiting = add_step(request_row, "after", state=State.BLOCKED, requires=["other:delete"])
    ledger.finish(claimed(), Outcome(spawn=[("delete", "cus_1"), ("delete", "cus_2")]))
    states = []
    for _ in range(2):
        FulfilmentStep.objects.filter(state=State.READY).update(not_before=timezone.now())
        ledger.finish(claimed(), Outcome())
        waiting.refresh_from_db()
        states.append(waiting.state)
    assert states == [State.BLOCKED, State.READY]
