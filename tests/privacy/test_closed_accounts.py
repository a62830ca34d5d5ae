"""A closed account is erased everywhere when its time is up, through the ordinary ledger."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from accounts.models import Account, Restriction
from fluxrouter.foundation.models import TrailEvent
from privacy.models import PrivacyRequest
from privacy.selectors.systems import erasure_finished_at
from privacy.services import closed_accounts, review
from retention.selectors.outlook import due, forecast
from retention.services.dispose import apply, dispose_due
from retention.services.holds import place_hold
from tests.retention.retiring import rule_of
from tests.support.lives import pump_once, staff
from tests.support.steps import ANN
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.acceptance("KEEP-06")]

RULE = "accounts.Account.closed_at"
DAY = timedelta(days=1)
ENDED = {"subscription": "canceled", "invoice": "paid"}


def closed(world: World, email: str = ANN, days_ago: float = 30) -> Any:
    planted = world.add_person(email)
    Account.objects.filter(pk=planted.account.pk).update(closed_at=timezone.now() - days_ago * DAY)
    return planted


def pay_all(world: World) -> None:
    """Nothing stands in the way any more."""
    for kind, state in ENDED.items():
        for each in list(world.stripe.store.tables[kind].values()):
            world.stripe.store.save({**each, "status": state})


def open_again() -> None:
    Account.objects.update(closed_at=None, last_active_at=timezone.now())


def filed() -> list[PrivacyRequest]:
    return list(PrivacyRequest.objects.filter(channel="system"))


def test_it_files_an_erasure_thirty_days_after_closing_and_not_before(world: World) -> None:
    closed(world, days_ago=29.99)
    world.add_person("bob@example.org")
    assert dispose_due()[RULE] == 0
    Account.objects.filter(closed_at__isnull=False).update(closed_at=timezone.now() - 30 * DAY)
    assert dispose_due()[RULE] == 1
    (request,) = filed()
    assert request.refs["accounts"] == [str(Account.objects.get(email=ANN).pk)]


def test_what_stands_in_the_way_goes_to_staff_and_is_not_filed_again(world: World) -> None:
    """The planted person has a subscription that still runs."""
    closed(world)
    dispose_due()
    pump_once()
    (request,) = filed()
    assert request.steps.get(connector="request", action="approve").error == "active_subscription"
    assert dispose_due()[RULE] == 0


def test_without_anything_in_the_way_it_reaches_every_system(world: World) -> None:
    planted = closed(world)
    pay_all(world)
    dispose_due()
    pump_once()
    (request,) = filed()
    assert request.status == "completed"
    assert erasure_finished_at(request)
    assert not Account.objects.filter(pk=planted.account.pk).exists()
    assert dispose_due()[RULE] == 0


def test_a_held_account_is_not_filed_until_the_hold_ends(world: World) -> None:
    planted = closed(world)
    hold = place_hold(
        planted.account.pk, ground="claim", citation="CV-1",
        review_on=timezone.now().date() + DAY, actor=staff("a"),
    )  # fmt: skip
    assert dispose_due()[RULE] == 0
    hold.released_at = timezone.now()
    hold.save()
    assert dispose_due()[RULE] == 1


def test_two_runs_at_once_file_one(world: World) -> None:
    closed(world)

    def run() -> None:
        dispose_due()
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(filed()) == 1


@pytest.fixture
def grace(settings: Any) -> timedelta:
    settings.ERASURE_GRACE = timedelta(hours=72)
    return timedelta(hours=72)


@pytest.mark.acceptance("KEEP-20")
def test_the_grace_of_an_erasure_applies_when_the_schedule_files_it(
    world: World, grace: timedelta
) -> None:
    closed(world)
    pay_all(world)
    dispose_due()
    pump_once()
    (request,) = filed()
    assert request.status == "approved"
    begin = request.steps.get(connector="request", action="begin")
    assert request.approved_at
    for moment, left in ((grace - timedelta(seconds=1), 1), (grace + timedelta(seconds=1), 0)):
        with time_machine.travel(request.approved_at + moment):
            pump_once()
        assert Account.objects.count() == left
    assert begin.not_before == request.approved_at + grace


@pytest.mark.acceptance("KEEP-20")
def test_an_account_that_is_opened_again_before_its_erasure_is_approved_stays(
    world: World,
) -> None:
    """A system that doesn't answer leaves hours for it."""
    closed(world)
    pay_all(world)
    dispose_due()
    open_again()
    pump_once()
    assert [request.status for request in filed()] == ["withdrawn"]
    assert Account.objects.exists()


@pytest.mark.acceptance("KEEP-20")
def test_an_account_that_is_opened_again_during_the_grace_stays_and_gets_all_back(
    world: World, grace: timedelta
) -> None:
    closed(world)
    pay_all(world)
    dispose_due()
    pump_once()
    assert Restriction.objects.filter(lifted_at=None).exists(), "it was frozen"
    open_again()
    with time_machine.travel(timezone.now() + grace + timedelta(minutes=1)):
        pump_once()
        pump_once()
    (request,) = filed()
    assert request.status == "withdrawn"
    assert not Restriction.objects.filter(lifted_at=None).exists()
    assert Account.objects.exists()
    why = TrailEvent.objects.get(chain_id=request.pk, code="request.withdrawn").data
    assert why["reason"] == "rule_ended"
    assert not request.steps.exclude(state__in=["done", "cancelled"]).exists()


@pytest.mark.acceptance("KEEP-20")
def test_staff_who_retry_a_blocked_erasure_of_an_account_that_is_open_again_erase_nobody(
    world: World,
) -> None:
    closed(world)
    dispose_due()
    pump_once()
    open_again()
    pay_all(world)
    (request,) = filed()
    parked = request.steps.get(connector="request", action="approve")
    review.retry_step(parked, actor=staff("a"))
    pump_once()
    assert [request.status for request in filed()] == ["withdrawn"]
    Account.objects.update(closed_at=timezone.now() - 30 * DAY)
    assert dispose_due()[RULE] == 1, "closed for good, it is filed anew"


@pytest.mark.acceptance("KEEP-20")
def test_a_hold_that_comes_during_the_grace_waits_for_staff_and_withdraws_nothing(
    world: World, grace: timedelta
) -> None:
    planted = closed(world)
    pay_all(world)
    dispose_due()
    pump_once()
    place_hold(
        planted.account.pk, ground="claim", citation="CV-1",
        review_on=timezone.now().date() + 9 * DAY, actor=staff("a"),
    )  # fmt: skip
    with time_machine.travel(timezone.now() + grace + timedelta(minutes=1)):
        pump_once()
    (request,) = filed()
    assert request.status == "approved"
    assert request.steps.get(connector="request", action="begin").error == "legal_hold"


@pytest.mark.acceptance("KEEP-20")
def test_a_dry_run_says_no_more_than_one_run_files(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closed_accounts, "MOST", 1)
    for name in ("ann", "bob"):
        closed(world, f"{name}@example.org")
    rule = rule_of("accounts.Account")
    for _ in range(2):
        said = due(rule, timezone.now())
        assert apply(rule, timezone.now()) == said == 1
    assert due(rule, timezone.now()) == 0


@pytest.mark.acceptance("KEEP-07")
def test_a_forecast_counts_all_accounts_however_many_one_run_files(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closed_accounts, "MOST", 1)
    for name in ("ann", "bob", "eve"):
        closed(world, f"{name}@example.org")
    rule = rule_of("accounts.Account")
    before = timezone.now() - 12 * DAY
    assert sum(forecast(rule, before, 30)) == 3
