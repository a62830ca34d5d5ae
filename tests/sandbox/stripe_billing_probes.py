"""Probes of the rules on checkout, billing's details, search and events."""

from typing import Any

import stripe

from fluxrouter.sandbox.stripe import WEBHOOK_SECRET, StripeSandbox
from tests.sandbox.stripe_client import Clock, client_of, refusal
from tests.sandbox.stripe_probes import probe


@probe
def sessions_are_found_by_email(sandbox: StripeSandbox, v1: Any) -> bool:
    for email in ("ann@example.org", "bea@example.org"):
        sandbox.add("checkout.session", customer_details={"email": email})
    given = {"customer_details": {"email": "ann@example.org"}}
    return len(v1.checkout.sessions.list(given).data) == 1


@probe
def open_sessions_can_be_expired(sandbox: StripeSandbox, v1: Any) -> bool:
    ids = [sandbox.add("checkout.session", status=one)["id"] for one in ("open", "complete")]
    outcomes = [refusal(v1.checkout.sessions.expire, one)[0] for one in ids]
    return outcomes == [200, 400] and v1.checkout.sessions.retrieve(ids[0]).status == "expired"


@probe
def session_intents_end_with_the_session(sandbox: StripeSandbox, v1: Any) -> bool:
    intent = sandbox.add("payment_intent")["id"]
    sandbox.add("checkout.session", payment_intent=intent)
    refused = refusal(v1.payment_intents.cancel, intent)
    return refused == (400, "payment_intent_unexpected_state")


@probe
def unfinished_setups_can_be_canceled(sandbox: StripeSandbox, v1: Any) -> bool:
    waiting = sandbox.add("setup_intent", status="requires_action")["id"]
    done = sandbox.add("setup_intent", status="succeeded")["id"]
    outcomes = [refusal(v1.setup_intents.cancel, one) for one in (waiting, done)]
    return outcomes == [(200, None), (400, "setup_intent_unexpected_state")]


@probe
def pending_items_can_be_deleted(sandbox: StripeSandbox, v1: Any) -> bool:
    final = sandbox.add("invoice", status="open")["id"]
    ids = [sandbox.add("invoiceitem", invoice=each)["id"] for each in (None, final)]
    outcomes = [refusal(v1.invoice_items.delete, one)[0] for one in ids]
    return outcomes == [200, 400] and refusal(v1.invoice_items.retrieve, ids[0])[0] != 200


@probe
def proration_stays_pending(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer")["id"]
    subscription = sandbox.add("subscription", customer=customer)["id"]
    v1.subscriptions.cancel(subscription, {"prorate": True})
    return len(v1.invoice_items.list({"customer": customer, "pending": True}).data) == 1


@probe
def subscription_drafts_stay(sandbox: StripeSandbox, v1: Any) -> bool:
    draft = sandbox.add("invoice", status="draft", subscription="sub_1")["id"]
    return refusal(v1.invoices.delete, draft)[0] == 400


@probe
def unfinished_quotes_can_be_canceled(sandbox: StripeSandbox, v1: Any) -> bool:
    ids = [sandbox.add("quote", status=one)["id"] for one in ("draft", "open", "accepted")]
    return [refusal(v1.quotes.cancel, one)[0] for one in ids] == [200, 200, 400]


@probe
def running_schedules_can_be_ended(sandbox: StripeSandbox, v1: Any) -> bool:
    statuses = ("active", "not_started", "completed")
    ids = [sandbox.add("subscription_schedule", status=one)["id"] for one in statuses]
    calls = (v1.subscription_schedules.cancel, v1.subscription_schedules.release)
    outcomes = [refusal(calls[number % 2], one)[0] for number, one in enumerate(ids)]
    return outcomes == [200, 200, 400]


@probe
def canceled_schedule_ends_subscription(sandbox: StripeSandbox, v1: Any) -> bool:
    subscription = sandbox.add("subscription")["id"]
    sandbox.add("subscription_schedule", id="sub_sched_1", subscription=subscription)
    v1.subscription_schedules.cancel("sub_sched_1")
    return bool(sandbox.store.tables["subscription"][subscription]["status"] == "canceled")


@probe
def source_goes(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer")["id"]
    card = sandbox.add("card", customer=customer)["id"]
    v1.customers.payment_sources.delete(customer, card)
    return not v1.customers.payment_sources.list(customer).data


@probe
def search_lags_behind(sandbox: StripeSandbox, v1: Any) -> bool:
    sandbox.search_lag = 60
    sandbox.add("customer", name="Ann")
    return not v1.customers.search({"query": "name:'Ann'"}).data


@probe
def search_has_pages(sandbox: StripeSandbox, v1: Any) -> bool:
    for _ in range(3):
        sandbox.add("customer", name="Ann")
    found = v1.customers.search({"query": "name:'Ann'", "limit": 2})
    return len({one.id for one in found.auto_paging_iter()}) == 3


@probe
def changes_make_events(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer", name="Ann")["id"]
    v1.customers.update(customer, {"name": "Bea"})
    events = sandbox.store.matching("event", "", "")
    said = [(one["type"], one["data"].get("previous_attributes")) for one in events]
    return said == [("customer.updated", {"name": "Ann"})]


@probe
def events_go_after_thirty_days(sandbox: StripeSandbox, v1: Any) -> bool:
    clock = Clock()
    sandbox.store.clock = clock
    sandbox.add("event", id="evt_1", type="customer.updated", data={"object": {"id": "cus_1"}})
    clock.now += 29 * 24 * 3600
    before = refusal(v1.events.retrieve, "evt_1")[0]
    clock.now += 24 * 3600
    return before == 200 and not v1.events.list().data


@probe
def webhooks_are_signed(sandbox: StripeSandbox, v1: Any) -> bool:
    sandbox.add("event", id="evt_1", type="customer.updated", data={"object": {"id": "cus_1"}})
    body, header = sandbox.webhook("evt_1", WEBHOOK_SECRET)
    try:
        event = client_of(sandbox).construct_event(body, header, WEBHOOK_SECRET)
    except stripe.SignatureVerificationError:
        return False
    return bool(event.id == "evt_1")
