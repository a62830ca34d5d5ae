"""The end of a restriction: told first, exact, newest first, and to be called off."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Restriction
from fluxrouter.foundation.models import TrailEvent
from privacy.grounds import ACCEPTABLE
from privacy.models import PrivacyRequest
from privacy.services import lifting, review
from privacy.services.closing import destroy_due_keys
from privacy.services.review import ReviewError
from tests.support.lives import Clock, pump_once, staff, work_off
from tests.support.restrictions import announce, paused, restricted, stopped
from tests.support.rows import APPEALS_OVER
from tests.support.steps import ANN, approved, reviewed
from tests.support.world import Planted, World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("PROC-42"),
]
NOTICE = timedelta(hours=72)


@pytest.fixture
def ann(world: World) -> Planted:
    return world.add_person(ANN)


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield Clock(traveller)


def approve(erasure: PrivacyRequest) -> None:
    accept = sorted(ACCEPTABLE)
    review.propose(
        erasure, actor=staff("a"), typed=erasure.reference, reason="Fine.", accept=accept
    )
    review.approve(erasure, actor=staff("b"), reason="Seen.")


@pytest.mark.acceptance("PROC-57")
def test_nothing_is_used_before_the_notice_is_over(
    world: World, ann: Planted, clock: Clock, settings: Any
) -> None:
    settings.LIFT_NOTICE = NOTICE
    life = restricted(world)
    announce(life)
    pump_once()
    assert "lifting" in life.request.steps.filter(state="done").values_list("action", flat=True)
    clock.forward(NOTICE - timedelta(seconds=1))
    pump_once()
    assert stopped(ann)
    clock.forward(timedelta(seconds=2))
    pump_once()
    assert not stopped(ann)


@pytest.mark.acceptance("PROC-57")
def test_the_notice_counts_from_the_letter_and_not_from_the_click(
    world: World, ann: Planted, clock: Clock, settings: Any
) -> None:
    settings.LIFT_NOTICE = NOTICE
    life = restricted(world)
    announce(life)
    clock.forward(timedelta(hours=70))  # the worker stood still
    pump_once()
    clock.forward(timedelta(hours=3))
    pump_once()
    assert stopped(ann)
    clock.forward(timedelta(hours=70))
    pump_once()
    assert not stopped(ann)


def test_a_lifting_can_be_called_off_until_it_begins_and_announced_again(
    world: World, ann: Planted, clock: Clock, settings: Any
) -> None:
    settings.LIFT_NOTICE = NOTICE
    life = restricted(world)
    announce(life)
    with pytest.raises(ReviewError, match="announced already"):
        announce(life)
    lifting.call_off(life.request, actor=staff("second"), reason="It is wrong after all.")
    work_off(clock)
    assert stopped(ann)
    announce(life)
    work_off(clock)
    assert not stopped(ann)
    with pytest.raises(ReviewError, match="not begun"):
        lifting.call_off(life.request, actor=staff("second"), reason="Too late.")
    codes = TrailEvent.objects.filter(chain_id=life.request.pk).values_list("code", flat=True)
    assert [code for code in codes if "lifting" in code] == [
        "request.lifting_announced",
        "request.lifting_called_off",
        "request.lifting_announced",
    ]


def test_a_lifting_that_has_begun_somewhere_can_not_be_called_off(
    world: World, ann: Planted
) -> None:
    life = restricted(world)
    announce(life)
    world.stripe.faults.add("unavailable", method="POST", times=50)
    pump_once()
    with pytest.raises(ReviewError, match="not begun"):
        lifting.call_off(life.request, actor=staff("second"), reason="Too late.")


@pytest.mark.acceptance("PROC-57")
def test_restrictions_of_one_person_end_newest_first(world: World, ann: Planted) -> None:
    free = paused(world, ann)
    first, second = restricted(world), restricted(world, "restriction")
    with pytest.raises(ReviewError, match=f"{second.request.reference} has restricted"):
        announce(first)
    announce(second)
    pump_once()
    assert stopped(ann)
    assert paused(world, ann) != free
    announce(first)
    pump_once()
    assert not stopped(ann)
    assert paused(world, ann) == free


def test_a_restriction_that_came_after_the_announcement_stops_the_lifting(
    world: World, ann: Planted, clock: Clock, settings: Any
) -> None:
    settings.LIFT_NOTICE = NOTICE
    first = restricted(world)
    announce(first)
    pump_once()
    clock.forward(timedelta(hours=1))
    restricted(world)
    clock.forward(NOTICE)
    pump_once()
    gate = first.request.steps.get(connector="request", action="lift")
    assert (gate.state, gate.error) == ("parked", "newer_request")
    assert stopped(ann)


def test_while_the_person_is_being_erased_nothing_is_given_back(
    world: World, ann: Planted, settings: Any
) -> None:
    life = restricted(world)
    settings.ERASURE_GRACE = timedelta(hours=72)
    erasure = reviewed(world, "erasure").request
    approve(erasure)
    with pytest.raises(ReviewError, match=f"{erasure.reference} erases"):
        announce(life)


def test_what_is_not_in_force_can_not_be_lifted(world: World, ann: Planted) -> None:
    access = approved(world, "access")
    life = reviewed(world, "restriction")
    for each in (access, life):
        with pytest.raises(ReviewError, match="No restriction"):
            announce(each)
    life.approve()
    pump_once()
    announce(life)
    pump_once()
    with pytest.raises(ReviewError, match="No restriction"):
        announce(life)


@pytest.mark.acceptance("MAIN-42")
def test_the_address_is_kept_until_the_person_was_told_of_the_end(
    world: World, ann: Planted, clock: Clock
) -> None:
    life = restricted(world)
    clock.forward(APPEALS_OVER)
    assert destroy_due_keys() == {"destroyed": 0}
    announce(life)
    assert destroy_due_keys() == {"destroyed": 0}
    pump_once()
    assert destroy_due_keys() == {"destroyed": 1}


def test_an_erasure_ends_the_wait_for_a_lifting(world: World, ann: Planted, clock: Clock) -> None:
    restricted(world)
    ann.account.delete()
    clock.forward(APPEALS_OVER)
    assert destroy_due_keys() == {"destroyed": 1}
    assert Restriction.objects.filter(lifted_at=None).exists()


def test_a_failed_lift_stands_on_the_staffs_screen_and_is_retried(
    world: World, ann: Planted
) -> None:
    life = restricted(world)
    announce(life)
    world.stripe.faults.add("unavailable", method="POST", times=500)
    pump_once()
    step = life.request.steps.get(connector="stripe", action="lift_restriction")
    assert step.state == "parked", step.error
    world.stripe.faults.pending.clear()  # Stripe is back
    assert stopped(ann) == set()  # the others didn't wait
    review.retry_step(step, actor=staff("first"))
    pump_once()
    step.refresh_from_db()
    assert step.state == "done"
