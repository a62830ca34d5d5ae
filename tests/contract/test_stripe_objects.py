"""Every kind of object is found, and its fate is told."""

from typing import Any

import pytest

from privacy.connectors.errors import NeedsHumanError
from privacy.connectors.stripe.objects import OBJECTS
from privacy.grounds import ACCEPTABLE, BLOCKERS, OF_ERASURE
from privacy.words import AT_PROCESSORS
from tests.support.billing import (
    EMAIL,
    add_customer,
    life_of,
    plant_customer,
    stored,
)
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
USER = "00000000-0000-4000-8000-000000000001"


def fates(world: World, customer: str) -> dict[str, tuple[int, int]]:
    """Per kind how many go and how many stay."""
    found = life_of(world, customer, user=USER).look()
    kept = {item["what"]: item["count"] for item in found.keep}
    return {kind: (found.erase.get(kind, 0), kept.get(kind, 0)) for kind in found.found}


def test_every_kind_is_found_and_its_fate_is_told(world: World) -> None:
    customer = plant_customer(world, EMAIL, USER, "Ann Lee")
    assert fates(world, customer) == {
        "customer": (1, 0),
        "subscription_schedule": (0, 2),
        "subscription": (3, 0),
        "checkout_session": (0, 2),
        "invoice": (1, 2),
        "invoiceitem": (1, 0),
        "credit_note": (0, 1),
        "quote": (0, 3),
        "promotion_code": (0, 1),
        "customer_balance_transaction": (0, 1),
        "payment_intent": (0, 2),
        "setup_intent": (0, 2),
        "charge": (0, 1),
        "refund": (0, 1),
        "dispute": (0, 1),
        "file": (0, 1),
        "mandate": (0, 1),
        "payment_source": (2, 0),
        "payment_method": (0, 1),
        "tax_id": (1, 0),
    }


def test_every_kind_has_a_plain_word() -> None:
    assert OBJECTS.keys() <= AT_PROCESSORS.keys()


@pytest.mark.parametrize(
    ("code", "kind", "fields"),
    [
        ("active_subscription", "subscription", {"status": "past_due"}),
        ("unpaid_invoice", "invoice", {"status": "open"}),
        ("open_dispute", "dispute", {"status": "needs_response"}),
    ],
)
def test_what_an_erasure_would_lose_stops_it_until_somebody_looked(
    world: World, code: str, kind: str, fields: dict[str, Any]
) -> None:
    customer = add_customer(world)
    world.stripe.add(kind, customer=customer, **fields)
    life = life_of(world, customer)
    assert life.look().blockers == [code]
    life.approved["accepted"] = []
    with pytest.raises(NeedsHumanError, match=code):
        life.erase()
    assert stored(world, "customer", customer)["email"] == EMAIL


def test_credit_stops_an_erasure_and_debt_does_not(world: World) -> None:
    assert life_of(world, add_customer(world, balance=-500)).look().blockers == ["credit_balance"]
    world.stripe.reset()
    assert life_of(world, add_customer(world, balance=500)).look().blockers == []


def test_what_stops_an_erasure_stops_nothing_else_and_may_be_let_pass() -> None:
    codes = {row.blocks[0] for row in OBJECTS.values()} - {""}
    assert codes <= BLOCKERS.keys() & ACCEPTABLE & OF_ERASURE


@pytest.mark.acceptance("PROC-23")
def test_what_a_deleted_customer_left_is_still_told_as_kept(world: World) -> None:
    customer = plant_customer(world, EMAIL, USER, "Ann Lee")
    life = life_of(world, customer, user=USER)
    life.look()
    life.erase()
    found = life_of(world, customer, user=USER).look()
    assert "customer" not in found.found
    kept = {item["what"]: item["ground"] for item in found.keep}
    assert {"charge", "refund", "dispute", "credit_note", "invoice"} <= kept.keys()
    assert set(kept.values()) == {"processor_ledger", "event_log"}
    assert "charge" in {collection for collection, _ in life.export()}
