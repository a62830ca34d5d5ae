"""What an erasure ends and empties, by policy and in parts."""

from typing import Any

import pytest

from privacy.connectors.errors import PermanentError
from privacy.connectors.stripe import endings, wind_down
from tests.support.billing import (
    EMAIL,
    add_customer,
    life_of,
    served,
    stored,
)
from tests.support.connectors import stripe_connector
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]


@pytest.mark.acceptance("PROC-14")
@pytest.mark.parametrize("prorate", [False, True])
@pytest.mark.parametrize("billed", [False, True])
def test_the_last_bill_follows_the_policy(
    world: World, settings: Any, prorate: bool, billed: bool
) -> None:
    settings.STRIPE_PRORATE, settings.STRIPE_FINAL_INVOICE = prorate, billed
    settings.STRIPE_OPEN_INVOICES = "keep"
    customer = add_customer(world)
    world.stripe.add("subscription", customer=customer)
    life = life_of(world, customer)
    life.look()
    life.erase()
    [call] = [
        call
        for call in world.stripe.log
        if (call.method, call.template) == ("DELETE", "/v1/subscriptions/<subscription>")
    ]
    assert call.status == 200
    final = world.stripe.store.of_customer("invoice", customer)
    assert [one["status"] for one in final] == (["open"] if billed else [])


def test_open_invoices_stay_where_that_is_the_policy(world: World, settings: Any) -> None:
    settings.STRIPE_OPEN_INVOICES = "keep"
    customer = add_customer(world)
    invoice = world.stripe.add("invoice", customer=customer, status="open")["id"]
    intent = world.stripe.add("payment_intent", customer=customer, status="requires_action")["id"]
    life = life_of(world, customer)
    life.look()
    life.erase()
    assert stored(world, "invoice", invoice)["status"] == "open"
    assert stored(world, "payment_intent", intent)["status"] == "requires_action"
    assert life.verify() == []


def test_a_subscriptions_draft_cannot_go_and_is_told_as_kept(world: World) -> None:
    customer = add_customer(world)
    subscription = world.stripe.add("subscription", customer=customer)["id"]
    draft = world.stripe.add(
        "invoice", customer=customer, subscription=subscription, description="Ann Lee"
    )
    life = life_of(world, customer)
    assert {"what": "invoice", "count": 1, "ground": "processor_ledger"} in life.look().keep
    life.erase()
    assert stored(world, "invoice", draft["id"])["description"] is None
    assert life.verify() == []


def test_a_running_schedule_lets_its_subscription_go_which_then_ends(world: World) -> None:
    customer = add_customer(world)
    subscription = world.stripe.add("subscription", customer=customer, description="Ann")["id"]
    schedule = world.stripe.add(
        "subscription_schedule", customer=customer, status="active", subscription=subscription
    )["id"]
    life = life_of(world, customer)
    life.look()
    life.erase()
    assert stored(world, "subscription_schedule", schedule)["status"] == "released"
    ended = stored(world, "subscription", subscription)
    assert (ended["status"], ended["description"]) == ("canceled", None)


def test_an_open_sessions_payment_ends_with_its_session(world: World) -> None:
    customer = add_customer(world)
    intent = world.stripe.add("payment_intent", customer=customer)["id"]
    world.stripe.add("checkout.session", customer=customer, payment_intent=intent)
    life = life_of(world, customer)
    life.look()
    life.erase()
    assert stored(world, "payment_intent", intent)["status"] == "canceled"
    assert life.verify() == []


def test_what_somebody_else_ended_meanwhile_is_no_failure(world: World) -> None:
    """The list said open; the call then says that it isn't any more."""
    customer = add_customer(world)
    invoice = world.stripe.add("invoice", customer=customer, status="open")
    life = life_of(world, customer)
    life.look()
    eraser = life.connector.eraser(life._task("wind_down", "", {}, 0))
    world.stripe.store.save({**invoice, "status": "paid"})
    assert endings.invoice(eraser, invoice)
    assert stored(world, "invoice", invoice["id"])["status"] == "paid"


def test_more_than_a_page_of_drafts_goes_past_those_that_stay(world: World) -> None:
    customer = add_customer(world)
    for number in range(230):
        kept = {"subscription": "sub_x"} if number % 2 else {}
        world.stripe.add("invoice", customer=customer, **kept)
        world.stripe.add("invoiceitem", customer=customer)
    life = life_of(world, customer)
    life.look()
    life.erase()
    left = world.stripe.store.of_customer("invoice", customer)
    assert len(left) == 115
    assert all(one["subscription"] for one in left)
    assert world.stripe.store.of_customer("invoiceitem", customer) == []
    assert life.verify() == []


def test_a_long_wind_down_is_done_in_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part begins where the last one stopped, and other requests have their turn between."""
    monkeypatch.setattr(wind_down, "PART", 10)
    customer = add_customer(world)
    for number in range(250):
        world.stripe.add("charge", customer=customer, description=f"Ann {number}")
        world.stripe.add("invoiceitem", customer=customer)
    life = life_of(world, customer)
    life.look()
    life.erase()
    [receipt] = [one for one in life.written if "wound_down" in one and "unit" not in one]
    assert receipt["wound_down"]["charge"] == receipt["wound_down"]["invoiceitem"] == 250
    charges = world.stripe.store.of_customer("charge", customer)
    assert {one["description"] for one in charges} == {None}
    assert len(served(world, "GET", "/v1/charges")) < 250 / 10 * 3 + 10


def test_what_stripe_refuses_to_empty_is_counted_and_stops_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = add_customer(world)
    fields = {"customer": customer, "receipt_email": EMAIL, "description": "Ann"}
    half, none = (world.stripe.add("charge", **fields)["id"] for _ in range(2))
    connector = stripe_connector(world.stripe)
    update = connector.erase_client.v1.charges.update

    def refuse_addresses(charge: str, values: Any, options: Any) -> Any:
        if "receipt_email" in values or charge == none:
            raise PermanentError("parameter_invalid_empty")
        return update(charge, values, options)

    monkeypatch.setattr(connector.erase_client.v1.charges, "update", refuse_addresses)
    life = life_of(world, customer, connector=connector)
    life.look()
    life.erase()
    held = {one["id"]: one for one in world.stripe.store.of_customer("charge", customer)}
    assert (held[half]["receipt_email"], held[half]["description"]) == (EMAIL, None)
    assert (held[none]["receipt_email"], held[none]["description"]) == (EMAIL, "Ann")
    [receipt] = [one for one in life.written if "not_emptied" in one]
    assert receipt["not_emptied"] == {"charge": 1}
