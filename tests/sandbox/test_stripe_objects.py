"""The rarer objects of the Stripe sandbox through the vendor's own client."""

from typing import Any

import pytest

from fluxrouter.sandbox.stripe import StripeSandbox
from tests.sandbox.stripe_client import Clock, client_of, refusal

pytestmark = pytest.mark.acceptance("SBX-01")
LISTED = {
    "checkout.session": lambda v1: v1.checkout.sessions,
    "credit_note": lambda v1: v1.credit_notes,
    "invoiceitem": lambda v1: v1.invoice_items,
    "promotion_code": lambda v1: v1.promotion_codes,
    "quote": lambda v1: v1.quotes,
    "setup_intent": lambda v1: v1.setup_intents,
    "subscription_schedule": lambda v1: v1.subscription_schedules,
}


@pytest.fixture
def sandbox() -> StripeSandbox:
    return StripeSandbox(clock=Clock(), seed=1)


@pytest.fixture
def v1(sandbox: StripeSandbox) -> Any:
    return client_of(sandbox).v1


@pytest.mark.parametrize("kind", LISTED)
def test_what_hangs_on_a_customer_is_listed_by_pages_and_alone(
    kind: str, sandbox: StripeSandbox, v1: Any
) -> None:
    ann, bea = sandbox.add("customer")["id"], sandbox.add("customer")["id"]
    ids = [sandbox.add(kind, customer=ann)["id"] for _ in range(3)][::-1]
    sandbox.add(kind, customer=bea)
    service = LISTED[kind](v1)
    listed = service.list({"customer": ann, "limit": 2})
    assert [one.id for one in listed.auto_paging_iter()] == ids
    assert service.retrieve(ids[0]).id == ids[0]
    assert refusal(service.retrieve, "nobody") == (404, "resource_missing")
    assert refusal(service.list, {"customer": "cus_nobody"}) == (400, "resource_missing")


@pytest.mark.parametrize("kind", LISTED)
def test_its_metadata_can_be_emptied(kind: str, sandbox: StripeSandbox, v1: Any) -> None:
    customer = sandbox.add("customer")["id"]
    stored = sandbox.add(kind, customer=customer, metadata={"name": "Ann"})["id"]
    LISTED[kind](v1).update(stored, {"metadata": ""})
    assert LISTED[kind](v1).retrieve(stored).metadata.to_dict() == {}


@pytest.mark.parametrize("kind", ["card", "bank_account"])
def test_an_older_means_of_payment_can_be_listed_changed_and_deleted(
    kind: str, sandbox: StripeSandbox, v1: Any
) -> None:
    ann, bea = sandbox.add("customer")["id"], sandbox.add("customer")["id"]
    source = sandbox.add(kind, customer=ann)["id"]
    sandbox.add("card", customer=bea)
    service = v1.customers.payment_sources
    assert [one.id for one in service.list(ann, {"object": kind}).data] == [source]
    service.update(ann, source, {"metadata": {"note": "Ann"}})
    assert service.retrieve(ann, source).metadata["note"] == "Ann"
    assert refusal(service.delete, bea, source) == (404, "resource_missing")
    assert service.delete(ann, source).deleted
    assert refusal(service.delete, ann, source) == (404, "resource_missing")


def test_older_means_of_payment_go_with_their_customer(sandbox: StripeSandbox, v1: Any) -> None:
    customer = sandbox.add("customer")["id"]
    sandbox.add("card", customer=customer)
    v1.customers.delete(customer)
    assert sandbox.dump()["card"] == []


def test_a_balance_keeps_a_book_of_its_changes(sandbox: StripeSandbox, v1: Any) -> None:
    customer = sandbox.add("customer")["id"]
    v1.customers.balance_transactions.create(customer, {"amount": -500, "currency": "usd"})
    v1.customers.update(customer, {"balance": 0})
    book = v1.customers.balance_transactions.list(customer).data
    assert [(one.amount, one.ending_balance) for one in book] == [(500, 0), (-500, -500)]
    empty = {"description": "", "metadata": ""}
    changed = v1.customers.balance_transactions.update(customer, book[0].id, empty)
    assert (changed.description, v1.customers.retrieve(customer).balance) == (None, 0)


def test_a_guests_session_is_found_by_its_address_in_the_same_case_only(
    sandbox: StripeSandbox, v1: Any
) -> None:
    details = {"email": "Ann@example.org", "name": "Ann"}
    session = sandbox.add("checkout.session", customer_details=details)["id"]
    found = v1.checkout.sessions.list({"customer_details": {"email": "Ann@example.org"}}).data
    assert [(one.id, one.customer) for one in found] == [(session, None)]
    assert not v1.checkout.sessions.list({"customer_details": {"email": "ann@example.org"}}).data


