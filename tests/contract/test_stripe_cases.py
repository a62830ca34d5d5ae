"""Stripe's own surprises."""

import json
import uuid
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Account
from fluxrouter.sandbox.faults import Fault
from privacy.connectors.base import Subject, Task
from privacy.connectors.errors import PermanentError, RetryError, UnknownOutcomeError
from privacy.connectors.testing import Life
from tests.support.world import World, stripe_connector

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-30"),
]
EMAIL = "ann.lee@example.org"
DELETE = "/v1/customers/<customer>"


def add_customer(world: World, email: str = EMAIL, user: str = "", **fields: Any) -> str:
    metadata = {"supabase_user_id": user} if user else {}
    return str(world.stripe.add("customer", email=email, metadata=metadata, **fields)["id"])


def life_of(
    world: World, *customers: str, email: str = EMAIL, user: str = "", key: str = ""
) -> Life:
    refs = {"customers": list(customers), "auth_users": [user] if user else []}
    connector = stripe_connector(world.stripe, key) if key else stripe_connector(world.stripe)
    return Life(connector, Subject(uuid.uuid4(), email, refs))


def served(world: World, method: str, template: str) -> list[int]:
    return [
        call.status
        for call in world.stripe.log
        if (call.method, call.template) == (method, template)
    ]


def delete_task(life: Life, customer: str) -> Task:
    return Task("delete_customer", life.subject, customer)


def test_deleting_twice_is_success_and_one_deletion(world: World) -> None:
    customer = add_customer(world)
    life = life_of(world, customer)
    receipts = [life.connector.erase(delete_task(life, customer)).receipt for _ in range(2)]
    assert receipts[0] == receipts[1] == {"erased": {"customer": 1}}
    assert served(world, "DELETE", DELETE) == [200, 404]


@pytest.mark.parametrize("kind", ["reply_lost", "error_after", "unavailable"])
def test_a_deletion_without_an_answer_is_settled_by_the_next_look(world: World, kind: str) -> None:
    customer = add_customer(world)
    world.stripe.faults.add(kind, method="DELETE")
    life = life_of(world, customer)
    with pytest.raises(UnknownOutcomeError):
        life.connector.erase(delete_task(life, customer))
    life.connector.erase(delete_task(life, customer))
    life.refs = {"customers": [customer]}
    assert life.verify() == []


def test_too_many_requests_are_a_wait_and_no_failure(world: World) -> None:
    life = life_of(world, add_customer(world))
    world.stripe.faults.add("rate_limited", headers={"Retry-After": "7"})
    with pytest.raises(RetryError) as wait:
        life.connector.discover(life.subject)
    assert wait.value.after is not None
    assert wait.value.after.total_seconds() == 7


def test_one_attempt_makes_one_call_when_it_is_refused(world: World) -> None:
    life = life_of(world, add_customer(world))
    world.stripe.faults.add("rate_limited", times=5)
    before = world.stripe.calls.total()
    with pytest.raises(RetryError):
        life.connector.discover(life.subject)
    assert world.stripe.calls.total() == before + 1


def test_a_stored_error_needs_another_key(world: World) -> None:
    customer = add_customer(world)
    method = world.stripe.add("payment_method", customer=customer)["id"]
    life = life_of(world, customer)
    life.look()
    world.stripe.faults.add("server_error", method="POST")
    with pytest.raises(UnknownOutcomeError) as first:
        life.connector.erase(life._task("wind_down", "", {}, 0))
    assert first.value.stored
    with pytest.raises(UnknownOutcomeError):
        life.connector.erase(life._task("wind_down", "", {}, 0))
    life.connector.erase(life._task("wind_down", "", {}, 1))
    assert world.stripe.store.get("payment_method", method)["customer"] is None


def test_a_key_that_is_used_for_something_else_stops_for_a_person(world: World) -> None:
    customer = add_customer(world)
    life = life_of(world, customer)
    life.look()
    task = life._task("wind_down", "", {}, 0)
    api = life.connector.finder.api
    options = {"idempotency_key": task.idempotency_key("blank", customer)}
    api.customers.update(customer, {"name": "Somebody"}, options)
    with pytest.raises(PermanentError, match="IdempotencyError"):
        life.connector.erase(task)


