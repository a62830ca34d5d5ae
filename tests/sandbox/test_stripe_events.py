"""Events of the Stripe sandbox, and their signed deliveries."""

import json
from typing import Any

import pytest
import stripe

from fluxrouter.sandbox.stripe import WEBHOOK_SECRET, StripeSandbox
from fluxrouter.sandbox.transport import httpx_client
from tests.sandbox.stripe_client import Clock, client_of, refusal

pytestmark = pytest.mark.acceptance("SBX-01")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> StripeSandbox:
    return StripeSandbox(clock=clock, seed=1)


@pytest.fixture
def v1(sandbox: StripeSandbox) -> Any:
    return client_of(sandbox).v1


def types(v1: Any, **given: Any) -> list[str]:
    return [one.type for one in v1.events.list(given).data]


def test_what_the_past_has_left_has_no_events(sandbox: StripeSandbox, v1: Any) -> None:
    sandbox.add("customer")
    assert types(v1) == []


def test_events_are_newest_first_and_can_be_chosen(sandbox: StripeSandbox, v1: Any) -> None:
    customer = v1.customers.create({"name": "Ann"}).id
    method = sandbox.add("payment_method", customer=customer)["id"]
    v1.payment_methods.detach(method)
    v1.customers.delete(customer)
    assert types(v1) == ["customer.deleted", "payment_method.detached", "customer.created"]
    assert types(v1, type="customer.*") == ["customer.deleted", "customer.created"]
    assert types(v1, types=["customer.created"]) == ["customer.created"]


def test_one_request_makes_one_event_per_object(sandbox: StripeSandbox, v1: Any) -> None:
    customer = sandbox.add("customer")["id"]
    subscription = sandbox.add("subscription", customer=customer)["id"]
    v1.subscriptions.cancel(subscription, {"invoice_now": True})
    found = types(v1, type="customer.subscription.*")
    assert found == ["customer.subscription.deleted"]
    assert types(v1, type="invoice.created") == ["invoice.created"]


def test_a_refused_and_a_repeated_call_make_no_event(sandbox: StripeSandbox, v1: Any) -> None:
    assert refusal(v1.customers.create, {"email": "ann"})[0] == 400
    for _ in range(2):
        v1.customers.create({"name": "Ann"}, {"idempotency_key": "k"})
    [event] = v1.events.list().data
    assert event.request.idempotency_key == "k"


def test_a_deletions_event_still_holds_what_was_deleted(sandbox: StripeSandbox, v1: Any) -> None:
    """So an erased person can be read there for thirty days."""
    customer = sandbox.add("customer", name="Ann Lee")["id"]
    v1.customers.delete(customer)
    [event] = v1.events.list().data
    assert event.data.object.name == "Ann Lee"


def test_an_old_event_is_gone(sandbox: StripeSandbox, v1: Any, clock: Clock) -> None:
    v1.customers.create({"name": "Ann"})
    [event] = v1.events.list().data
    clock.now += 30 * 24 * 3600 + 1
    assert types(v1) == []
    assert refusal(v1.events.retrieve, event.id) == (404, "resource_missing")


def test_a_delivery_is_verified_by_the_vendors_client() -> None:
    sandbox = StripeSandbox()
    customer = client_of(sandbox).v1.customers.create({"name": "Ann"}).id
    [(body, header)] = sandbox.deliveries()
    verified = client_of(sandbox).construct_event(body, header, WEBHOOK_SECRET)
    assert (verified.type, verified.data.object.id) == ("customer.created", customer)


@pytest.mark.parametrize("wrong", ["secret", "body", "old"])
def test_a_forged_or_old_delivery_is_refused(wrong: str) -> None:
    sandbox = StripeSandbox()
    client_of(sandbox).v1.customers.create({"name": "Ann"})
    [event] = sandbox.store.matching("event", "", "")
    secret = "whsec_other" if wrong == "secret" else WEBHOOK_SECRET
    timestamp = sandbox.store.now() - 301 if wrong == "old" else None
    body, header = sandbox.webhook(event, secret, timestamp=timestamp)
    body = body.replace(b"Ann", b"Bea") if wrong == "body" else body
    with pytest.raises(stripe.SignatureVerificationError):
        client_of(sandbox).construct_event(body, header, WEBHOOK_SECRET)


def test_deliveries_come_once_in_order_unless_they_should_not(
    sandbox: StripeSandbox, v1: Any
) -> None:
    def bodies(**how: Any) -> list[bytes]:
        for number in range(5):
            v1.customers.create({"name": f"Ann {number}"})
        return [body for body, _ in sandbox.deliveries(**how)]

    ordered, doubled, mixed = bodies(), bodies(duplicates=True), bodies(shuffled=True, seed=3)
    names = [f"Ann {number}" for number in range(5)]
    assert [json.loads(body)["data"]["object"]["name"] for body in ordered] == names
    assert (len(doubled), len(set(doubled))) == (10, 5)
    assert [json.loads(body)["data"]["object"]["name"] for body in mixed] != names
    assert sandbox.deliveries() == []


def test_deliveries_can_be_fetched_over_http(sandbox: StripeSandbox, v1: Any) -> None:
    v1.customers.create({"name": "Ann"})
    answer = httpx_client(sandbox).post("/_sandbox/deliveries", json={"duplicates": True})
    pairs = answer.json()["deliveries"]
    assert len(pairs) == 2
    assert pairs[0][1].startswith("t=")
