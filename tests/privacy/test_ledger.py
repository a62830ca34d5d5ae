"""The ledger: a step is done once, whoever claims it, loses it or dies with it."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from privacy.connectors.base import Outcome
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.services.fulfilment import ledger
from privacy.signals import work_due
from privacy.tasks import send_nudge
from tests.support.steps import add_step, bare_request, claimed

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
State = FulfilmentStep.State


@pytest.fixture
def request_row() -> PrivacyRequest:
    return bare_request()


def lose(step: FulfilmentStep) -> FulfilmentStep:
    """Its lease runs out, and somebody else claims it."""
    past = timezone.now() - timedelta(seconds=1)
    FulfilmentStep.objects.filter(pk=step.pk).update(not_before=past)
    return claimed()


def in_threads(number: int, job: Callable[[], None]) -> None:
    def run() -> None:
        try:
            job()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.acceptance("MAIN-28", "SEC-01")
def test_eight_workers_claim_a_hundred_steps_once_each(request_row: PrivacyRequest) -> None:
    for number in range(100):
        add_step(request_row, f"step{number}")
    seen: Counter[uuid.UUID] = Counter()

    def job() -> None:
        while step := ledger.claim():
            seen[step.pk] += 1
            ledger.finish(step, Outcome(receipt={"done": 1}))

    in_threads(8, job)
    assert len(seen) == 100
    assert set(seen.values()) == {1}
    assert request_row.steps.filter(state=State.DONE).count() == 100


@pytest.mark.acceptance("MAIN-28", "SEC-01")
def test_steps_that_end_at_the_same_moment_let_the_next_one_go_on(
    request_row: PrivacyRequest,
) -> None:
    """Each must see that the others are done; else what needs all of them waits for ever."""
    for turn in range(15):
        names = [f"{turn}-{number}" for number in range(4)]
        for name in names:
            add_step(request_row, name)
        last = add_step(
            request_row,
            f"{turn}-last",
            state=State.BLOCKED,
            requires=[f"other:{name}" for name in names],
        )
        steps, together = [claimed() for _ in names], threading.Barrier(4)

        def job() -> None:
            step = steps.pop()  # noqa: B023
            together.wait()  # noqa: B023
            ledger.finish(step, Outcome())

        in_threads(4, job)
        last.refresh_from_db()
        assert last.state == State.READY
        FulfilmentStep.objects.filter(pk=last.pk).update(state=State.DONE)


@pytest.mark.acceptance("MAIN-28")
@pytest.mark.parametrize(
    "move",
    [
        lambda step: ledger.finish(step, Outcome(receipt={"late": 1})),
        lambda step: ledger.finish(step, Outcome(more=True, cursor={"late": 1})),
        lambda step: ledger.park(step, "refused"),
        lambda step: ledger.postpone(step, "no_answer"),
        ledger.new_epoch,
    ],
)
def test_who_lost_a_step_changes_nothing(
    request_row: PrivacyRequest, move: Callable[[FulfilmentStep], None]
) -> None:
    add_step(request_row)
    zombie = claimed()
    holder = lose(zombie)
    before = FulfilmentStep.objects.filter(pk=holder.pk).values().get()
    with pytest.raises(ledger.OvertakenError):
        move(zombie)
    assert FulfilmentStep.objects.filter(pk=holder.pk).values().get() == before
    ledger.finish(holder, Outcome(receipt={"done": 1}))


@pytest.mark.acceptance("MAIN-28")
def test_a_step_that_was_cancelled_while_it_ran_stays_cancelled(
    request_row: PrivacyRequest,
) -> None:
    step = add_step(request_row)
    held = claimed()
    FulfilmentStep.objects.filter(pk=step.pk).update(state=State.CANCELLED)
    with pytest.raises(ledger.OvertakenError):
        ledger.finish(held, Outcome())
    step.refresh_from_db()
    assert step.state == State.CANCELLED


@pytest.mark.acceptance("MAIN-28")
def test_a_lease_can_be_renewed_until_it_is_lost(
    request_row: PrivacyRequest, settings: Any
) -> None:
    add_step(request_row)
    step = claimed()
    soon = timezone.now() + timedelta(seconds=1)
    FulfilmentStep.objects.filter(pk=step.pk).update(not_before=soon)
    step.not_before = soon
    ledger.heartbeat(step)
    kept = FulfilmentStep.objects.get(pk=step.pk).not_before
    assert kept > timezone.now() + settings.LEASE * 0.9
    assert ledger.claim() is None
    lose(step)
    step.not_before = soon
    with pytest.raises(ledger.OvertakenError):
        ledger.heartbeat(step)


@pytest.mark.acceptance("SEC-01", "MAIN-51")
def test_a_lost_nudge_loses_nothing(request_row: PrivacyRequest) -> None:
    """Redis away: whoever nudges fails, and the next beat finds the step all the same."""

    def fail(**options: Any) -> None:
        raise ConnectionError("no broker")

    work_due.disconnect(send_nudge)
    work_due.connect(fail)
    try:
        step = add_step(request_row, state=State.PARKED)
        with pytest.raises(ConnectionError):
            ledger.release(step, actor="system")
    finally:
        work_due.disconnect(fail)
        work_due.connect(send_nudge)
    assert claimed().pk == step.pk
