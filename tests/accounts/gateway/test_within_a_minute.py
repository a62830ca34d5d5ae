"""A request's real life, seen by a gateway over HTTP: how long until it obeys."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from accounts.gateway.client import Restrictions
from accounts.gateway.keys import Scope, make_key
from accounts.models import Account, ApiKey
from accounts.purposes import Purpose
from accounts.restrictions import is_restricted
from privacy.rights import stopped_purposes
from privacy.services.withdrawal import withdraw
from tests.support.database import committed
from tests.support.feed import running
from tests.support.lives import pump_once
from tests.support.restrictions import announce, restricted
from tests.support.steps import ANN, approved
from tests.support.world import Planted, World

pytestmark = [committed, pytest.mark.acceptance("RIGHT-F09")]
PROMISED = 60  # seconds


@pytest.fixture
def client(world: World, live_server: Any, tmp_path: Path) -> Iterator[Restrictions]:
    _, secret = make_key("eu-1", [Scope.RESTRICTIONS])
    made = Restrictions(live_server.url, secret, tmp_path / "stops.json", wait=5)
    made.sync()
    with running(made):
        yield made


@contextmanager
def measured(
    record: Callable[[str, object], None],
    what: str,
    true_here: Callable[[], bool],
    true_there: Callable[[], bool],
) -> Iterator[None]:
    """From the commit in our database until the gateway acts on it."""
    times: dict[str, float] = {}

    def watch(name: str, is_true: Callable[[], bool]) -> None:
        until = time.monotonic() + PROMISED
        try:
            while not is_true() and time.monotonic() < until:
                time.sleep(0.01)
            times[name] = time.monotonic()
        finally:
            connections.close_all()

    watchers = [
        threading.Thread(target=watch, args=("here", true_here)),
        threading.Thread(target=watch, args=("there", true_there)),
    ]
    for each in watchers:
        each.start()
    yield
    for each in watchers:
        each.join()
    assert true_there()
    lag = times["there"] - times["here"]
    record(f"seconds until a gateway obeys: {what}", round(lag, 2))
    sys.stdout.write(f"{what}: the gateway obeyed after {lag:.2f} s\n")
    assert lag < PROMISED


def test_restriction_lifting_freeze_and_erasure_reach_the_gateway_within_a_minute(
    world: World, client: Restrictions, record_property: Callable[[str, object], None]
) -> None:
    ann, ben = world.add_person(ANN), world.add_person("ben.far@example.org", "Ben Far")
    account = ann.account.pk
    keys = [*ApiKey.objects.filter(account_id=account).values_list("pk", flat=True)]
    assert keys
    stops = set(stopped_purposes(["restriction"]))
    assert allowed(client, ann) == {*Purpose}

    def is_stopped() -> bool:
        return is_restricted(account, Purpose.ANALYTICS)

    def obeys() -> bool:
        return not client.is_allowed(account, "analytics")

    with measured(record_property, "restriction", is_stopped, obeys):
        life = restricted(world)
    assert allowed(client, ann) == {*Purpose} - stops
    assert all(client.key_allowed(key) for key in keys)

    with measured(record_property, "lifting", lambda: not is_stopped(), lambda: not obeys()):
        announce(life)
        pump_once()
    assert allowed(client, ann) == {*Purpose}

    with (
        measured(
            record_property,
            "freeze",
            lambda: is_restricted(account, Purpose.SERVICE),
            lambda: not client.is_allowed(account, "service"),
        ),
        measured(
            record_property,
            "erasure",
            lambda: not Account.objects.filter(pk=account).exists(),
            lambda: state(client, account) == "erased",
        ),
    ):
        erasure = approved(world, "erasure")
    assert allowed(client, ann) == set()
    assert not any(client.key_allowed(key) for key in keys)
    assert erasure.request.status == "completed"
    assert allowed(client, ben) == {*Purpose}


def allowed(client: Restrictions, person: Planted) -> set[str]:
    return {each for each in Purpose if client.is_allowed(person.account.pk, each)}


def state(client: Restrictions, subject: object) -> str:
    return str(client._cache.entries.get(str(subject), {}).get("state"))


def test_a_cancelled_freeze_gives_service_and_keys_back_to_the_gateway_too(
    world: World, client: Restrictions, settings: Any
) -> None:
    settings.ERASURE_GRACE = timedelta(hours=72)
    ann = world.add_person(ANN)
    key = ApiKey.objects.get(account_id=ann.account.pk)
    life = approved(world, "erasure")
    wait_for(lambda: allowed(client, ann) == set() and not client.key_allowed(key.pk))
    withdraw(life.request)
    pump_once()
    wait_for(lambda: allowed(client, ann) == {*Purpose} and client.key_allowed(key.pk))


def wait_for(is_true: Callable[[], bool]) -> None:
    until = time.monotonic() + PROMISED
    while not is_true():
        assert time.monotonic() < until
        time.sleep(0.05)