def test_the_same_call_of_two_workers_has_one_effect(world: World) -> None:
    customer = add_customer(world)
    subscription = world.stripe.add("subscription", customer=customer)["id"]
    life = life_of(world, customer)
    life.look()
    for _ in range(2):
        Life(stripe_connector(world.stripe), life.subject, life.approved, life.refs).freeze()
    replies = world.stripe.replays.entries
    assert len([key for key in replies if key]) == 1
    assert world.stripe.store.get("subscription", subscription)["pause_collection"]


@pytest.mark.parametrize(
    "missing", ["customers", "subscriptions", "payment_methods", "invoices", "charges"]
)
def test_a_key_without_a_permission_stops_for_a_person(world: World, missing: str) -> None:
    every = ("customers", "subscriptions", "invoices", "charges", "payment_intents")
    rights = dict.fromkeys((*every, "payment_methods"), "write")
    key = world.stripe.allow("rk_test_some", {**rights, missing: "none"})
    life = life_of(world, add_customer(world), key=key)
    with pytest.raises(PermanentError, match="no_permission"):
        life.look()


def test_a_rotated_key_stops_for_a_person(world: World) -> None:
    with pytest.raises(PermanentError, match="no_permission"):
        life_of(world, add_customer(world), key="sk_test_old").look()


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


def test_a_search_that_lags_behind_makes_no_verification_pass(world: World) -> None:
    """Nothing here searches: the index would still hide a customer made a minute ago."""
    world.stripe.search_lag = 120.0
    life = life_of(world)
    life.look()
    add_customer(world)
    assert [residue.what for residue in life.verify()] == ["customer"]
    assert served(world, "GET", "/v1/customers/search") == []


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
        options = {"path_prefix": "/v1/charges", "nth": broken.nth}
        world.stripe.faults.add(broken.kind, **options)
    exported = life.export()
    for kind in ("charge", "invoice"):
        ids = [record["id"] for collection, record in exported if collection == kind]
        assert len(ids) == len(set(ids)) == 230


def test_more_than_a_page_is_found(world: World) -> None:
    customer = add_customer(world)
    for _ in range(101):
        world.stripe.add("charge", customer=customer)
    assert life_of(world, customer).look().found["charge"] == 101


def test_a_subscription_is_cancelled_once_and_without_a_last_invoice(world: World) -> None:
    customer = add_customer(world)
    subscription = world.stripe.add("subscription", customer=customer)["id"]
    life = life_of(world, customer)
    life.look()
    life.erase()
    calls = [(call.method, call.template) for call in world.stripe.log]
    cancel = ("DELETE", "/v1/subscriptions/<subscription>")
    assert calls.index(cancel) < calls.index(("DELETE", DELETE))
    assert calls.count(cancel) == 1
    assert world.stripe.store.get("subscription", subscription)["status"] == "canceled"
    assert world.stripe.dump()["invoice"] == []


def test_what_stripe_keeps_is_listed_with_its_ground(world: World) -> None:
    customer = add_customer(world)
    for kind in ("charge", "invoice", "payment_intent"):
        world.stripe.add(kind, customer=customer)
    life = life_of(world, customer)
    kept = {item["what"]: item["ground"] for item in life.look().keep}
    assert kept == dict.fromkeys(("charge", "invoice", "payment_intent"), "processor_ledger")
    life.erase()
    after = {collection for collection, _ in life.export()}
    assert after == kept.keys()


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


def test_a_subscription_that_ended_during_the_freeze_needs_no_lift(world: World) -> None:
    customer = add_customer(world)
    subscription = world.stripe.add("subscription", customer=customer)
    life = life_of(world, customer)
    life.look()
    life.freeze()
    life.connector.finder.api.subscriptions.cancel(subscription["id"])
    life.lift()
    assert world.stripe.store.get("subscription", subscription["id"])["status"] == "canceled"


def test_a_pause_whose_end_came_meanwhile_is_not_set_again(world: World) -> None:
    customer = add_customer(world)
    soon = int(timezone.now().timestamp()) - 1
    pause = {"behavior": "void", "resumes_at": soon}
    subscription = world.stripe.add("subscription", customer=customer, pause_collection=pause)
    life = life_of(world, customer)
    life.look()
    life.freeze()
    life.lift()
    assert world.stripe.store.get("subscription", subscription["id"])["pause_collection"] is None


def test_somebody_unknown_to_stripe_has_no_data(world: World) -> None:
    discovery = life_of(world, "cus_of_another_account").look()
    assert (discovery.found, discovery.erase, discovery.blockers) == ({}, {}, [])
