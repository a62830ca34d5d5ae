"""Fifteen hundred seeded schedules of faults: every request ends, and each effect is one.

`FAULT_SCHEDULES=10000`, or 100000, runs more; `FAULT_SEED=123` replays one and tells what
happened in it.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from fluxrouter.foundation.trail.verify import verify_trail
from tests.contract import faulty
from tests.contract.faulty import SharedConnections, fresh_world
from tests.contract.schedules import Trouble
from tests.support.lives import Clock, run_whole
from tests.support.world import Connect, World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-51", "MAIN-52", "SEC-01", "SEC-04", "PROC-55"),
]
ONE = os.environ.get("FAULT_SEED")
MANY = int(os.environ.get("FAULT_SCHEDULES", "1000"))
BATCH = 50  # one test each: a flush between tests takes longer than a schedule's own tables


def run(seed: int, world: World, stranger: Callable[[], str]) -> Trouble:
    forget(world)
    before = stranger()
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        trouble = Trouble(seed, Clock(traveller), world)
        lives = trouble.lives()
        with trouble.happening():
            run_whole(lives, trouble.clock, trouble.pump)
        for life in lives:
            faulty.check_ended(life)
        faulty.check_effects(world, lives)
    assert stranger() == before, "somebody else was touched"
    return trouble


def forget(world: World) -> None:
    """The seeds before; people and what Stripe keeps of them stay, as in life."""
    world.people.clear()
    world.mailbox.messages.clear()
    for app in world.apps.values():
        app.calls.clear()


@contextmanager
def batch(auth_database: Connect) -> Iterator[tuple[World, Callable[[], str]]]:
    with fresh_world(SharedConnections(auth_database)) as world:
        yield world, faulty.stranger_of(world, "ann.lee@example.org")


@pytest.fixture
def in_process(settings: Any) -> None:
    """Mail goes to the sandbox; the waits are those of production."""
    settings.EMAIL_BACKEND = "tests.support.world.InProcessBackend"
    settings.ERASURE_GRACE = timedelta(hours=72)
    settings.RETRY_BASE = timedelta(seconds=30)
    settings.LEASE = timedelta(seconds=90)


@pytest.mark.skipif(ONE is not None, reason="one seed is replayed")
@pytest.mark.parametrize("first", range(0, MANY, BATCH))
def test_every_request_ends_whatever_fails(
    first: int, in_process: None, auth_database: Connect
) -> None:
    begun = time.perf_counter()
    seeds = range(first, min(first + BATCH, MANY))
    with batch(auth_database) as (world, stranger):
        for seed in seeds:
            try:
                run(seed, world, stranger)
            except BaseException as error:
                error.add_note(f"replay it with FAULT_SEED={seed}")
                raise
    assert verify_trail() == []
    print(f"{len(seeds) / (time.perf_counter() - begun):.1f} schedules/s")  # noqa: T201


@pytest.mark.skipif(ONE is None, reason="no seed to replay (FAULT_SEED)")
def test_one_seed_replays(in_process: None, auth_database: Connect) -> None:
    with batch(auth_database) as (world, stranger):
        trouble = run(int(ONE or 0), world, stranger)
        struck = {name: app.faults.struck for name, app in world.apps.items()}
    print(trouble.rate, trouble.deadly, trouble.told, struck)  # noqa: T201
