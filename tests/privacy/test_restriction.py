"""Restriction and objection through their whole life: what stops, what goes on."""

import pytest

from accounts.models import ApiKey
from accounts.purposes import Purpose
from privacy.connectors.registry import connectors
from privacy.rights import Right, needs_proof, stopped_purposes
from privacy.services.withdrawal import withdraw
from tests.support.lives import pump_once
from tests.support.restrictions import announce, paused, restricted, sign_in_state, stopped
from tests.support.steps import ANN, reviewed
from tests.support.world import Planted, World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("PROC-42"),
]
STOPPING = [right for right in Right if stopped_purposes([right]) and needs_proof(right)]


@pytest.fixture
def ann(world: World) -> Planted:
    return world.add_person(ANN)


@pytest.mark.parametrize("right", STOPPING)
def test_exactly_the_uses_of_the_right_stop_and_sign_in_goes_on(
    world: World, ann: Planted, right: Right
) -> None:
    before, free = sign_in_state(world, ann), paused(world, ann)
    restricted(world, right)
    purposes = set(stopped_purposes([right]))
    assert stopped(ann) == purposes
    assert (paused(world, ann) != free) is (Purpose.BILLING in purposes)
    assert sign_in_state(world, ann) == before
    assert not ApiKey.objects.exclude(revoked_at=None).exists()
    letter = world.letters(ANN)[0].text
    assert "We have limited what we do with your data" in letter
    for purpose in purposes:
        assert purpose.label in letter


def test_a_lift_restores_exactly_after_the_person_was_told(world: World, ann: Planted) -> None:
    free, others = paused(world, ann), sign_in_state(world, ann)
    life = restricted(world)
    announce(life)
    pump_once()
    assert stopped(ann) == set()
    assert paused(world, ann) == free
    assert sign_in_state(world, ann) == others
    assert "We are about to end that limit" in " ".join(world.letters(ANN)[0].text.split())
    life.refresh()
    assert life.request.status == "completed"
    assert life.problems == []


def test_a_pause_that_was_there_before_is_given_back(world: World, ann: Planted) -> None:
    [subscription] = [
        each for each in world.stripe.dump()["subscription"] if each["customer"] == ann.customer
    ]
    kept = {"behavior": "keep_as_draft", "resumes_at": None}
    world.stripe.find("subscription", subscription["id"])["pause_collection"] = kept
    life = restricted(world)
    announce(life)
    pump_once()
    assert paused(world, ann) == [kept]


def test_a_withdrawal_before_the_work_began_stops_nothing(world: World, ann: Planted) -> None:
    life = reviewed(world, "restriction")
    life.approve()
    withdraw(life.request)
    pump_once()
    assert stopped(ann) == set()
    assert life.request.status == "withdrawn"


def test_every_restricting_system_lifts_and_no_other(world: World, ann: Planted) -> None:
    life = restricted(world)
    announce(life)
    pump_once()
    steps = life.request.steps.filter(action="lift_restriction")
    purposes = set(stopped_purposes(["restriction"]))
    serving = {name for name, each in connectors().items() if each.restricts & purposes}
    assert set(steps.values_list("connector", flat=True)) == serving >= {"database", "stripe"}
