"""Subscriptions: listed, paused, canceled."""

from typing import TYPE_CHECKING, Any

from fluxrouter.sandbox.messages import RefusedError, Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import invoices, lists, params
from fluxrouter.sandbox.stripe.changes import changed
from fluxrouter.sandbox.stripe.errors import INVALID, envelope, invalid, missing
from fluxrouter.sandbox.stripe.expand import expanded
from fluxrouter.sandbox.stripe.templates import Object

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
STATUSES = frozenset(
    {"active", "all", "canceled", "ended", "incomplete", "incomplete_expired"}
    | {"past_due", "paused", "trialing", "unpaid"}
)
ENDED = {"canceled", "incomplete_expired"}
RUNNING = STATUSES - ENDED - {"all", "ended"}
BEHAVIORS = frozenset({"keep_as_draft", "mark_uncollectible", "void"})
# "A canceled subscription can only update its cancellation_details and metadata."
AFTER_THE_END = frozenset({"cancellation_details", "metadata", "expand"})
MONTH = 30 * 24 * 3600


def complete(subscription: Object) -> None:
    """Gives a seeded subscription the ids and times that hang together."""
    created = subscription["created"]
    subscription["start_date"] = subscription["start_date"] or created
    subscription["billing_cycle_anchor"] = subscription["billing_cycle_anchor"] or created
    items = {**subscription["items"]}
    items["url"] = f"/v1/subscription_items?subscription={subscription['id']}"
    items["data"] = [_complete_item(subscription, item) for item in items["data"]]
    subscription["items"] = items


def _complete_item(subscription: Object, item: Object) -> Object:
    start = subscription["created"]
    return {
        **item,
        "id": item["id"] or subscription["id"].replace("sub_", "si_"),
        "subscription": subscription["id"],
        "created": start,
        "current_period_start": start,
        "current_period_end": start + MONTH,
    }


@router.route("GET", "/v1/subscriptions")
def list_(app: "StripeSandbox", request: Request) -> Response:
    given = lists.query(request, params.SUBSCRIPTION_LIST)
    found = lists.candidates(app, "subscription", given)
    status = params.choice(given.get("status", "live"), "status", STATUSES | {"live"})
    return lists.page(app, request, found.but(lambda one: _shown(app, one, status)))


def _shown(app: "StripeSandbox", subscription: Object, status: str) -> bool:
    if status == "all" and app.rule("status_all_shows_canceled"):
        return True
    if status == "ended":
        return subscription["status"] in ENDED
    if status in {"live", "all"}:
        return bool(subscription["status"] != "canceled")
    return bool(subscription["status"] == status)


@router.route("GET", "/v1/subscriptions/<subscription>")
def retrieve(app: "StripeSandbox", request: Request, subscription: str) -> Response:
    given = lists.query(request, params.ONE)
    stored = app.find("subscription", subscription)
    return Response(200, expanded(app, stored, given.get("expand")))


@router.route("POST", "/v1/subscriptions/<subscription>")
def update(app: "StripeSandbox", request: Request, subscription: str) -> Response:
    given = params.check(request.form, params.SUBSCRIPTION_UPDATE)
    stored = app.find("subscription", subscription)
    if stored["status"] == "canceled" and set(given) - AFTER_THE_END:
        raise invalid("A canceled subscription can only update its metadata.")
    pause = given.pop("pause_collection", None)
    result = changed(app, stored, given)
    if pause is not None:
        result["pause_collection"] = _pause(app, stored["pause_collection"], pause)
    app.store.save(result)
    return Response(200, expanded(app, result, given.get("expand")))


def _pause(app: "StripeSandbox", before: Any, pause: Any) -> Any:
    if pause == "":
        return None if app.rule("empty_pause_resumes") else before
    if not isinstance(pause, dict):
        raise invalid("Invalid object", None, "pause_collection")
    behavior = params.required(pause, "behavior")
    params.choice(behavior, "pause_collection[behavior]", BEHAVIORS)
    if not app.rule("pause_collection_is_kept"):
        return before
    resumes = pause.get("resumes_at")
    return {
        "behavior": behavior,
        "resumes_at": params.integer(resumes, "resumes_at") if resumes else None,
    }


@router.route("DELETE", "/v1/subscriptions/<subscription>")
def cancel(app: "StripeSandbox", request: Request, subscription: str) -> Response:
    sent = {**request.nested_query, **request.form}
    given = params.check(sent, params.SUBSCRIPTION_CANCEL)
    invoice_now = params.boolean(given.get("invoice_now", "false"), "invoice_now")
    prorate = params.boolean(given.get("prorate", "false"), "prorate")
    stored = app.find("subscription", subscription)
    if stored["status"] in ENDED:
        raise _canceled_twice(app, subscription)
    if prorate and app.rule("proration_stays_pending"):
        _prorate(app, stored)
    if not app.rule("cancel_ends_subscription"):
        app.store.save({**stored, "cancel_at_period_end": True})
        return Response(200, {**stored, "cancel_at_period_end": True})
    ended = end(app, stored, given.get("cancellation_details"))
    if invoice_now:
        ended = {**ended, "latest_invoice": _last_invoice(app, stored)}
        app.store.save(ended)
    return Response(200, expanded(app, ended, given.get("expand")))


def _prorate(app: "StripeSandbox", subscription: Object) -> None:
    """Unused time becomes a pending item: it waits for the customer's next invoice."""
    origin = {"subscription_details": {"subscription": subscription["id"]}}
    app.store.add(
        "invoiceitem",
        {
            "customer": subscription["customer"],
            "amount": -100,
            "net_amount": -100,
            "description": "Unused time",
            "proration": True,
            "parent": {"type": "subscription_details", **origin},
        },
    )


def _last_invoice(app: "StripeSandbox", subscription: Object) -> str:
    """Takes up the customer's pending items: usage and unused time."""
    customer = subscription["customer"]
    final = app.add("invoice", customer=customer, status="open")
    for item in app.store.of_customer("invoiceitem", customer):
        if item["invoice"] is None:
            app.store.save({**item, "invoice": final["id"]})
    return str(final["id"])


def end(app: "StripeSandbox", stored: Object, details: Object | None = None) -> Object:
    """Cancels at once; the subscription stays, as canceled."""
    if stored["status"] in ENDED:
        return stored
    now = app.store.now()
    reason = {**stored["cancellation_details"], **(details or {})}
    reason["reason"] = "cancellation_requested"
    ended = {**stored, "status": "canceled", "canceled_at": now, "ended_at": now}
    ended["cancellation_details"] = reason
    app.store.save(ended)
    invoices.stop_collecting(app, stored)
    return ended


def _canceled_twice(app: "StripeSandbox", subscription: str) -> RefusedError:
    if app.rule("second_cancel_is_missing"):
        return missing("subscription", subscription)
    return RefusedError(envelope(400, INVALID, "This subscription has been canceled."))
