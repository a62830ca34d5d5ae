"""Rare moments in which something could be lost, doubled or left without a screen."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.models import JobRun
from fluxrouter.foundation.watch import watch_jobs
from privacy.connectors.base import Outcome
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import RIGHTS, Executor, Right
from privacy.selectors import progress
from privacy.services import mail, review, tokens, verification, withdrawal
from privacy.services.fulfilment import ledger
from privacy.services.fulfilment import work as working
from privacy.services.fulfilment.context import context_of
from privacy.services.fulfilment.stages import add_fulfilment
from privacy.services.watch import watch_requests
from privacy.states import Status
from retention.services import dispose
from tests.support import staff as pages
from tests.support.database import committed, rolled_back
from tests.support.lives import pump_once, staff
from tests.support.rows import end_steps, make_account, make_request
from tests.support.steps import (
    ANN,
    add_step,
    approved,
    at_once,
    bare_request,
    claimed,
    reviewed,
    settled,
)
from tests.support.visitor import link
from tests.support.world import Planted, World, connect_to_test_database

State = FulfilmentStep.State
LOCK_WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def ann(world: World, settings: Any) -> Planted:
    settings.ERASURE_GRACE = timedelta(hours=72)
    return world.add_person(ANN, "Ann Lee")


def begin(job: Callable[[], object]) -> tuple[threading.Thread, list[Exception]]:
    """Start a job in a thread; its errors come in the list."""
    errors: list[Exception] = []

    def run() -> None:
        try:
            job()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, errors


def until_somebody_waits() -> None:
    with connect_to_test_database() as other:
        for _ in range(500):
            row = other.execute(LOCK_WAITS).fetchone()
            other.rollback()
            if row and row[0]:
                return
            threading.Event().wait(0.01)
    raise AssertionError("nobody waits for a lock")


@committed
@pytest.mark.parametrize("ending", ["finish", "park"])
def test_a_step_that_ends_while_its_request_ends_never_deadlocks(ending: str) -> None:
    """Whoever ends a request has the chain's lock when it comes to the steps."""
    request = bare_request()
    add_step(request)
    step = claimed()
    jobs: dict[str, Callable[[], object]] = {
        "finish": lambda: ledger.finish(step, Outcome()),
        "park": lambda: ledger.park(step, "refused"),
    }
    with transaction.atomic():
        request.record("request.withdrawn")
        thread, errors = begin(jobs[ending])
        until_somebody_waits()
        request.steps.exclude(state=State.DONE).update(state=State.CANCELLED)
    thread.join()
    assert [type(error) for error in errors] == [ledger.OvertakenError]


