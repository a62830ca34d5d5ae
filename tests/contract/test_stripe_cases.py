"""Stripe's own surprises."""

import pytest
from django.utils import timezone

from privacy.connectors.base import Task
from privacy.connectors.errors import PermanentError, RetryError, UnknownOutcomeError
from privacy.connectors.testing import Life
from tests.support.billing import AcceptedLife, add_customer, life_of, served, stored
from tests.support.connectors import stripe_connector
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-30"),
]
DELETE = "/v1/customers/<customer>"


def delete_task(life: Life, customer: str) -> Task:
    return Task("delete_customer", life.subject, customer)


@pytest.mark.acceptance("PROC-01")
def test_deleting_twice_is_success_and_one_deletion(world: World) -> None:
    customer = add_customer(world)
    life = life_of(world, customer)
    receipts = [life.connector.erase(delete_task(life, customer)).receipt for _ in range(2)]
    assert receipts[0] == receipts[1] == {"erased": {"customer": 1}}
    assert served(world, "DELETE", DELETE) == [200, 404]


@pytest.mark.acceptance("PROC-02", "PROC-03")
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


@pytest.mark.acceptance("PROC-04")
def test_too_many_requests_are_a_wait_and_no_failure(world: World) -> None:
    life = life_of(world, add_customer(world))
    world.stripe.faults.add("rate_limited", headers={"Retry-After": "7"})
    with pytest.raises(RetryError) as wait:
        life.connector.discover(life.subject)
    assert wait.value.after is not None
    assert wait.value.after.total_seconds() == 7


@pytest.mark.acceptance("PROC-05")
def test_one_attempt_makes_one_call_when_it_is_refused(world: World) -> None:
    life = life_of(world, add_customer(world))
    world.stripe.faults.add("rate_limited", times=5)
    before = world.stripe.calls.total()
    with pytest.raises(RetryError):
        life.connector.discover(life.subject)
    assert world.stripe.calls.total() == before + 1


@pytest.mark.acceptance("PROC-06")
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
    assert stored(world, "payment_method", method)["customer"] is None


@pytest.mark.acceptance("PROC-07")
def test_a_key_that_is_used_for_something_else_stops_for_a_person(world: World) -> None:
    customer = add_customer(world)
    life = life_of(world, customer)
    life.look()
    task = life._task("wind_down", "", {}, 0)
    api = life.connector.erase_client.v1
    options = {"idempotency_key": task.idempotency_key("blank", customer)}
    api.customers.update(customer, {"name": "Somebody"}, options)
    with pytest.raises(PermanentError, match="IdempotencyError"):
        life.connector.erase(task)


@pytest.mark.acceptance("PROC-08")
def test_the_same_call_of_two_workers_has_one_effect(world: World) -> None:
    customer = add_customer(world)
    subscription = world.stripe.add("subscription", customer=customer)["id"]
    life = life_of(world, customer)
    life.look()
    for _ in range(2):
        AcceptedLife(life.connector, life.subject, life.approved, life.refs).freeze()
    replies = world.stripe.replays.entries
    assert len([key for key in replies if key]) == 1
    assert stored(world, "subscription", subscription)["pause_collection"]


@pytest.mark.acceptance("PROC-09")
@pytest.mark.parametrize(
    "missing", ["customers", "subscriptions", "payment_methods", "invoices", "charges"]
)
def test_a_key_without_a_permission_stops_for_a_person(world: World, missing: str) -> None:
    every = ("customers", "subscriptions", "invoices", "charges", "payment_intents")
    rights = dict.fromkeys((*every, "payment_methods"), "write")
    key = world.stripe.allow("rk_test_some", {**rights, missing: "none"})
    life = life_of(world, add_customer(world), connector=stripe_connector(world.stripe, key))
    with pytest.raises(PermanentError, match="no_permission"):
        life.look()


def test_a_rotated_key_stops_for_a_person(world: World) -> None:
    old = stripe_connector(world.stripe, "sk_test_old")
    with pytest.raises(PermanentError, match="no_permission"):
        life_of(world, add_customer(world), connector=old).look()


@pytest.mark.acceptance("PROC-14")
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
    assert stored(world, "subscription", subscription)["status"] == "canceled"
    assert world.stripe.dump()["invoice"] == []


def test_a_subscription_that_ended_during_the_freeze_needs_no_lift(world: World) -> None:
    customer = add_customer(world)
    subscription = world.stripe.add("subscription", customer=customer)
    life = life_of(world, customer)
    life.look()
    life.freeze()
    life.connector.erase_client.v1.subscriptions.cancel(subscription["id"])
    life.lift()
    assert stored(world, "subscription", subscription["id"])["status"] == "canceled"


def test_a_pause_whose_end_came_meanwhile_is_not_set_again(world: World) -> None:
    customer = add_customer(world)
    soon = int(timezone.now().timestamp()) - 1
    pause = {"behavior": "void", "resumes_at": soon}
    subscription = world.stripe.add("subscription", customer=customer, pause_collection=pause)
    life = life_of(world, customer)
    life.look()
    life.freeze()
    life.lift()
    assert stored(world, "subscription", subscription["id"])["pause_collection"] is None
