"""A closed account is erased everywhere when its time is up, through the ordinary ledger."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Account
from privacy.models import PrivacyRequest
from privacy.selectors.systems import erasure_finished_at
from retention.services.dispose import dispose_due
from retention.services.holds import place_hold
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
    for kind in ("subscription", "invoice"):
        for each in list(world.stripe.store.tables[kind].values()):
            world.stripe.store.save({**each, "status": ENDED[kind]})
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
