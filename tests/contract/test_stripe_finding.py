"""Whose customer it is, and that all of it is found and exported."""

import json
import uuid

import pytest
from django.utils import timezone

from accounts.models import Account
from fluxrouter.sandbox.faults import Fault
from tests.support.billing import EMAIL, add_customer, life_of, served
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-30"),
]
DELETE = "/v1/customers/<customer>"


@pytest.mark.acceptance("PROC-10")
def test_somebody_elses_customer_with_the_address_is_left_alone(world: World) -> None:
    user = str(uuid.uuid4())
    mine = add_customer(world, user=user)
    foreign = add_customer(world, user=str(uuid.uuid4()))
    before = json.dumps(world.stripe.store.get("customer", foreign))
    life = life_of(world, mine, user=user)
    assert life.look().blockers == ["foreign_customer"]
    assert life.refs == {"customers": [mine]}
    life.approved["accepted"] = ["foreign_customer"]
    life.erase()
    assert json.dumps(world.stripe.store.get("customer", foreign)) == before
    assert life.verify() == []


def test_a_customer_that_others_pay_through_is_left_alone(world: World) -> None:
    shared = add_customer(world)
    for email in (EMAIL, "boss@example.org"):
        Account.objects.create(email=email, stripe_customer_id=shared, created_at=timezone.now())
    ann = Account.objects.get(email=EMAIL)
    life = life_of(world, shared)
    life.subject.refs["accounts"] = [str(ann.pk)]
    assert life.look().blockers == ["shared_customer"]
    assert life.refs == {"customers": []}


def test_a_customer_that_only_the_address_leads_to_goes_to_a_person_first(world: World) -> None:
    """Whoever paid typed that address; nobody proved it."""
    customer = add_customer(world)
    life = life_of(world)
    assert life.look().blockers == ["unproved_customer"]
    assert life.refs == {"customers": [customer]}
    life.approved["accepted"] = ["unproved_customer"]
    life.erase()
    assert life.verify() == []


def test_a_customer_of_ours_that_differs_only_in_case_is_found(world: World) -> None:
    ann = Account.objects.create(email="Ann.Lee@Example.org", created_at=timezone.now())
    customer = add_customer(world, "Ann.Lee@Example.org")
    life = life_of(world)
    life.subject.refs["accounts"] = [str(ann.pk)]
    life.look()
    assert life.refs == {"customers": [customer]}


def test_a_part_of_an_address_is_another_address(world: World) -> None:
    add_customer(world, "jo" + EMAIL)
    assert life_of(world).look().found == {}


@pytest.mark.acceptance("PROC-12")
def test_a_search_that_lags_behind_makes_no_verification_pass(world: World) -> None:
    """The last look never searches: the index would still hide a customer made a minute ago."""
    world.stripe.search_lag = 120.0
    user = str(uuid.uuid4())
    life = life_of(world, user=user)
    life.look()
    add_customer(world, user=user)
    searched = len(served(world, "GET", "/v1/customers/search"))
    assert [residue.what for residue in life.verify()] == ["customer"]
    assert len(served(world, "GET", "/v1/customers/search")) == searched


@pytest.mark.acceptance("PROC-11")
def test_a_customer_whose_address_differs_in_case_is_found_by_its_user(world: World) -> None:
    user = str(uuid.uuid4())
    customer = add_customer(world, "ANN.Lee@example.ORG", user=user)
    life = life_of(world, user=user)
    assert life.look().blockers == []
    assert life.refs == {"customers": [customer]}


def test_a_user_that_is_no_plain_text_searches_for_nobody_else(world: World) -> None:
    add_customer(world, "bob@example.org", user="x")
    assert life_of(world, user="' OR metadata['supabase_user_id']:'x").look().found == {}


@pytest.mark.acceptance("PROC-13")
@pytest.mark.parametrize(
    "broken", [None, Fault("truncated_page", nth=2), Fault("unavailable", nth=2)]
)
def test_more_than_a_page_is_exported_whole_also_when_a_page_breaks(
    world: World, broken: Fault | None
) -> None:
    customer = add_customer(world)
    for _ in range(230):
        world.stripe.add("charge", customer=customer)
        world.stripe.add("invoice", customer=customer, status="paid")
    life = life_of(world, customer)
    life.look()
    if broken:
        world.stripe.faults.add(broken.kind, path_prefix="/v1/charges", nth=broken.nth)
    exported = life.export()
    for kind in ("charge", "invoice"):
        ids = [record["id"] for collection, record in exported if collection == kind]
        assert len(ids) == len(set(ids)) == 230


def test_more_than_a_page_is_found(world: World) -> None:
    customer = add_customer(world)
    for _ in range(101):
        world.stripe.add("charge", customer=customer)
    assert life_of(world, customer).look().found["charge"] == 101


@pytest.mark.acceptance("PROC-23")
def test_what_stripe_keeps_is_listed_with_its_ground(world: World) -> None:
    customer = add_customer(world)
    world.stripe.add("invoice", customer=customer, status="paid")
    for kind in ("charge", "payment_intent"):
        world.stripe.add(kind, customer=customer)
    life = life_of(world, customer)
    kept = {item["what"]: item["ground"] for item in life.look().keep}
    payments = dict.fromkeys(("charge", "invoice", "payment_intent"), "processor_ledger")
    assert kept == payments | {"event": "event_log"}
    life.erase()
    after = {collection for collection, _ in life.export()}
    assert after == payments.keys()


@pytest.mark.acceptance("PROC-25")
def test_an_export_holds_no_bearer_link_and_no_secret(world: World) -> None:
    customer = add_customer(world)
    secret = "https://pay.invalid/bearer-token"
    world.stripe.add(
        "invoice", customer=customer, hosted_invoice_url=secret, invoice_pdf=secret, status="paid"
    )
    world.stripe.add("charge", customer=customer, receipt_url=secret)
    world.stripe.add("payment_intent", customer=customer, client_secret="pi_secret_1")
    life = life_of(world, customer)
    life.look()
    text = json.dumps(life.export())
    assert "bearer-token" not in text
    assert "pi_secret_1" not in text
    assert text.count("[withheld]") >= 4


def test_somebody_unknown_to_stripe_has_no_data(world: World) -> None:
    discovery = life_of(world, "cus_of_another_account").look()
    assert (discovery.found, discovery.erase, discovery.blockers) == ({}, {}, [])
