"""How each kind of object is ended and emptied. Each looks first, and says whether it did it."""

from typing import Any

from django.conf import settings

from privacy.connectors.stripe.client import gone_is_success
from privacy.connectors.stripe.eraser import Eraser
from privacy.connectors.stripe.objects import LIVE, Item, is_loose_draft

# An empty string unsets a field; metadata is emptied whole (docs.stripe.com/api/metadata).
CUSTOMER = (
    *("name", "individual_name", "business_name", "email", "phone", "address", "shipping"),
    *("description", "preferred_locales"),
)
BILLING = ("name", "email", "phone", "address", "tax_id")
PAYMENT = ("metadata", "description", "receipt_email", "shipping")
DRAFT = ("metadata", "description", "footer")
CARD = (
    *("name", "address_line1", "address_line2", "address_city", "address_state"),
    *("address_zip", "address_country", "account_holder_name", "metadata"),
)


def last_bill() -> dict[str, bool]:
    """Whether the usage up to now is billed, and the rest of the period given back."""
    return {
        "invoice_now": settings.STRIPE_FINAL_INVOICE,
        "prorate": settings.STRIPE_PRORATE,
    }


def schedule(eraser: Eraser, item: Item) -> bool:
    """A schedule that runs lets its subscription go, which then ends by itself, emptied before."""
    api = eraser.api.subscription_schedules
    if item.get("status") not in ("not_started", "active"):
        return False
    eraser.blank("subscription_schedule", api.update, item, ["metadata"])
    if item.get("status") == "active" and item.get("subscription"):
        return eraser.end(
            "subscription_schedule", item, lambda key: api.release(item["id"], {}, key)
        )
    bill: Any = last_bill()
    return eraser.end("subscription_schedule", item, lambda key: api.cancel(item["id"], bill, key))


def subscription(eraser: Eraser, item: Item) -> bool:
    live = item.get("status") in LIVE
    blank_subscription(eraser, item, live=live)
    if live:
        bill: Any = last_bill()
        eraser.calls += 1
        with gone_is_success():
            eraser.api.subscriptions.cancel(item["id"], bill)
    return live


def blank_subscription(eraser: Eraser, item: Item, *, live: bool) -> None:
    """One that has ended keeps its description (docs.stripe.com/api/subscriptions/update)."""
    comment = (item.get("cancellation_details") or {}).get("comment")
    if not (item.get("metadata") or comment or (live and item.get("description"))):
        return
    parameters: Any = {"metadata": "", "cancellation_details": {"comment": ""}}
    if live:
        parameters["description"] = ""
    key = eraser.options("blank", item["id"], "live" if live else "ended")
    with gone_is_success():
        eraser.api.subscriptions.update(item["id"], parameters, key)


def session(eraser: Eraser, item: Item) -> bool:
    """Before its payment, which Stripe doesn't let be cancelled while the session is open."""
    api = eraser.api.checkout.sessions
    ended = eraser.end("checkout_session", item, lambda key: api.expire(item["id"], {}, key))
    blanked = eraser.blank("checkout_session", api.update, item, ["metadata"])
    return ended or blanked


def invoice(eraser: Eraser, item: Item) -> bool:
    """Drafts go, but for a subscription's; open ones are voided if that is the policy."""
    api = eraser.api.invoices
    if is_loose_draft(item):
        return eraser.end("invoice", item, lambda key: api.delete(item["id"]))
    if item.get("status") == "draft":
        return eraser.blank("invoice", api.update, item, DRAFT)
    return eraser.end("invoice", item, lambda key: api.void_invoice(item["id"], {}, key))


def final_invoice(eraser: Eraser, item: Item) -> bool:
    """Of a bill that stays, only what isn't printed can be emptied."""
    return eraser.blank("invoice", eraser.api.invoices.update, item, ["metadata"])


def balance_note(eraser: Eraser, item: Item) -> bool:
    """What was written beside a change of the balance."""
    api, owner = eraser.api.customers.balance_transactions, item["customer"]
    return eraser.blank(
        "customer_balance_transaction",
        lambda name, values, key: api.update(owner, name, values, key),
        item,
        ["metadata", "description"],
    )


