"""Stopping and undoing what a customer has running at Stripe."""

from typing import Any

from privacy.connectors.base import Task
from privacy.connectors.stripe.client import gone_is_success
from privacy.connectors.stripe.find import Finder

LIVE = ("active", "trialing", "past_due", "unpaid", "incomplete", "paused")
# An empty string unsets a field; metadata is emptied whole (docs.stripe.com/api/metadata).
BLANK = dict.fromkeys(("name", "email", "phone", "address", "shipping", "description"), "")


def wind_down(finder: Finder, customer: str, task: Task) -> dict[str, int]:
    """Cancel, detach, delete, blank; each after a look at what is there. Returns counts.

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
        if subscription.status in LIVE:
            with gone_is_success():
                finder.api.subscriptions.cancel(
                    subscription.id, {"invoice_now": False, "prorate": False}
                )
            number += 1
        task.heartbeat()
    return number


def detach_methods(finder: Finder, customer: str, task: Task) -> int:
    methods = [method.id for method in finder.objects("payment_method", customer)]
    for identifier in methods:
        with gone_is_success():
            finder.api.payment_methods.detach(
                identifier, {}, {"idempotency_key": task.idempotency_key("detach", identifier)}
            )
        task.heartbeat()
    return len(methods)


def delete_tax_ids(finder: Finder, customer: str) -> int:
    identifiers = [tax_id.id for tax_id in finder.objects("tax_id", customer)]
    for identifier in identifiers:
        with gone_is_success():
            finder.api.customers.tax_ids.delete(customer, identifier)
    return len(identifiers)


def blank(finder: Finder, customer: str, task: Task) -> int:
    """Empty the fields before the deletion: a deleted customer stays retrievable."""
    if finder.customer(customer) is None:
        return 0
    parameters: Any = {**BLANK, "metadata": ""}
    with gone_is_success():
        finder.api.customers.update(
            customer, parameters, {"idempotency_key": task.idempotency_key("blank", customer)}
        )
    return 1


def pauses(finder: Finder, customers: list[str]) -> dict[str, str]:
    """The pause that is set on each live subscription now ("" for none), by its id."""
    return {
        subscription.id: behavior(subscription)
        for customer in customers
        for subscription in finder.objects("subscription", customer)
        if subscription.status in LIVE
    }


def behavior(subscription: Any) -> str:
    """The pause that is set on a subscription, or ""."""
    paused = subscription.to_dict().get("pause_collection") or {}
    return str(paused.get("behavior", ""))


def set_pause(finder: Finder, subscription: str, value: str, task: Task) -> None:
    parameters: Any = {"pause_collection": {"behavior": value} if value else ""}
    key = task.idempotency_key("pause", subscription, value)
    with gone_is_success():
        finder.api.subscriptions.update(subscription, parameters, {"idempotency_key": key})
