"""Pausing and resuming the collection of payments.

Source: docs.stripe.com/billing/subscriptions/pause-payment.
"""

from typing import Any

from django.utils import timezone

from privacy.connectors.base import Outcome, Task
from privacy.connectors.stripe.client import gone_is_success
from privacy.connectors.stripe.eraser import Eraser
from privacy.connectors.stripe.find import Finder
from privacy.connectors.stripe.objects import LIVE, OBJECTS, Item


def pause(finder: Finder, eraser: Eraser, task: Task) -> Outcome:
    """What stood there before is written down first, then changed."""
    if "before" not in task.cursor:
        customers = task.approved.get("refs", {}).get("customers", [])
        return Outcome(more=True, cursor={"before": pauses(finder, customers)})
    for subscription in task.cursor["before"]:
        set_pause(eraser, subscription, {"behavior": "void"})
    return Outcome(receipt=task.cursor)


def resume(eraser: Eraser, task: Task) -> Outcome:
    before = task.undo.get("before", {})
    for subscription, value in before.items():
        set_pause(eraser, subscription, value)
    return Outcome(receipt={"restored": len(before)})


def pauses(finder: Finder, customers: list[str]) -> dict[str, dict[str, Any]]:
    """The pause that is set on each live subscription now ({} for none), by its id."""
    return {
        subscription["id"]: subscription.get("pause_collection") or {}
        for customer in customers
        for subscription in finder.of_customer("subscription", customer)
        if subscription["status"] in LIVE
    }


def stands(subscription: Item) -> dict[str, Any]:
    """The pause of a subscription, without the parts that aren't set."""
    pause = subscription.get("pause_collection") or {}
    return {name: value for name, value in pause.items() if value is not None}


def set_pause(eraser: Eraser, subscription: str, before: dict[str, Any]) -> None:
    """Set a pause, or take it off ({}). A subscription that has ended meanwhile needs neither."""
    wanted = stands({"pause_collection": before})
    if wanted.get("resumes_at", timezone.now().timestamp() + 1) <= timezone.now().timestamp():
        wanted = {}  # it would have resumed by itself
    parameters: Any = {"pause_collection": wanted or ""}
    found = eraser.finder.read(OBJECTS["subscription"].path + "/{}", subscription)
    if found is None or found.get("status") not in LIVE or stands(found) == wanted:
        return
    key = eraser.options("pause", subscription, str(sorted(wanted.items())))
    with gone_is_success():
        eraser.api.subscriptions.update(subscription, parameters, key)
