"""Freezes and restrictions of one person never take each other for what stood before."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Restriction
from privacy.services import lifting, review, withdrawal
from privacy.services.review import ReviewError
from tests.support.lives import pump_once, staff
from tests.support.restrictions import announce, paused, restricted
from tests.support.steps import ANN, approved, reviewed
from tests.support.world import Planted, World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
ENDLESS = 5000


@pytest.fixture
def ann(world: World, settings: Any) -> Planted:
    settings.ERASURE_GRACE = timedelta(hours=72)
    return world.add_person(ANN)


def down(world: World, method: str | None = "POST") -> None:
    world.stripe.faults.add("unavailable", method, "/v1/subscriptions", times=ENDLESS)


def up(world: World) -> None:
    world.stripe.faults.pending.clear()


def retry_parked(life: Any) -> None:
    for step in life.request.steps.filter(state="parked"):
        review.retry_step(step, actor=staff("first"))
    pump_once()


def test_a_restriction_waits_for_an_erasure_of_the_same_person(world: World, ann: Planted) -> None:
    """Withdrawn, the erasure would give back what the restriction stopped."""
    free = paused(world, ann)
    erasure = approved(world, "erasure")
    restriction = reviewed(world, "restriction")
    with pytest.raises(ReviewError, match="stands in the way"):
        restriction.approve()
    withdrawal.withdraw(erasure.request)
    pump_once()
    assert paused(world, ann) == free
    restriction.approve()
    pump_once()
    assert paused(world, ann) != free
    announce(restriction)
    pump_once()
    assert paused(world, ann) == free


def test_an_erasure_waits_for_a_restriction_that_is_not_done_everywhere(
    world: World, ann: Planted
) -> None:
    free = paused(world, ann)
    down(world)
    restriction = approved(world, "restriction")
    erasure = reviewed(world, "erasure")
    with pytest.raises(ReviewError, match="stands in the way"):
        erasure.approve()
    up(world)
    retry_parked(restriction)
    stopped = paused(world, ann)
    assert stopped != free
    erasure.approve()
    pump_once()
    withdrawal.withdraw(erasure.request)
    pump_once()
    assert paused(world, ann) == stopped


def test_what_a_withdrawn_erasure_has_still_to_give_back_comes_first(
    world: World, ann: Planted
) -> None:
    free = paused(world, ann)
    restriction = restricted(world)
    erasure = approved(world, "erasure")
    down(world, method=None)
    withdrawal.withdraw(erasure.request)
    pump_once()
    up(world)
    with pytest.raises(ReviewError, match="same person"):
        announce(restriction)
    retry_parked(erasure)
    announce(restriction)
    pump_once()
    assert paused(world, ann) == free


@pytest.mark.acceptance("PROC-57")
def test_a_newer_restriction_is_lifted_everywhere_before_an_older_one(
    world: World, ann: Planted
) -> None:
    free = paused(world, ann)
    first, second = restricted(world), restricted(world)
    down(world, method=None)
    announce(second)
    pump_once()
    up(world)
    assert not Restriction.objects.filter(request_id=second.request.pk, lifted_at=None).exists()
    with pytest.raises(ReviewError, match=second.request.reference):
        announce(first)
    retry_parked(second)
    announce(first)
    pump_once()
    assert paused(world, ann) == free


def test_an_older_lifting_that_stopped_halfway_ends_before_a_newer_restriction(
    world: World, ann: Planted
) -> None:
    free = paused(world, ann)
    first = restricted(world)
    announce(first)
    down(world)
    pump_once()
    second = reviewed(world, "restriction")
    with pytest.raises(ReviewError, match="stands in the way"):
        second.approve()
    up(world)
    retry_parked(first)
    assert paused(world, ann) == free
    second.approve()
    pump_once()
    announce(second)
    pump_once()
    assert paused(world, ann) == free


def test_calling_a_lifting_off_locks_the_trail_before_the_steps(
    world: World, ann: Planted, settings: Any
) -> None:
    """As a worker does that ends one of them: else each would wait for the other."""
    settings.LIFT_NOTICE = timedelta(hours=72)
    life = restricted(world)
    announce(life)
    pump_once()
    with CaptureQueriesContext(connection) as queries:
        lifting.call_off(life.request, actor=staff("first"), reason="Not yet.")
    said = [each["sql"] for each in queries]
    chain = next(place for place, each in enumerate(said) if "foundation_trailchain" in each)
    steps = next(
        place
        for place, each in enumerate(said)
        if "privacy_fulfilmentstep" in each and "FOR UPDATE" in each
    )
    assert chain < steps
