"""Whatever comes while something stops by itself, in the end everything stands as it should."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import permutations, product
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.purposes import Purpose
from privacy.grounds import ACCEPTABLE
from privacy.rights import interim_purposes, stopped_purposes
from privacy.selectors import restrictions
from privacy.services import refusals, review
from privacy.services.refusals import Decision
from privacy.services.review import ReviewError
from privacy.services.withdrawal import withdraw
from tests.support.lives import Clock, Life, pump_once, staff
from tests.support.restrictions import announce, paused, sign_in_state, stopped
from tests.support.steps import ANN, at_once, reviewed
from tests.support.world import Planted, World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("RIGHT-X15"),
]
NOTICE = timedelta(hours=72)
OBJECTED = set(interim_purposes(["objection"]))
WHY = {"objection": "MANIFESTLY_UNFOUNDED", "rectification": "ACCURATE_AS_RECORDED"}


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture
def ann(world: World, settings: Any, clock: Clock) -> Planted:
    settings.LIFT_NOTICE = NOTICE
    settings.ERASURE_GRACE = timedelta(hours=72)
    return world.add_person(ANN)


def gets_news(world: World) -> bool:
    found = [each for each in world.mailbox.contacts.values() if each["email"] == ANN]
    return bool(found) and not found[0]["unsubscribed"]


def wait(clock: Clock) -> None:
    """The notice, and the waits of what came in each other's way."""
    pump_once()
    clock.forward(NOTICE + timedelta(minutes=1))
    for _ in range(6):
        pump_once()
        clock.forward(timedelta(minutes=2))
    pump_once()


def grant(life: Life) -> None:
    life.approve()


def deny(life: Life) -> None:
    [right] = life.rights
    decision = Decision((right,), WHY[right], "We have looked at it, and see no reason.")
    refusals.refuse(life.request, actor=staff("first"), decision=decision)


def take_back(life: Life) -> None:
    withdraw(life.request)


ENDS: dict[str, Callable[[Life], None]] = {"grant": grant, "deny": deny, "take_back": take_back}
# What an objection leaves stopped, by its end. A correction leaves nothing.
LEFT = {"grant": OBJECTED, "deny": {Purpose.MARKETING}, "take_back": set[Purpose]()}
RIGHTS = ("objection", "rectification")
WAYS = sorted(product(permutations(RIGHTS), permutations(RIGHTS), ENDS, ENDS))
SOME = WAYS if os.environ.get("FAULT_CASES") == "all" else WAYS[::3]


@pytest.mark.parametrize(
    ("begun", "ended", "objection", "rectification"),
    SOME,
    ids=["-".join((*begun[:1], *ended[:1], *ends)) for begun, ended, *ends in SOME],
)
def test_of_two_requests_each_gives_back_exactly_its_own(
    world: World,
    ann: Planted,
    clock: Clock,
    begun: tuple[str, ...],
    ended: tuple[str, ...],
    objection: str,
    rectification: str,
) -> None:
    free, signed_in = paused(world, ann), sign_in_state(world, ann)
    lives = {}
    for right in begun:
        lives[right] = reviewed(world, right)
        clock.forward(timedelta(seconds=5))
    assert stopped(ann) == OBJECTED
    ends = {"objection": objection, "rectification": rectification}
    for right in ended:
        ENDS[ends[right]](lives[right])
        wait(clock)
    assert stopped(ann) == LEFT[objection]
    assert gets_news(world) is (Purpose.MARKETING not in LEFT[objection])
    life = lives["objection"]
    life.refresh()
    if restrictions.in_force(life.request):
        announce(life)
        wait(clock)
    assert stopped(ann) == set()
    assert gets_news(world)
    assert (paused(world, ann), sign_in_state(world, ann)) == (free, signed_in)
    for each in lives.values():
        each.refresh()
        assert [line for line in each.problems if "cancelled" not in line] == []


def test_two_that_are_proved_in_the_same_moment_wait_for_each_other_in_one_order(
    world: World, ann: Planted, clock: Clock
) -> None:
    lives = [Life.begin(world, ANN, "objection"), Life.begin(world, ANN, "rectification")]
    pump_once()

    assert at_once(*(life.confirm for life in lives)) == []
    wait(clock)
    assert not gets_news(world)
    for life in lives:
        life.refresh()
        assert not life.request.steps.filter(action="restrict").exclude(state="done").exists()
        withdraw(life.request)
    assert stopped(ann) == set()
    wait(clock)
    assert gets_news(world)