@committed
def test_a_freeze_that_is_claimed_while_its_request_is_withdrawn_is_lifted(
    world: World, ann: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = reviewed(world, "erasure")
    life.approve()
    letters = life.request.steps.filter(connector="mail")
    letters.update(state=State.DONE)
    seen: list[FulfilmentStep | None] = []
    update = QuerySet.update

    def claim_first(rows: Any, **changes: Any) -> int:
        if rows.model is FulfilmentStep and changes.get("state") == State.CANCELLED and not seen:
            assert at_once(lambda: seen.append(ledger.claim())) == []
        return update(rows, **changes)

    monkeypatch.setattr(QuerySet, "update", claim_first)
    withdrawal.withdraw(life.request)
    begun = [step.key for step in seen if step]
    assert seen
    lifted = life.request.steps.filter(action="lift").values_list("connector", flat=True)
    assert {key.partition(":")[0] for key in begun} <= set(lifted)


@committed
def test_a_hold_that_turns_up_in_the_pause_lets_staff_refuse_and_all_is_given_back(
    world: World, ann: Planted
) -> None:
    before = settled(world, ann)
    life = approved(world, "erasure")
    assert settled(world, ann) != before
    pages.refuse(life.request, staff("c"), "A court wants it kept.")
    pump_once()
    assert settled(world, ann) == before
    assert life.request.status == "denied"
    assert not life.request.steps.exclude(state__in=[State.DONE, State.CANCELLED]).exists()
    assert "What we had paused comes back" in world.letters(ANN)[0].text


@committed
def test_a_step_that_kills_each_worker_is_parked_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request = bare_request()
    step = add_step(request, attempts=ledger.MAX_ATTEMPTS)
    executed: list[FulfilmentStep] = []
    monkeypatch.setattr(working, "execute", lambda step, context: executed.append(step))
    working.run_step(claimed(), context_of(request.pk))
    assert executed == []
    step.refresh_from_db()
    assert (step.state, step.error) == ("parked", "too_many_attempts")


@rolled_back
def test_a_running_step_that_nobody_takes_over_raises_an_alarm() -> None:
    request = make_request()
    request.steps.update(state=State.RUNNING, not_before=timezone.now() - timedelta(hours=1))
    assert watch_requests()["ledger_stuck"] == 1


@rolled_back
def test_a_job_that_fails_each_minute_raises_an_alarm_until_it_ends_well() -> None:
    now = timezone.now()
    for age in range(30):
        began = now - timedelta(minutes=age)
        JobRun.objects.create(
            job="each_minute",
            window=began,
            started_at=began,
            leased_until=began + timedelta(minutes=15),
        )
    assert watch_jobs() == {"failed": 1}
    JobRun.objects.filter(window=now).update(finished_at=now)
    assert watch_jobs() == {"failed": 0}
    assert not open_alarms().exists()


@rolled_back
def test_one_request_that_is_confirmed_meanwhile_keeps_no_other_from_ending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    due = timezone.now().date()
    first, second = make_request(due_on=due), make_request("bob@example.org", due_on=due)
    for request in (first, second):
        end_steps(request)
    move = PrivacyRequest.transition_to

    def confirmed_just_before(request: PrivacyRequest, *args: Any, **changes: Any) -> None:
        if request.pk == first.pk:
            PrivacyRequest.objects.filter(pk=first.pk).update(status=Status.IN_REVIEW)
        move(request, *args, **changes)

    monkeypatch.setattr(PrivacyRequest, "transition_to", confirmed_just_before)
    assert verification.end_unverified() == {"ended": 1}
    second.refresh_from_db()
    assert second.status == "denied"


@committed
def test_no_link_to_confirm_goes_to_an_address_that_was_just_changed(world: World) -> None:
    """Or whoever has the old address could confirm the new one."""
    request = make_request("mistyped@example.org")
    step = claimed()
    context = context_of(request.pk)
    assert context.subject.email == "mistyped@example.org"
    verification.change_email(request, ANN)
    working.run_step(step, context)
    assert world.mailbox.newest("mistyped@example.org") == []


@rolled_back
def test_the_notice_goes_to_the_address_that_the_account_has_now() -> None:
    account = make_account(email="new@example.org")
    refs = {"accounts": [str(account.pk)]}
    request = make_request("ann.lee@example.org", refs=refs)
    notice = mail.LETTERS["erasure_notice"]
    assert mail.recipients(notice, context_of(request.pk).subject) == ["new@example.org"]


@rolled_back
def test_the_same_address_in_another_case_is_no_other_address() -> None:
    account = make_account(email="Ann.Lee@Example.org")
    refs = {"accounts": [str(account.pk)]}
    request = make_request("ann.lee@example.org", refs=refs)
    assert mail.recipients(mail.LETTERS["erasure_notice"], context_of(request.pk).subject) == []


@rolled_back
def test_a_rule_that_fails_keeps_no_other_from_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(rule: Any, now: Any) -> int:
        raise OSError

    monkeypatch.setitem(dispose.DISPOSITIONS, "delete_with_key", broken)
    request = make_request()
    tokens.issue(request.pk, "verify", request.pk)
    request.tokens.update(expires_at=timezone.now() - timedelta(days=2))
    with pytest.raises(ExceptionGroup):
        dispose.dispose_due()
    assert not request.tokens.exists()


@rolled_back
def test_a_letter_that_can_not_be_delivered_is_closed_by_staff() -> None:
    request = make_request(status=Status.DENIED, closed_at=timezone.now())
    end_steps(request)
    step = pages.parked(request, "mail:unconfirmed")
    actor = staff("a")
    review.close_by_hand(step, actor=actor, reason="No such mailbox.", declined=True)
    step.refresh_from_db()
    assert step.state == "done"


@rolled_back
def test_who_is_declined_reads_which_right_and_why() -> None:
    actor = staff("a")
    step = pages.by_hand(actor)
    assert progress.declined(step.request) == []
    review.close_by_hand(step, actor=actor, reason="It is right as it is.", declined=True)
    assert progress.declined(step.request) == [("Correct my data", "It is right as it is.")]
    page = Client().get(link(step.request, "status")).text
    assert "What we could not do, and why" in page
    assert "It is right as it is." in page


@rolled_back
def test_a_right_that_is_carried_out_by_hand_gets_a_closing_letter_beside_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by_hand = RIGHTS[Right.PORTABILITY]._replace(executor=Executor.BY_HAND)
    monkeypatch.setitem(RIGHTS, Right.PORTABILITY, by_hand)
    request = make_request(rights=["erasure", "portability"])
    add_fulfilment(request, grace_ends=timezone.now())
    letter = request.steps.get(connector="mail", action="done")
    assert "manual:portability" in letter.requires
    assert "mail:done" in request.steps.get(action="close").requires
