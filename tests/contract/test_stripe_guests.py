"""Payments without a customer: only an address leads to them."""

import uuid
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Account
from tests.support.billing import (
    add_guest,
    life_of,
    stored,
)
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
USER = "00000000-0000-4000-8000-000000000001"


@pytest.mark.acceptance("PROC-24")
def test_a_guests_payment_is_found_by_its_address(world: World) -> None:
    session, charge = add_guest(world)
    refund_of_guest(world, charge)
    life = life_of(world)
    found = life.look()
    assert found.found == {"checkout_session": 1, "payment_intent": 1, "charge": 1, "refund": 1}
    assert found.blockers == ["unproved_customer"]
    assert life.refs["guests"] == [session]
    assert {item["what"] for item in found.keep} == {*found.found, "event"}
    exported = [collection for collection, _ in life.export()]
    assert sorted(exported) == sorted(found.found)
    life.erase()
    assert stored(world, "charge", charge)["receipt_email"] is None
    assert life.verify() == []


def refund_of_guest(world: World, charge: str) -> None:
    world.stripe.store.save({**stored(world, "charge", charge), "amount_refunded": 1})
    world.stripe.add("refund", charge=charge)


@pytest.mark.acceptance("PROC-24")
@pytest.mark.parametrize("by", ["client_reference_id", "metadata"])
def test_a_guest_whom_the_session_names_is_proved(world: World, by: str) -> None:
    named: dict[str, Any] = {by: USER if by != "metadata" else {"supabase_user_id": USER}}
    add_guest(world, **named)
    assert life_of(world, user=USER).look().blockers == []


@pytest.mark.acceptance("PROC-24", "PROC-10")
def test_a_guest_whom_the_session_names_as_another_is_left_alone(world: World) -> None:
    session, charge = add_guest(world, client_reference_id=str(uuid.uuid4()))
    before = [stored(world, "charge", charge), stored(world, "checkout.session", session)]
    life = life_of(world, user=USER)
    assert life.look().found == {}
    assert life.look().blockers == ["foreign_customer"]
    life.erase()
    assert [stored(world, "charge", charge), stored(world, "checkout.session", session)] == before


def test_a_guest_is_found_in_every_spelling_that_we_know(world: World) -> None:
    typed = "Ann.Lee@Example.org"
    ann = Account.objects.create(email=typed, created_at=timezone.now())
    session, _ = add_guest(world, typed)
    life = life_of(world)
    life.subject.refs["accounts"] = [str(ann.pk)]
    life.look()
    assert life.refs["guests"] == [session]
