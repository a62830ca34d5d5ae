"""Stopping and undoing what a customer has running at Stripe."""

from typing import Any

from django.utils import timezone

from privacy.connectors.base import Task
from privacy.connectors.stripe.client import gone_is_success
from privacy.connectors.stripe.find import Finder

LIVE = ("active", "trialing", "past_due", "unpaid", "incomplete", "paused")
# An empty string unsets a field; metadata is emptied whole (docs.stripe.com/api/metadata).
BLANK_FIELDS = (
    "name individual_name business_name email phone address shipping description preferred_locales"
)
BLANK = dict.fromkeys(BLANK_FIELDS.split(), "")
BLANK_BILLING = dict.fromkeys(("name", "email", "phone", "address", "tax_id"), "")


def wind_down(finder: Finder, customer: str, task: Task) -> dict[str, int]:
    """Cancel, detach, delete, blank; each after a look at what is there. Returns counts.

    What stays at Stripe after its end (a subscription, a payment method) is emptied before it.
    Order: docs.stripe.com/privacy/deletion-requests. Subscriptions end without a final invoice
    and without proration: the usage up to now was invoiced before the plan was approved.
    """
    return {
        "subscription": cancel_subscriptions(finder, customer, task),
        "payment_method": detach_methods(finder, customer, task),
        "tax_id": delete_tax_ids(finder, customer),
        "customer": blank(finder, customer, task),
    }


def cancel_subscriptions(finder: Finder, customer: str, task: Task) -> int:
    number = 0
    for subscription in finder.objects("subscription", customer):
        live = subscription.status in LIVE
        blank_subscription(finder, subscription, task, live=live)
        if live:
            with gone_is_success():
                finder.api.subscriptions.cancel(
                    subscription.id, {"invoice_now": False, "prorate": False}
                )
            number += 1
        task.heartbeat()
    return number


def blank_subscription(finder: Finder, subscription: Any, task: Task, *, live: bool) -> None:
    """Empty what describes the person. Of one that has ended, the description can't be changed."""
    held = subscription.to_dict()
    comment = (held.get("cancellation_details") or {}).get("comment")
    if not (held.get("metadata") or comment or (live and held.get("description"))):
        return
    parameters: Any = {"metadata": "", "cancellation_details": {"comment": ""}}
    if live:
        parameters["description"] = ""
    key = task.idempotency_key("blank", subscription.id, "live" if live else "ended")
    with gone_is_success():
        finder.api.subscriptions.update(subscription.id, parameters, {"idempotency_key": key})


def detach_methods(finder: Finder, customer: str, task: Task) -> int:
    methods = [method.id for method in finder.objects("payment_method", customer)]
    for identifier in methods:
        detach(finder, identifier, task)
        task.heartbeat()
    return len(methods)


def detach(finder: Finder, identifier: str, task: Task) -> None:
    """Empty a payment method, which only works while it is attached, and take it off."""
    parameters: Any = {"billing_details": BLANK_BILLING, "metadata": ""}
    blank_key = task.idempotency_key("blank", identifier)
    detach_key = task.idempotency_key("detach", identifier)
    with gone_is_success():
        finder.api.payment_methods.update(identifier, parameters, {"idempotency_key": blank_key})
        finder.api.payment_methods.detach(identifier, {}, {"idempotency_key": detach_key})


def delete_tax_ids(finder: Finder, customer: str) -> int:
    identifiers = [tax_id.id for tax_id in finder.objects("tax_id", customer)]
    for identifier in identifiers:
        with gone_is_success():
            finder.api.customers.tax_ids.delete(customer, identifier)
    return len(identifiers)


def blank(finder: Finder, customer: str, task: Task) -> int:
    """Empty the fields before the deletion: a deleted customer stays retrievable."""
    parameters: Any = {**BLANK, "metadata": ""}
    with gone_is_success():
        finder.api.customers.update(
            customer, parameters, {"idempotency_key": task.idempotency_key("blank", customer)}
        )
        return 1
    return 0


def pauses(finder: Finder, customers: list[str]) -> dict[str, dict[str, Any]]:
    """The pause that is set on each live subscription now ({} for none), by its id."""
    return {
        subscription.id: subscription.to_dict().get("pause_collection") or {}
        for customer in customers
        for subscription in finder.objects("subscription", customer)
        if subscription.status in LIVE
    }


def set_pause(finder: Finder, subscription: str, pause: dict[str, Any], task: Task) -> None:
    """Set a pause, or take it off ({}). A subscription that has ended meanwhile needs neither."""
    wanted = {name: value for name, value in pause.items() if value is not None}
    if wanted.get("resumes_at", timezone.now().timestamp() + 1) <= timezone.now().timestamp():
        wanted = {}  # it would have resumed by itself
    parameters: Any = {"pause_collection": wanted or ""}
    key = task.idempotency_key("pause", subscription, str(sorted(wanted.items())))
    with gone_is_success():
        if finder.api.subscriptions.retrieve(subscription).status in LIVE:
            finder.api.subscriptions.update(subscription, parameters, {"idempotency_key": key})
