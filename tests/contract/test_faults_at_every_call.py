"""Every fault at every call of the whole life of a request: it ends, and each effect is one.

`FAULT_CASES=all` runs every case; without it every call fails once, the kinds taking turns.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.contract import faulty
from tests.contract.faulty import KINDS, SharedConnections, fresh_world
from tests.support.lives import Clock, Life, run_whole
from tests.support.world import Connect, World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-34", "SEC-01", "SEC-04", "PROC-55"),
]
ALL = os.environ.get("FAULT_CASES") == "all"
Arm = Callable[[World], object]


def live(connect: Connect, clock: Clock, right: str, email: str, arm: Arm) -> dict[str, int]:
    """A whole life in a fresh world that `arm` prepared; gives the number of calls by system."""
    with fresh_world(connect) as world:
        stranger = faulty.stranger_of(world, email)
        world.add_person(email, "Ann Lee", calls=1)
        before = stranger()
        arm(world)
        life = Life.begin(world, email, right)
        run_whole([life], clock)
        faulty.check_ended(life)
        faulty.check_effects(world, [life])
        assert stranger() == before, "somebody else was touched"
        return {name: app.calls.total() for name, app in world.apps.items()}


def cases(calls: dict[str, int]) -> Iterator[tuple[str, int, str]]:
    """System, number of the call, kind of fault."""
    for name, total in calls.items():
        for number in range(1, total + 1):
            for kind in KINDS if ALL else [KINDS[number % len(KINDS)]]:
                yield name, number, kind


@pytest.mark.parametrize("right", ["access", "erasure", "restriction", "rectification"])
def test_a_request_survives_every_fault_at_every_call(
    right: str, world: Any, clock: Clock, auth_database: Connect
) -> None:
    connect = SharedConnections(auth_database)
    calls = live(connect, clock, right, "ann.0@example.org", lambda world: None)
    for place, (name, number, kind) in enumerate(cases(calls), start=1):

        def arm(world: World) -> None:
            world.apps[name].faults.add(kind, nth=number)  # noqa: B023

        try:
            live(connect, clock, right, f"ann.{place}@example.org", arm)
        except Exception as error:
            error.add_note(f"{right}: {kind} at call {number} to {name}")
            raise


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_that_strikes_three_times_is_survived_as_well(
    kind: str, world: Any, clock: Clock, auth_database: Connect
) -> None:
    def arm(world: World) -> None:
        for app in world.apps.values():
            app.faults.add(kind, nth=3, times=3)

    connect = SharedConnections(auth_database)
    live(connect, clock, "erasure", f"ann.{kind.replace('_', '')}@example.org", arm)


def test_a_quiet_erasure_has_every_effect_that_is_counted(
    world: World, clock: Clock, auth_database: Connect
) -> None:
    world.add_person("ann.0@example.org", "Ann Lee", calls=1)
    run_whole([Life.begin(world, "ann.0@example.org", "erasure")], clock)
    assert faulty.effects(world) == dict.fromkeys(faulty.ONCE.values(), 1)
