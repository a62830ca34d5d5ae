"""What is contested or objected to stops by itself, and is given back exactly after the notice."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Restriction
from accounts.purposes import Purpose
from fluxrouter.foundation.models import TrailEvent
from privacy.rights import RIGHTS, Right, absolute_purposes, interim_purposes
from privacy.services import appeals, refusals, review
from privacy.services.refusals import Decision
from privacy.services.withdrawal import withdraw
from tests.support.lives import Clock, Life, pump_once, staff
from tests.support.restrictions import announce, sign_in_state, stopped
from tests.support.steps import ANN, reviewed
from tests.support.world import Planted, World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
NOTICE = timedelta(hours=72)
CONTESTED = set(interim_purposes(["rectification"]))
OBJECTED = set(interim_purposes(["objection"]))
GROUNDS = Decision(
    ("objection",),
    "COMPELLING_GROUNDS",
    "Without statistics we can’t keep the service from failing.",
    whole=False,
    granted="We send you no news or offers.",
)


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture
def ann(world: World, settings: Any, clock: Clock) -> Planted:
    settings.LIFT_NOTICE = NOTICE
    return world.add_person(ANN)


def gets_news(world: World) -> bool:
    [contact] = [each for each in world.mailbox.contacts.values() if each["email"] == ANN]
    return not contact["unsubscribed"]


def after_notice(clock: Clock) -> None:
    pump_once()
    clock.forward(NOTICE + timedelta(seconds=1))
    pump_once()


def confirmed(world: World, *rights: str) -> Life:
    """The address is proved; no worker has run since."""
    life = Life.begin(world, ANN, *rights)
    pump_once()
    life.confirm()
    life.refresh()
    return life


def deny(life: Life, right: str, code: str) -> None:
    decision = Decision((right,), code, "We have looked at it, and see no reason.")
    refusals.refuse(life.request, actor=staff("first"), decision=decision)
    assert life.request.status == "denied"


@pytest.mark.acceptance("RIGHT-X09")
@pytest.mark.parametrize("right", ["objection", "rectification"])
def test_the_uses_stop_with_the_click_that_proves_the_address(
    world: World, ann: Planted, right: str
) -> None:
    free = sign_in_state(world, ann)
    confirmed(world, right)
    assert stopped(ann) == set(interim_purposes([right]))
    assert gets_news(world)  # the processor hears of it from the ledger
    pump_once()
    assert not gets_news(world)
    assert sign_in_state(world, ann) == free
    letter = next(
        each for each in world.letters(ANN) if each.subject == "Your privacy request is confirmed"
    )
    assert "Until we have decided" in letter.text
    assert Purpose.PROFILING.label in letter.text


@pytest.mark.acceptance("RIGHT-X09")
def test_before_the_address_is_proved_nothing_stops(world: World, ann: Planted) -> None:
    Life.begin(world, ANN, "objection", "rectification")
    pump_once()
    assert stopped(ann) == set()


@pytest.mark.acceptance("RIGHT-X09")
def test_no_other_right_stops_anything_before_it_is_decided(world: World, ann: Planted) -> None:
    others = [right for right, row in RIGHTS.items() if not row.interim and row.level != "none"]
    confirmed(world, *(right for right in others if right != Right.ERASURE))
    assert stopped(ann) == set()


@pytest.mark.acceptance("RIGHT-X10")
def test_contested_data_is_used_again_only_after_the_person_was_told(
    world: World, ann: Planted, clock: Clock
) -> None:
    life = reviewed(world, "rectification")
    life.approve()
    pump_once()
    life.refresh()
    assert life.request.status == "completed", life.problems
    assert world.letters(ANN)[0].subject == "We are about to use your data again"
    assert stopped(ann) == CONTESTED
    clock.forward(NOTICE - timedelta(seconds=1))
    pump_once()
    assert stopped(ann) == CONTESTED
    assert not gets_news(world)
    clock.forward(timedelta(seconds=2))
    pump_once()
    assert stopped(ann) == set()
    assert gets_news(world)


@pytest.mark.acceptance("RIGHT-X11")
def test_an_objection_that_is_granted_stays_without_a_gap(
    world: World, ann: Planted, clock: Clock
) -> None:
    life = reviewed(world, "objection")
    since = set(Restriction.objects.values_list("since", flat=True))
    life.approve()
    after_notice(clock)
    life.refresh()
    assert life.request.status == "completed", life.problems
    assert stopped(ann) == OBJECTED
    assert set(Restriction.objects.values_list("since", flat=True)) == since
    announce(life)
    after_notice(clock)
    assert stopped(ann) == set()
    assert gets_news(world)


@pytest.mark.acceptance("RIGHT-X12")
def test_a_refused_objection_is_told_first_and_marketing_never_comes_back(
    world: World, ann: Planted, clock: Clock
) -> None:
    life = reviewed(world, "objection")
    refusals.refuse(life.request, actor=staff("first"), decision=GROUNDS)
    pump_once()
    assert stopped(ann) == OBJECTED
    life.approve()
    pump_once()
    life.refresh()
    assert life.request.status == "partly", life.problems
    assert stopped(ann) == OBJECTED
    [letter] = [
        each
        for each in world.letters(ANN)
        if each.subject == "We are about to use your data again"
    ]
    assert Purpose.ANALYTICS.label in letter.text
    assert Purpose.MARKETING.label not in letter.text
    after_notice(clock)
    assert stopped(ann) == {Purpose.MARKETING}
    assert not gets_news(world)


@pytest.mark.acceptance("RIGHT-X12")
def test_compelling_grounds_refuse_no_objection_as_a_whole(world: World, ann: Planted) -> None:
    life = reviewed(world, "objection")
    whole = GROUNDS._replace(whole=True)
    with pytest.raises(review.ReviewError, match="a part of a right"):
        refusals.refuse(life.request, actor=staff("first"), decision=whole)


@pytest.mark.acceptance("RIGHT-X12")
def test_whoever_denies_the_request_can_not_bring_marketing_back(
    world: World, ann: Planted, clock: Clock
) -> None:
    life = confirmed(world, "objection")  # the processor hasn't even heard of it
    deny(life, "objection", "MANIFESTLY_UNFOUNDED")
    after_notice(clock)
    assert stopped(ann) == {Purpose.MARKETING}
    assert not gets_news(world)
    life.refresh()
    announce(life)  # when the person wants news again
    after_notice(clock)
    assert stopped(ann) == set()
    assert gets_news(world)


@pytest.mark.acceptance("RIGHT-X13")
@pytest.mark.parametrize("worked", [False, True])
@pytest.mark.parametrize("right", ["objection", "rectification"])
def test_who_takes_it_back_has_everything_as_before_at_once(
    world: World, ann: Planted, right: str, worked: bool
) -> None:
    life = confirmed(world, right)
    if worked:
        pump_once()
    withdraw(life.request)
    assert stopped(ann) == set()
    pump_once()
    assert gets_news(world)
    assert stopped(ann) == set()
    life.refresh()
    assert [each for each in life.problems if "cancelled" not in each] == []


@pytest.mark.acceptance("RIGHT-X13")
def test_who_was_unsubscribed_before_stays_so(world: World, ann: Planted) -> None:
    [contact] = [each for each in world.mailbox.contacts.values() if each["email"] == ANN]
    contact["unsubscribed"] = True
    life = reviewed(world, "objection")
    withdraw(life.request)
    pump_once()
    assert not gets_news(world)


@pytest.mark.acceptance("RIGHT-X10")
def test_a_denied_correction_is_told_first_too(world: World, ann: Planted, clock: Clock) -> None:
    life = reviewed(world, "rectification")
    deny(life, "rectification", "ACCURATE_AS_RECORDED")
    pump_once()
    assert stopped(ann) == CONTESTED
    after_notice(clock)
    assert stopped(ann) == set()
    assert gets_news(world)


@pytest.mark.acceptance("RIGHT-X14")
def test_an_open_appeal_keeps_what_was_stopped(world: World, ann: Planted, clock: Clock) -> None:
    life = reviewed(world, "rectification")
    deny(life, "rectification", "ACCURATE_AS_RECORDED")
    pump_once()
    appeals.submit(life.request, "appeal", "It is wrong.")
    after_notice(clock)
    assert stopped(ann) == CONTESTED
    appeals.withdraw(life.request, "appeal")
    clock.forward(timedelta(minutes=2))
    pump_once()
    assert stopped(ann) == set()


@pytest.mark.acceptance("RIGHT-X14")
def test_a_correction_and_an_objection_in_one_request_give_back_only_what_is_left(
    world: World, ann: Planted, clock: Clock
) -> None:
    life = reviewed(world, "rectification", "objection")
    life.approve()
    after_notice(clock)
    life.refresh()
    assert life.request.status == "completed", life.problems
    assert stopped(ann) == OBJECTED
    assert not gets_news(world)


@pytest.mark.acceptance("RIGHT-X14")
def test_a_restriction_beside_it_stops_the_rest_too_and_is_lifted_whole(
    world: World, ann: Planted, clock: Clock
) -> None:
    life = reviewed(world, "rectification", "restriction")
    life.approve()
    after_notice(clock)
    life.refresh()
    assert stopped(ann) == set(RIGHTS[Right.RESTRICTION].stops)
    announce(life)
    after_notice(clock)
    assert stopped(ann) == set()
    assert gets_news(world)


def test_what_stops_by_itself_is_an_event_with_codes_only(world: World, ann: Planted) -> None:
    life = confirmed(world, "objection")
    event = TrailEvent.objects.get(chain_id=life.request.pk, code="request.restricted_meanwhile")
    assert set(event.data["purposes"]) == {str(each) for each in OBJECTED}


def test_marketing_is_the_only_use_that_is_never_weighed() -> None:
    assert absolute_purposes(list(Right)) == (Purpose.MARKETING,)
    for row in RIGHTS.values():
        assert set(row.absolute) <= set(row.interim) <= set(Purpose)