def erasing(world: World) -> Life:
    """An erasure in its pause, with everything frozen."""
    life = reviewed(world, "erasure")
    review.propose(
        life.request,
        actor=staff("first"),
        typed=life.request.reference,
        reason="Fine.",
        accept=sorted(ACCEPTABLE),
    )
    review.approve(life.request, actor=staff("second"), reason="Seen.")
    pump_once()
    return life


def test_an_erasure_that_is_taken_back_gives_back_what_stood_before_both(
    world: World, ann: Planted, clock: Clock
) -> None:
    erasure = erasing(world)
    life = reviewed(world, "objection")
    assert stopped(ann) >= OBJECTED  # our own tables know at once
    step = life.request.steps.get(connector="resend", action="restrict")
    assert step.state == "ready"  # the mail service would take the freeze for what was before
    withdraw(erasure.request)
    pump_once()
    clock.forward(timedelta(minutes=2))
    pump_once()
    assert not gets_news(world)
    withdraw(life.request)
    wait(clock)
    assert gets_news(world)
    assert stopped(ann) == set()


def test_an_erasure_that_is_done_leaves_nothing_to_wait_for(
    world: World, ann: Planted, clock: Clock
) -> None:
    life = reviewed(world, "rectification")
    erasing(world)
    wait(clock)
    deny(life)
    wait(clock)
    life.refresh()
    assert [line for line in life.problems if "cancelled" not in line] == []
    assert not [each for each in world.mailbox.contacts.values() if each["email"] == ANN]


def test_an_erasure_and_an_objection_in_one_request_are_taken_back_exactly(
    world: World, ann: Planted, clock: Clock
) -> None:
    free, signed_in = paused(world, ann), sign_in_state(world, ann)
    life = reviewed(world, "erasure", "objection")
    life.approve()
    pump_once()
    assert sign_in_state(world, ann) != signed_in
    withdraw(life.request)
    wait(clock)
    assert stopped(ann) == set()
    assert gets_news(world)
    assert paused(world, ann) == free
    assert sign_in_state(world, ann)[0] is None


def test_an_older_restriction_is_lifted_only_after_what_stopped_since(
    world: World, ann: Planted, clock: Clock
) -> None:
    first = reviewed(world, "restriction")
    first.approve()
    pump_once()
    first.refresh()
    clock.forward(timedelta(seconds=5))
    second = reviewed(world, "rectification")
    with pytest.raises(ReviewError, match=second.request.reference):
        announce(first)
    withdraw(second.request)
    wait(clock)
    assert stopped(ann) == set(stopped_purposes(["restriction"]))
    assert not gets_news(world)
    announce(first)
    wait(clock)
    assert stopped(ann) == set()
    assert gets_news(world)


def test_what_ends_below_a_newer_restriction_hands_over_what_stood_before(
    world: World, ann: Planted, clock: Clock
) -> None:
    first = reviewed(world, "rectification")
    clock.forward(timedelta(seconds=5))
    second = reviewed(world, "restriction")
    second.approve()
    pump_once()
    withdraw(first.request)
    wait(clock)
    lift = first.request.steps.get(connector="resend", action="lift_restriction")
    assert (lift.state, lift.receipt) == ("done", {"handed_over": True})
    assert not gets_news(world)
    second.refresh()
    announce(second)
    wait(clock)
    assert gets_news(world)


def test_while_a_processor_is_down_our_own_tables_stop_and_others_wait(
    world: World, ann: Planted, clock: Clock
) -> None:
    life = Life.begin(world, ANN, "objection")
    pump_once()
    life.confirm()
    world.mailbox.faults.add("unavailable", None, "/contacts", times=5000)
    pump_once()
    assert stopped(ann) == OBJECTED
    world.mailbox.faults.pending.clear()
    for step in life.request.steps.filter(state="parked"):
        review.retry_step(step, actor=staff("first"))
    wait(clock)
    assert not gets_news(world)


def test_a_lift_that_died_after_handing_over_is_repeated_without_harm(
    world: World, ann: Planted, clock: Clock
) -> None:
    first = reviewed(world, "rectification")
    clock.forward(timedelta(seconds=5))
    second = reviewed(world, "objection")
    withdraw(first.request)
    pump_once()
    lift = first.request.steps.filter(connector="resend", action="lift_restriction")
    assert lift.get().receipt == {"handed_over": True}
    lift.update(state="ready", receipt={}, finished_at=None, not_before=timezone.now())
    pump_once()
    assert lift.get().receipt == {"handed_over": True}
    assert not gets_news(world)
    withdraw(second.request)
    pump_once()
    assert gets_news(world)
    lift.update(state="ready", receipt={}, finished_at=None, not_before=timezone.now())
    pump_once()
    assert lift.get().state == "done"
    assert gets_news(world)