def refund(eraser: Eraser, item: Item) -> bool:
    return eraser.blank("refund", eraser.api.refunds.update, item, ["metadata"])


def invoice_item(eraser: Eraser, item: Item) -> bool:
    return eraser.end("invoiceitem", item, lambda key: eraser.api.invoice_items.delete(item["id"]))


def payment_intent(eraser: Eraser, item: Item) -> bool:
    api = eraser.api.payment_intents
    blanked = eraser.blank("payment_intent", api.update, item, PAYMENT)
    ended = eraser.end("payment_intent", item, lambda key: api.cancel(item["id"], {}, key))
    return blanked or ended


def setup_intent(eraser: Eraser, item: Item) -> bool:
    api = eraser.api.setup_intents
    blanked = eraser.blank("setup_intent", api.update, item, ["metadata", "description"])
    ended = eraser.end("setup_intent", item, lambda key: api.cancel(item["id"], {}, key))
    return blanked or ended


def charge(eraser: Eraser, item: Item) -> bool:
    return eraser.blank("charge", eraser.api.charges.update, item, PAYMENT)


def quote(eraser: Eraser, item: Item) -> bool:
    """Its words can be changed only while it is a draft (docs.stripe.com/api/quotes/update)."""
    api = eraser.api.quotes
    words = ["description", "header", "footer"] if item.get("status") == "draft" else []
    eraser.blank("quote", api.update, item, words)
    named: Any = dict.fromkeys(item.get("metadata") or {}, "")
    if named:
        with gone_is_success():
            api.update(item["id"], {"metadata": named}, eraser.options("metadata", item["id"]))
    return eraser.end("quote", item, lambda key: api.cancel(item["id"], {}, key))


def promotion_code(eraser: Eraser, item: Item) -> bool:
    if not (item.get("active") or item.get("metadata")):
        return False
    off: Any = {"active": False, "metadata": ""}
    with gone_is_success():
        eraser.api.promotion_codes.update(item["id"], off, eraser.options("off", item["id"]))
    return True


def payment_source(eraser: Eraser, item: Item) -> bool:
    """A card or bank account of the older kind."""
    api = eraser.api.customers.payment_sources
    owner = item["customer"]
    if item.get("object") != "source":
        eraser.blank(
            "payment_source",
            lambda name, values, key: api.update(owner, name, values, key),
            item,
            CARD,
        )
    return eraser.end("payment_source", item, lambda key: api.delete(owner, item["id"]))


def payment_method(eraser: Eraser, item: Item) -> bool:
    """Emptied, which only works while it is attached, and taken off."""
    api = eraser.api.payment_methods
    empty: Any = {"billing_details": dict.fromkeys(BILLING, ""), "metadata": ""}
    with gone_is_success():
        api.update(item["id"], empty, eraser.options("blank", item["id"]))
    return eraser.end("payment_method", item, lambda key: api.detach(item["id"], {}, key))


def tax_id(eraser: Eraser, item: Item) -> bool:
    api = eraser.api.customers.tax_ids
    return eraser.end("tax_id", item, lambda key: api.delete(item["customer"], item["id"]))


def customer(eraser: Eraser, item: Item) -> bool:
    """Empty the fields before the deletion: a deleted customer stays retrievable."""
    bills = item.get("invoice_settings") or {}
    has_tax = bool((item.get("tax") or {}).get("ip_address"))
    held = [name for name in (*CUSTOMER, "metadata") if item.get(name)]
    on_bills = {name: "" for name in ("custom_fields", "footer") if bills.get(name)}
    if not (held or has_tax or on_bills):
        return False
    parameters: Any = {**dict.fromkeys(CUSTOMER, ""), "metadata": ""}
    parameters |= {"tax": {"ip_address": ""}} if has_tax else {}
    parameters |= {"invoice_settings": on_bills} if on_bills else {}
    with gone_is_success():
        eraser.api.customers.update(item["id"], parameters, eraser.options("blank", item["id"]))
    return True