def test_an_expired_session_frees_its_intents(sandbox: StripeSandbox, v1: Any) -> None:
    setup = sandbox.add("setup_intent")["id"]
    session = sandbox.add("checkout.session", setup_intent=setup)["id"]
    assert refusal(v1.setup_intents.cancel, setup) == (400, "setup_intent_unexpected_state")
    v1.checkout.sessions.expire(session)
    assert v1.setup_intents.cancel(setup).status == "canceled"


def test_disputes_and_refunds_are_found_by_their_payment(sandbox: StripeSandbox, v1: Any) -> None:
    intent = sandbox.add("payment_intent")["id"]
    charge = sandbox.add("charge", payment_intent=intent)["id"]
    for kind in ("dispute", "refund"):
        sandbox.add(kind, charge=charge, payment_intent=intent)
        sandbox.add(kind, charge="ch_other")
    for service in (v1.disputes, v1.refunds):
        for given in ({"charge": charge}, {"payment_intent": intent}):
            assert [one.charge for one in service.list(given).data] == [charge]


def test_a_dispute_is_given_up_once_and_its_evidence_can_be_changed(
    sandbox: StripeSandbox, v1: Any
) -> None:
    dispute = sandbox.add("dispute", charge="ch_1", status="needs_response")["id"]
    v1.disputes.update(dispute, {"evidence": {"customer_name": "Ann"}, "submit": False})
    assert v1.disputes.close(dispute).status == "lost"
    assert v1.disputes.retrieve(dispute).evidence.customer_name == "Ann"
    assert refusal(v1.disputes.close, dispute)[0] == 400


def test_disputes_files_and_mandates_can_be_hung_on_a_customer(
    sandbox: StripeSandbox, v1: Any
) -> None:
    customer = sandbox.add("customer")["id"]
    charge = sandbox.add("charge", customer=customer)["id"]
    sandbox.add("dispute", customer=customer, status="lost")
    file = sandbox.add("file", customer=customer)["id"]
    mandate = sandbox.add("mandate", customer=customer)["id"]
    [dispute] = v1.disputes.list({"charge": charge}).data
    assert v1.files.retrieve(dispute.evidence.uncategorized_file).id == file
    [intent] = v1.setup_intents.list({"customer": customer}).data
    assert v1.mandates.retrieve(intent.mandate).id == mandate


def test_a_charge_takes_notes_and_nothing_else(sandbox: StripeSandbox, v1: Any) -> None:
    charge = sandbox.add("charge", description="Ann", receipt_email="ann@example.org")["id"]
    changed = v1.charges.update(charge, {"description": "", "receipt_email": ""})
    assert (changed.description, changed.receipt_email) == (None, None)
    refused = refusal(v1.charges.update, charge, {"billing_details": {"name": ""}})
    assert refused == (400, "parameter_unknown")


def test_a_last_invoice_takes_up_what_was_pending(sandbox: StripeSandbox, v1: Any) -> None:
    customer = sandbox.add("customer")["id"]
    usage = sandbox.add("invoiceitem", customer=customer)["id"]
    subscription = sandbox.add("subscription", customer=customer)["id"]
    ended = v1.subscriptions.cancel(subscription, {"invoice_now": True, "prorate": True})
    items = v1.invoice_items.list({"invoice": ended.latest_invoice}).data
    assert {one.proration for one in items} == {True, False}
    assert refusal(v1.invoice_items.delete, usage)[0] == 400
    assert refusal(v1.invoice_items.update, usage, {"description": ""})[0] == 400


def test_a_released_schedule_leaves_its_subscription(sandbox: StripeSandbox, v1: Any) -> None:
    subscription = sandbox.add("subscription")["id"]
    schedule = sandbox.add("subscription_schedule", subscription=subscription)["id"]
    assert v1.subscription_schedules.release(schedule).released_subscription == subscription
    assert v1.subscriptions.retrieve(subscription).status == "active"


def test_a_promotion_code_can_be_switched_off(sandbox: StripeSandbox, v1: Any) -> None:
    code = sandbox.add("promotion_code", code="ANN20")["id"]
    v1.promotion_codes.update(code, {"active": False})
    assert [one.id for one in v1.promotion_codes.list({"active": False}).data] == [code]
    assert not v1.promotion_codes.list({"active": True}).data


def test_an_intent_that_was_canceled_is_replayed_under_its_key(
    sandbox: StripeSandbox, v1: Any
) -> None:
    intent = sandbox.add("setup_intent")["id"]
    options = {"idempotency_key": "k"}
    sandbox.faults.add("server_error", method="POST")
    assert refusal(v1.setup_intents.cancel, intent, {}, options)[0] == 500
    assert refusal(v1.setup_intents.cancel, intent, {}, options)[0] == 500
    assert v1.setup_intents.cancel(intent, {}, {"idempotency_key": "l"}).status == "canceled"


def test_a_test_card_is_another_one_each_time(sandbox: StripeSandbox, v1: Any) -> None:
    customer = sandbox.add("customer")["id"]
    ids = {v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id for _ in range(2)}
    assert {one.id for one in v1.customers.payment_methods.list(customer).data} == ids
    assert len(ids) == 2
