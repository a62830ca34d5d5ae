"""What one request gives back must not undo what another one stopped, nor stop it for ever."""

from datetime import timedelta
from typing import Any

import pytest

from privacy.models import FulfilmentStep
from privacy.services import review
from privacy.services.review import ReviewError
from privacy.services.withdrawal import withdraw
from tests.support.lives import Life, pump_once, staff
from tests.support.restrictions import announce, paused, restricted, sign_in_state, stopped
from tests.support.steps import ANN, reviewed
from tests.support.world import Planted, World

pytestmark = pytest.mark.django_db(transaction=True)
State = FulfilmentStep.State


@pytest.fixture
def ann(world: World, settings: Any) -> Planted:
    settings.ERASURE_GRACE = timedelta(hours=72)
    return world.add_person(ANN)


def frozen(world: World) -> Life:
    """An erasure in its pause."""
    erasure = reviewed(world, "erasure")
    erasure.approve()
    pump_once()
    return erasure


def test_a_restriction_waits_for_an_erasure_that_may_still_be_taken_back(
    world: World, ann: Planted
) -> None:
    free = paused(world, ann)
    erasure, restriction = frozen(world), reviewed(world, "restriction")
    with pytest.raises(ReviewError, match="stands in the way"):
        restriction.approve()
    withdraw(erasure.request)
    pump_once()
    assert paused(world, ann) == free
    restriction.approve()
    pump_once()
    restriction.refresh()
    assert restriction.request.status == "completed", restriction.problems
    assert paused(world, ann) != free
    assert contact_is_unsubscribed(world)
    announce(restriction)
    pump_once()
    assert paused(world, ann) == free
    assert not contact_is_unsubscribed(world)


def contact_is_unsubscribed(world: World) -> bool:
    [contact] = [each for each in world.mailbox.dump()["contacts"] if each["email"] == ANN]
    return bool(contact["unsubscribed"])


def test_a_second_erasure_waits_until_the_first_ones_freeze_is_given_back(
    world: World, ann: Planted
) -> None:
    before = sign_in_state(world, ann)[0]
    first = frozen(world)
    assert sign_in_state(world, ann)[0] != before
    withdraw(first.request)  # and no worker has given anything back yet
    second = reviewed_without_lifts(world, first)
    with pytest.raises(ReviewError, match="stands in the way"):
        second.approve()
    first.request.steps.filter(action="lift").update(state=State.READY)
    pump_once()
    assert sign_in_state(world, ann)[0] == before
    second.approve()
    pump_once()
    withdraw(second.request)
    pump_once()
    assert sign_in_state(world, ann)[0] == before


def reviewed_without_lifts(world: World, first: Life) -> Life:
    """Every lift of the first request failed and waits for a person."""
    first.request.steps.filter(action="lift").update(state=State.PARKED)
    return reviewed(world, "erasure")


def test_an_erasure_waits_for_a_lifting_that_has_begun(world: World, ann: Planted) -> None:
    life = restricted(world)
    announce(life)
    world.stripe.faults.add("unavailable", method="POST", times=500)
    pump_once()
    lift = life.request.steps.get(connector="stripe", action="lift_restriction")
    assert lift.state == State.PARKED
    world.stripe.faults.pending.clear()
    erasure = reviewed(world, "erasure")
    with pytest.raises(ReviewError, match="stands in the way"):
        erasure.approve()
    review.retry_step(lift, actor=staff("first"))
    pump_once()
    assert not stopped(ann)
    erasure.approve()


def test_a_lifting_that_is_only_announced_holds_up_nobody(
    world: World, ann: Planted, settings: Any
) -> None:
    settings.LIFT_NOTICE = timedelta(hours=72)
    life = restricted(world)
    announce(life)
    pump_once()
    erasure = reviewed(world, "erasure")
    erasure.approve()
    assert erasure.request.status == "approved"
