"""Between approval and erasure more may come: it is taken in and shown, or a person decides."""

from typing import Any

import pytest

from privacy.admin.plan_page import plan_page
from privacy.grounds import ACCEPTABLE
from privacy.models import FulfilmentStep
from privacy.selectors.drift import drift
from privacy.services import review
from tests.support import staff as pages
from tests.support.lives import Life, pump_once, staff
from tests.support.steps import ANN, reviewed
from tests.support.world import Planted, World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])


@pytest.fixture
def ann(world: World) -> Planted:
    return world.add_person(ANN)


def approved_erasure(world: World) -> Life:
    """Approved, and its work not begun."""
    life = reviewed(world, "erasure")
    request = life.request
    accept, typed = sorted(ACCEPTABLE), request.reference
    review.propose(request, actor=staff("a"), typed=typed, reason="Fine.", accept=accept)
    review.approve(request, actor=staff("b"), reason="Seen.")
    return life


def prepared(life: Life, name: str = "stripe") -> FulfilmentStep:
    pump_once()
    life.refresh()
    return life.request.steps.get(connector=name, action="prepare")


def more_charges(world: World, planted: Planted, number: int) -> None:
    for _ in range(number):
        world.stripe.add("charge", customer=planted.customer, receipt_email=ANN)


def page_of(life: Life) -> str:
    client = pages.signed_in(pages.member("Approver"))
    return " ".join(client.get(pages.page_url(life.request)).text.split())


@pytest.mark.acceptance("PROC-56")
def test_more_of_a_kind_that_was_approved_is_taken_in_and_shown(
    world: World, ann: Planted
) -> None:
    life = approved_erasure(world)
    more_charges(world, ann, 3)
    assert prepared(life).state == "done"
    found = drift(life.request)
    assert {name: more for name, more in found.items() if more} == {"stripe": {"charge": 3}}
    assert "3 Payments more than approved; taken in" in page_of(life)


def test_when_nothing_came_nothing_is_shown(world: World, ann: Planted) -> None:
    life = approved_erasure(world)
    assert prepared(life).state == "done"
    assert not any(drift(life.request).values())
    assert "more than approved" not in page_of(life)


def test_the_traces_of_our_own_freeze_are_no_drift(world: World, ann: Planted) -> None:
    life = approved_erasure(world)
    step = prepared(life, "supabase_auth")
    approved = life.request.plan["supabase_auth"]["found"]["audit_log_entry"]
    assert step.receipt["found"]["audit_log_entry"] > approved
    assert not any(row.more for row in plan_page(life.request).systems)


@pytest.mark.acceptance("PROC-56")
def test_a_new_kind_goes_back_to_a_person_and_goes_on_once_accepted(
    world: World, ann: Planted
) -> None:
    world.stripe.store.remove(
        next(each for each in world.stripe.store.of_customer("tax_id", ann.customer))
    )
    life = approved_erasure(world)
    world.stripe.add("tax_id", customer=ann.customer)
    step = prepared(life)
    assert (step.state, step.error) == ("parked", "new_kind")
    assert step.cursor["found"]["found"]["tax_id"] == 1
    review.accept_found(step, actor=staff("b"), reason="She added it yesterday.")
    assert prepared(life).state == "done"
    assert life.request.plan["stripe"]["found"]["tax_id"] == 1
    assert not any(drift(life.request).values())


@pytest.mark.acceptance("PROC-56")
def test_a_new_blocker_goes_back_to_a_person_and_nothing_is_erased(
    world: World, ann: Planted, monkeypatch: Any
) -> None:
    life = approved_erasure(world)
    other = world.add_person("bob@example.org", "Bob Example")
    other.account.stripe_customer_id = ann.customer
    other.account.save()
    step = prepared(life)
    assert step.state == "parked"
    assert step.error == "shared_customer"
    assert not world.stripe.find("customer", ann.customer).get("deleted")
    with pytest.raises(review.ReviewError, match="nobody may pass"):
        review.accept_found(step, actor=staff("b"), reason="Never mind.")
