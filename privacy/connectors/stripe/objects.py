"""What Stripe holds on a person: one row per kind of object.

Sources: docs.stripe.com/api (a page per object), /privacy/deletion-requests.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings

Item = dict[str, Any]
Test = Callable[[Item], bool]

LIVE = ("active", "trialing", "past_due", "unpaid", "incomplete", "paused")
UNUSED = ("requires_payment_method", "requires_confirmation", "requires_action")
UNUSED_PAYMENT = (*UNUSED, "requires_capture")
DISPUTED = (
    "needs_response",
    "under_review",
    "warning_needs_response",
    "warning_under_review",
    "appeal_needs_response",
    "appeal_under_review",
)


def always(item: Item) -> bool:
    return True


def never(item: Item) -> bool:
    return False


def is_in(*statuses: str) -> Test:
    return lambda item: item.get("status") in statuses


def of_subscription(invoice: Item) -> bool:
    parent = invoice.get("parent") or {}
    return bool(invoice.get("subscription") or parent.get("subscription_details"))


def is_loose_draft(invoice: Item) -> bool:
    """Only a draft without a subscription can be deleted (docs.stripe.com/api/invoices/delete)."""
    return invoice.get("status") == "draft" and not of_subscription(invoice)


def is_unsettled(invoice: Item) -> bool:
    is_voided = invoice.get("status") == "open" and settings.STRIPE_OPEN_INVOICES == "void"
    return is_loose_draft(invoice) or is_voided


def is_unused_payment(intent: Item) -> bool:
    """An open invoice that we keep keeps its payment."""
    return intent.get("status") in UNUSED_PAYMENT and settings.STRIPE_OPEN_INVOICES == "void"


def is_pending(item: Item) -> bool:
    return not item.get("invoice")


def has_credit(customer: Item) -> bool:
    return int(customer.get("balance") or 0) < 0


def refunds_of(charge: Item) -> list[str]:
    return [charge["id"]] if charge.get("amount_refunded") else []


def disputes_of(charge: Item) -> list[str]:
    return [charge["id"]] if charge.get("disputed") else []


def mandates_of(item: Item) -> list[str]:
    """A setup intent names its mandates; a charge those of its way of payment."""
    details = item.get("payment_method_details") or {}
    way = details.get(details.get("type") or "") or {}
    named = (item.get("mandate"), item.get("single_use_mandate"), way.get("mandate"))
    return [each for each in named if isinstance(each, str)]


def files_of(dispute: Item) -> list[str]:
    evidence = dispute.get("evidence") or {}
    texts = (each for each in evidence.values() if isinstance(each, str))
    return [each for each in texts if each.startswith("file_")]


def nothing(item: Item) -> list[str]:
    return []


class Kind(NamedTuple):
    """How a kind of object is found, and what an erasure does to it.

    `path` is where it is listed: by a customer, or, with `parents`, by each id that `asks` finds
    in one of these; `one` reads a single object there instead. `guest` names the field by which
    a Checkout Session without a customer leads to it.
    """

    path: str
    by: str = "customer"
    query: dict[str, str] = {}
    parents: tuple[str, ...] = ()
    asks: Callable[[Item], list[str]] = nothing
    one: bool = False
    guest: str = ""
    goes: Test = never  # erasure leaves nothing of it that describes the person
    live: Test = never  # erasure ends it: a last look that finds one has found a residue
    blocks: tuple[str, Test] = ("", never)  # a person has to look first, and why


OBJECTS: dict[str, Kind] = {
    "customer": Kind(
        "/v1/customers/{}", one=True, goes=always, blocks=("credit_balance", has_credit)
    ),
    "subscription_schedule": Kind(
        "/v1/subscription_schedules", live=is_in("not_started", "active")
    ),
    "subscription": Kind(
        "/v1/subscriptions",
        query={"status": "all"},
        goes=always,
        live=is_in(*LIVE),
        blocks=("active_subscription", is_in(*LIVE)),
    ),
    "checkout_session": Kind("/v1/checkout/sessions", guest="id", live=is_in("open")),
    "invoice": Kind(
        "/v1/invoices",
        goes=is_loose_draft,
        live=is_unsettled,
        blocks=("unpaid_invoice", is_in("open")),
    ),
    "invoiceitem": Kind("/v1/invoiceitems", goes=is_pending, live=is_pending),
    "credit_note": Kind("/v1/credit_notes"),
    "quote": Kind("/v1/quotes", live=is_in("draft", "open")),
    "promotion_code": Kind("/v1/promotion_codes", live=lambda code: bool(code.get("active"))),
    "customer_balance_transaction": Kind("/v1/customers/{}/balance_transactions"),
    "payment_intent": Kind("/v1/payment_intents", guest="payment_intent", live=is_unused_payment),
    "setup_intent": Kind("/v1/setup_intents", guest="setup_intent", live=is_in(*UNUSED)),
    "charge": Kind("/v1/charges", guest="payment_intent"),
    "refund": Kind("/v1/refunds", by="charge", parents=("charge",), asks=refunds_of),
    "dispute": Kind(
        "/v1/disputes",
        by="charge",
        parents=("charge",),
        asks=disputes_of,
        blocks=("open_dispute", is_in(*DISPUTED)),
    ),
    "file": Kind("/v1/files/{}", parents=("dispute",), asks=files_of, one=True),
    "mandate": Kind(
        "/v1/mandates/{}", parents=("setup_intent", "charge"), asks=mandates_of, one=True
    ),
    "payment_source": Kind("/v1/customers/{}/sources", goes=always, live=always),
    "payment_method": Kind("/v1/customers/{}/payment_methods", live=always),
    "tax_id": Kind("/v1/customers/{}/tax_ids", goes=always, live=always),
}
# Lists that a guest's payment is looked for in, rather than read by its id.
LISTED_FOR_GUESTS = frozenset({"charge"})
