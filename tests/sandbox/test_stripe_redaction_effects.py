"""What a redaction job of the Stripe sandbox leaves."""

import json

import pytest

from fluxrouter.sandbox.stripe import PERSONAL_FIELDS, SECRET_KEY, StripeSandbox, planted
from fluxrouter.sandbox.transport import httpx_client
from tests.sandbox.stripe_client import Clock, client_of
from tests.sandbox.stripe_redaction_probes import (
    created,
    old,
    run,
)

pytestmark = pytest.mark.acceptance("SBX-01")


@pytest.fixture
def sandbox() -> StripeSandbox:
    return StripeSandbox(clock=Clock(), seed=1)


@pytest.fixture
def customer(sandbox: StripeSandbox) -> str:
    return str(sandbox.add("customer", name="Ann Lee")["id"])


def test_all_that_hangs_on_a_customer_is_redacted_and_nothing_of_others(
    sandbox: StripeSandbox,
) -> None:
    states = {"invoice": "paid", "subscription": "canceled", "checkout.session": "complete"}
    states |= {"payment_intent": "succeeded", "setup_intent": "succeeded", "dispute": "lost"}
    customers = {}
    for name in ("Ann Lee", "Bea Lee"):
        customers[name] = sandbox.add("customer", **planted("customer", lambda _: name))["id"]  # noqa: B023
        for kind in [kind for kind in PERSONAL_FIELDS if kind not in ("customer", "file")]:
            fields = planted(kind, lambda _: name)  # noqa: B023
            fields |= {"status": states[kind]} if kind in states else {}
            fields |= {"created": old(sandbox)} if kind in ("charge", "payment_intent") else {}
            sandbox.add(kind, customer=customers[name], **fields)
    before = json.dumps(sandbox.dump()).count("Bea Lee")
    assert run(sandbox, created(sandbox, customers["Ann Lee"]))["status"] == "succeeded"
    after = json.dumps(sandbox.dump())
    assert ("Ann Lee" in after, after.count("Bea Lee")) == (False, before)
    assert len(sandbox.dump()["charge"]) == 2


def test_redaction_itself_leaves_no_event_that_tells(
    sandbox: StripeSandbox, customer: str
) -> None:
    client_of(sandbox).v1.customers.update(customer, {"phone": "+4930123456"})
    run(sandbox, created(sandbox, customer))
    events = sandbox.store.matching("event", "", "")
    assert "Ann Lee" not in json.dumps(events)
    assert [one["type"] for one in events][1:] == [
        "privacy.redaction_job.created",
        "privacy.redaction_job.ready",
        "privacy.redaction_job.succeeded",
    ]


def test_a_preview_version_says_who_was_redacted(sandbox: StripeSandbox, customer: str) -> None:
    headers = {"Authorization": f"Bearer {SECRET_KEY}"}
    client = httpx_client(sandbox, headers={**headers, "Stripe-Version": "2026-09-30.preview"})
    assert client.get(f"/v1/customers/{customer}").json()["redaction"] is None
    run(sandbox, created(sandbox, customer))
    told = client.get(f"/v1/customers/{customer}").json()
    assert (told["name"], told["redaction"]["status"]) == ("[redacted]", "redacted")
    assert "redaction" not in client_of(sandbox).v1.customers.retrieve(customer)


def test_what_was_detached_is_reached_through_its_payment(
    sandbox: StripeSandbox, customer: str
) -> None:
    method = sandbox.add("payment_method", billing_details={"name": "Ann Lee"})["id"]
    sandbox.add("charge", customer=customer, payment_method=method, created=old(sandbox))
    run(sandbox, created(sandbox, customer))
    name = sandbox.store.tables["payment_method"][method]["billing_details"]["name"]
    assert name == "[redacted]"
