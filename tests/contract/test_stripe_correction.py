"""Correcting, restricting, and the two keys."""

import uuid
from typing import Any

import pytest

from fluxrouter.sandbox.stripe import ERASE_KEY, READ_KEY, READ_PERMISSIONS
from privacy.connectors.base import Subject
from privacy.connectors.errors import PermanentError
from privacy.connectors.stripe import from_settings
from privacy.connectors.testing import Life
from tests.support.billing import (
    EMAIL,
    add_customer,
    life_of,
    plant_customer,
    served,
    stored,
)
from tests.support.connectors import stripe_connector
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
USER = "00000000-0000-4000-8000-000000000001"
ADDRESS = {"line1": "1 Old Street", "line2": "Flat 2", "city": "Oldtown", "country": "DE"}


def corrected(world: World, customer: str, **patch: str) -> Life:
    life = life_of(world, customer)
    life.look()
    life.correct(patch)
    return life


def receipt_of(life: Life) -> Any:
    return life.written[-2]


@pytest.mark.acceptance("PROC-43")
def test_a_correction_changes_the_customer_and_its_payment_methods(world: World) -> None:
    customer = add_customer(world, name="An Lee", address=ADDRESS)
    details = {"name": "An Lee", "email": EMAIL}
    method = world.stripe.add("payment_method", customer=customer, billing_details=details)["id"]
    life = corrected(world, customer, full_name="Ann Lee", city="Newtown", company="Lee Ltd")
    held = stored(world, "customer", customer)
    assert (held["name"], held["business_name"]) == ("Ann Lee", "Lee Ltd")
    assert held["address"] == {
        **dict.fromkeys(("postal_code", "state")),
        **ADDRESS,
        "city": "Newtown",
    }
    assert stored(world, "payment_method", method)["billing_details"]["name"] == "Ann Lee"
    assert receipt_of(life)["corrected"] == {"full_name": 2, "city": 1, "company": 1}


def test_nothing_is_added_to_billing_details_that_were_empty(world: World) -> None:
    customer = add_customer(world)
    method = world.stripe.add("payment_method", customer=customer)["id"]
    corrected(world, customer, full_name="Ann Lee", street="1 New Street", phone="+49301")
    details = stored(world, "payment_method", method)["billing_details"]
    assert (details["name"], details["phone"], details["address"]["line1"]) == (None, None, None)


def test_the_old_values_are_told_object_by_object(world: World) -> None:
    customer = add_customer(world, name="An Lee", individual_name="An", address=ADDRESS)
    life = life_of(world, customer)
    life.look()
    values = life.current({"full_name": "Ann Lee", "street": "1 New Street"})
    assert [tuple(value) for value in values] == [
        (customer, "full_name", "An Lee"),
        (customer, "street", "1 Old Street"),
        (f"{customer}.individual_name", "full_name", "An"),
    ]


def test_draft_invoices_follow_and_final_copies_are_only_counted(world: World) -> None:
    customer = add_customer(world, name="An Lee")
    draft = world.stripe.add("invoice", customer=customer)["id"]
    paid = world.stripe.add("invoice", customer=customer, status="paid")["id"]
    world.stripe.add("charge", customer=customer)
    life = corrected(world, customer, full_name="Ann Lee")
    assert stored(world, "invoice", draft)["customer_name"] == "Ann Lee"
    assert stored(world, "invoice", paid)["customer_name"] == "An Lee"
    assert receipt_of(life)["final_copies"] == {"invoice": 1, "charge": 1}


def test_a_correction_that_is_done_writes_nothing_more(world: World) -> None:
    customer = add_customer(world, name="An Lee")
    corrected(world, customer, full_name="Ann Lee")
    corrected(world, customer, full_name="Ann Lee")
    assert len(served(world, "POST", "/v1/customers/<customer>")) == 1


@pytest.mark.acceptance("PROC-42")
def test_a_restriction_pauses_billing_and_its_lift_restores_exactly(world: World) -> None:
    customer = plant_customer(world, EMAIL, USER, "Ann Lee")
    subscriptions = world.stripe.store.of_customer("subscription", customer)
    before = {one["id"]: one["pause_collection"] for one in subscriptions}
    life = life_of(world, customer, user=USER)
    life.look()
    life.restrict()
    live = world.stripe.store.of_customer("subscription", customer)
    paused = [one["pause_collection"] for one in live if one["status"] != "canceled"]
    assert paused == [{"behavior": "void", "resumes_at": None}] * 2
    life.lift()
    after = world.stripe.store.of_customer("subscription", customer)
    assert {one["id"]: one["pause_collection"] for one in after} == before


def test_looking_exporting_and_verifying_need_the_reading_key_only(world: World) -> None:
    customer = plant_customer(world, EMAIL, USER, "Ann Lee")
    reader = stripe_connector(world.stripe, READ_KEY, "rk_test_unknown")
    life = life_of(world, customer, user=USER, connector=reader)
    life.look()
    life.export()
    life.verify()
    with pytest.raises(PermanentError, match="no_permission"):
        life.freeze()


@pytest.mark.acceptance("PROC-09")
def test_the_reading_key_can_write_nothing(world: World) -> None:
    customer = plant_customer(world, EMAIL, USER, "Ann Lee")
    reader = stripe_connector(world.stripe, READ_KEY, READ_KEY)
    life = life_of(world, customer, user=USER, connector=reader)
    life.look()
    for verb in (life.freeze, life.erase):
        with pytest.raises(PermanentError, match="no_permission"):
            verb()
    assert set(READ_PERMISSIONS.values()) == {"read"}
    assert {call.status for call in world.stripe.log if call.method != "GET"} == {403}


def test_a_canary_is_found_and_erased(world: World) -> None:
    user = str(uuid.uuid4())
    subject = Subject(uuid.uuid4(), EMAIL, {"auth_users": [user]})
    connector = stripe_connector(world.stripe, erase_key=ERASE_KEY)
    refs = [connector.plant(subject) for _ in range(2)]
    assert refs[0] == refs[1]
    life = life_of(world, *refs[0]["customers"], user=user)
    found = life.look()
    assert (found.found["customer"], found.found["tax_id"]) == (1, 1)
    assert found.blockers == []
    life.erase()
    assert life.verify() == []


@pytest.mark.parametrize("key", ["sk_live_1", "rk_live_1", ""])
def test_no_canary_is_planted_where_real_people_pay(world: World, key: str) -> None:
    connector = stripe_connector(world.stripe, erase_key=key)
    with pytest.raises(PermanentError, match="no_test_mode"):
        connector.plant(Subject(uuid.uuid4(), EMAIL, {}))
    assert world.stripe.dump()["customer"] == []


def test_the_settings_make_a_connector_with_two_keys(settings: Any) -> None:
    settings.STRIPE_READ_KEY, settings.STRIPE_ERASE_KEY = "rk_test_a", "rk_test_b"
    made = from_settings()
    keys = [made.finder.client._requestor.api_key, made.erase_client._requestor.api_key]
    assert keys == ["rk_test_a", "rk_test_b"]


def test_a_pause_that_stands_already_is_not_set_again(world: World) -> None:
    customer = add_customer(world)
    pause = {"behavior": "void"}
    world.stripe.add("subscription", customer=customer, pause_collection=pause)
    life = life_of(world, customer)
    life.look()
    life.freeze()
    assert served(world, "POST", "/v1/subscriptions/<subscription>") == []
