"""One probe for each of the vendor's rules: true while it is kept, false once it is broken."""

from collections.abc import Callable
from typing import Any

from fluxrouter.sandbox.stripe import StripeSandbox
from tests.sandbox.stripe_client import refusal

Probe = Callable[[StripeSandbox, Any], bool]
PROBES: dict[str, Probe] = {}


def probe(function: Probe) -> Probe:
    PROBES[function.__name__] = function
    return function


def deleted(sandbox: StripeSandbox, v1: Any, **fields: Any) -> str:
    customer = sandbox.add("customer", name="Ann", email="ann@example.org", **fields)["id"]
    v1.customers.delete(customer)
    return str(customer)


@probe
def customer_stays_retrievable(sandbox: StripeSandbox, v1: Any) -> bool:
    return refusal(v1.customers.retrieve, deleted(sandbox, v1)) == (200, None)


@probe
def deleted_customer_leaves_lists(sandbox: StripeSandbox, v1: Any) -> bool:
    deleted(sandbox, v1)
    by_email = v1.customers.list({"email": "ann@example.org"}).data
    return not by_email and not v1.customers.list().data


@probe
def second_delete_is_missing(sandbox: StripeSandbox, v1: Any) -> bool:
    return refusal(v1.customers.delete, deleted(sandbox, v1)) == (404, "resource_missing")


@probe
def delete_cancels_subscriptions(sandbox: StripeSandbox, v1: Any) -> bool:
    sandbox.add("subscription", id="sub_1", customer="cus_1")
    deleted(sandbox, v1, id="cus_1")
    return bool(v1.subscriptions.retrieve("sub_1").status == "canceled")


@probe
def delete_detaches_payment_methods(sandbox: StripeSandbox, v1: Any) -> bool:
    sandbox.add("payment_method", id="pm_1", customer="cus_1")
    deleted(sandbox, v1, id="cus_1")
    return v1.payment_methods.retrieve("pm_1").customer is None


@probe
def charges_keep_copies(sandbox: StripeSandbox, v1: Any) -> bool:
    sandbox.add("charge", id="ch_1", customer="cus_1", billing_details={"name": "Ann"})
    deleted(sandbox, v1, id="cus_1")
    return bool(v1.charges.retrieve("ch_1").billing_details.name == "Ann")


@probe
def invoices_keep_copies(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer", name="Ann")["id"]
    invoice = sandbox.add("invoice", customer=customer, status="paid")["id"]
    v1.customers.update(customer, {"name": "Bea"})
    updated = v1.invoices.retrieve(invoice).customer_name
    v1.customers.delete(customer)
    return bool(updated == v1.invoices.retrieve(invoice).customer_name == "Ann")


@probe
def drafts_follow_customer(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer", name="Ann")["id"]
    invoice = sandbox.add("invoice", customer=customer, status="draft")["id"]
    v1.customers.update(customer, {"name": "Bea"})
    return bool(v1.invoices.retrieve(invoice).customer_name == "Bea")


@probe
def email_filter_is_case_sensitive(sandbox: StripeSandbox, v1: Any) -> bool:
    sandbox.add("customer", email="Ann@example.org")
    return not v1.customers.list({"email": "ann@example.org"}).data


@probe
def email_filter_is_exact(sandbox: StripeSandbox, v1: Any) -> bool:
    sandbox.add("customer", email="joann@example.org")
    return not v1.customers.list({"email": "ann@example.org"}).data


@probe
def lists_have_pages(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer")["id"]
    for _ in range(7):
        sandbox.add("charge", customer=customer)
    listed = v1.charges.list({"customer": customer, "limit": 3})
    return len({one.id for one in listed.auto_paging_iter()}) == 7


@probe
def status_all_shows_canceled(sandbox: StripeSandbox, v1: Any) -> bool:
    customer = sandbox.add("customer")["id"]
    sandbox.add("subscription", customer=customer, status="canceled")
    every = v1.subscriptions.list({"customer": customer, "status": "all"}).data
    return len(every) == 1 and not v1.subscriptions.list({"customer": customer}).data


@probe
def cancel_ends_subscription(sandbox: StripeSandbox, v1: Any) -> bool:
    sandbox.add("subscription", id="sub_1", customer=sandbox.add("customer")["id"])
    v1.subscriptions.cancel("sub_1", {"invoice_now": False, "prorate": False})
    return bool(v1.subscriptions.retrieve("sub_1").status == "canceled")


@probe
def second_cancel_is_missing(sandbox: StripeSandbox, v1: Any) -> bool:
    sandbox.add("subscription", id="sub_1", status="canceled")
    return refusal(v1.subscriptions.cancel, "sub_1") == (404, "resource_missing")


@probe
def pause_collection_is_kept(sandbox: StripeSandbox, v1: Any) -> bool:
    sandbox.add("subscription", id="sub_1")
    v1.subscriptions.update("sub_1", {"pause_collection": {"behavior": "void"}})
    pause = v1.subscriptions.retrieve("sub_1").pause_collection
    return pause is not None and pause.behavior == "void"


@probe
def empty_pause_resumes(sandbox: StripeSandbox, v1: Any) -> bool:
    pause = {"behavior": "void", "resumes_at": None}
    sandbox.add("subscription", id="sub_1", pause_collection=pause)
    v1.subscriptions.update("sub_1", {"pause_collection": ""})
    return v1.subscriptions.retrieve("sub_1").pause_collection is None
