"""What Stripe holds after each part of an erasure, and after all of it."""

import pytest

from fluxrouter.sandbox.stripe.templates import Object
from tests.support.billing import EMAIL, add_customer, life_of, plant_customer, served
from tests.support.connectors import stripe_connector
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-30"),
]
USER = "00000000-0000-4000-8000-000000000001"


def wound_down(world: World) -> str:
    """The customer of a life in which everything but the last deletion was done."""
    customer = plant_customer(world, EMAIL, USER, "Ann Lee")
    life = life_of(world, customer, user=USER)
    life.look()
    life.erase(without="delete_customer")
    return customer


def of(world: World, kind: str, customer: str) -> list[Object]:
    return world.stripe.store.of_customer(kind, customer)


def test_every_subscription_is_found_also_a_canceled_one(world: World) -> None:
    customer = plant_customer(world, EMAIL, USER, "Ann Lee")
    assert life_of(world, customer, user=USER).look().found["subscription"] == 3


def test_subscriptions_end_before_the_customer_goes(world: World) -> None:
    customer = wound_down(world)
    assert {one["status"] for one in of(world, "subscription", customer)} == {"canceled"}


def test_payment_methods_are_taken_off_before_the_customer_goes(world: World) -> None:
    assert of(world, "payment_method", wound_down(world)) == []


def test_older_cards_go_before_the_customer_goes(world: World) -> None:
    assert of(world, "payment_source", wound_down(world)) == []


def test_tax_numbers_go_before_the_customer_goes(world: World) -> None:
    assert of(world, "tax_id", wound_down(world)) == []


def test_the_customers_fields_are_empty_before_the_customer_goes(world: World) -> None:
    customer = world.stripe.store.get("customer", wound_down(world)) or {}
    fields = ("name", "email", "phone", "address", "shipping", "description", "business_name")
    assert [name for name in fields if customer[name]] == []


def test_the_customers_metadata_is_empty_before_the_customer_goes(world: World) -> None:
    customer = world.stripe.store.get("customer", wound_down(world)) or {}
    assert customer["metadata"] == {}


def test_only_a_tombstone_is_left_of_the_customer(world: World) -> None:
    customer = plant_customer(world, EMAIL, USER, "Ann Lee")
    life = life_of(world, customer, user=USER)
    life.look()
    life.erase()
    tombstone = {"id": customer, "object": "customer", "deleted": True}
    assert world.stripe.store.get("customer", customer) == tombstone


def test_the_copies_in_past_payments_are_what_we_say_stays(world: World) -> None:
    customer = plant_customer(world, EMAIL, USER, "Ann Lee")
    life = life_of(world, customer, user=USER)
    life.look()
    life.erase()
    [charge] = of(world, "charge", customer)
    assert charge["billing_details"]["name"] == "Ann Lee billing_details.name"


def test_the_copies_in_final_invoices_are_what_we_say_stays(world: World) -> None:
    customer = plant_customer(world, EMAIL, USER, "Ann Lee")
    life = life_of(world, customer, user=USER)
    life.look()
    life.erase()
    names = {one["status"]: one["customer_name"] for one in of(world, "invoice", customer)}
    assert names == dict.fromkeys(("paid", "void"), "Ann Lee customer_name")


def test_who_finds_a_subscription_cancelled_by_another_worker_goes_on(world: World) -> None:
    customer = add_customer(world)
    for _ in range(2):
        world.stripe.add("subscription", customer=customer)
    life = life_of(world, customer)
    life.look()
    task = life._task("wind_down", "", {}, 0)
    other = life._task("wind_down", "", {}, 0)

    def meanwhile() -> None:
        if not served(world, "POST", "/v1/customers/<customer>"):
            life.connector.erase(other)

    object.__setattr__(task, "heartbeat", meanwhile)
    life.connector.erase(task)
    cancel = "/v1/subscriptions/<subscription>"
    assert served(world, "DELETE", cancel) == [200, 200, 404]


def test_a_permission_that_is_missing_stops_for_a_person(world: World) -> None:
    key = world.stripe.allow("rk_test_none", {"customers": "none"})
    with pytest.raises(Exception, match="no_permission"):
        life_of(world, add_customer(world), connector=stripe_connector(world.stripe, key)).look()
