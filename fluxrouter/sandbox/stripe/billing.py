"""Invoice items, credit notes, quotes, schedules and promotion codes of a customer."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import lists, more_params, params, subscriptions
from fluxrouter.sandbox.stripe.errors import invalid
from fluxrouter.sandbox.stripe.params import Params
from fluxrouter.sandbox.stripe.resources import Resource, answer, found, serve
from fluxrouter.sandbox.stripe.templates import Object

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
RUNNING = {"not_started", "active"}


def _editable(app: "StripeSandbox", item: Object) -> bool:
    """An item can change and go until its invoice is final."""
    invoice = app.store.get("invoice", item["invoice"] or "")
    return invoice is None or invoice["status"] == "draft"


def _item_guard(app: "StripeSandbox", stored: Object, given: Params) -> None:
    if not _editable(app, stored):
        raise invalid("You can only update invoice items of draft invoices.")


def _quote_guard(app: "StripeSandbox", stored: Object, given: Params) -> None:
    if stored["status"] != "draft" and set(given) - {"metadata", "expand"}:
        raise invalid("You can only update draft quotes.")


ITEM = Resource(
    "invoiceitem",
    "/v1/invoiceitems",
    "invoiceitem",
    filters=("invoice",),
    changed=more_params.ITEM_UPDATE,
    guard=_item_guard,
)
NOTE = Resource(
    "credit_note",
    "/v1/credit_notes",
    "credit_note",
    listed=more_params.NOTE_LIST,
    filters=("invoice",),
    changed=more_params.NOTE_UPDATE,
)
QUOTE = Resource(
    "quote",
    "/v1/quotes",
    "quote",
    listed=more_params.QUOTE_LIST,
    filters=("status",),
    changed=more_params.QUOTE_UPDATE,
    guard=_quote_guard,
)
SCHEDULE = Resource(
    "subscription_schedule",
    "/v1/subscription_schedules",
    "schedule",
    listed=more_params.SCHEDULE_LIST,
    changed=more_params.SCHEDULE_UPDATE,
)
PROMOTION = Resource(
    "promotion_code",
    "/v1/promotion_codes",
    "promotion_code",
    listed=more_params.PROMOTION_LIST,
    filters=("active", "code"),
    changed=more_params.PROMOTION_UPDATE,
)
for resource in (ITEM, NOTE, QUOTE, SCHEDULE, PROMOTION):
    serve(router, resource)


@router.route("GET", ITEM.path)
def list_items(app: "StripeSandbox", request: Request) -> Response:
    given = lists.query(request, more_params.ITEM_LIST)
    chosen = found(app, ITEM, given)
    if "pending" in given:
        pending = params.boolean(given["pending"], "pending")
        chosen = chosen.but(lambda one: (one["invoice"] is None) is pending)
    return lists.page(app, request, chosen)


@router.route("DELETE", ITEM.one)
def delete_item(app: "StripeSandbox", request: Request, invoiceitem: str) -> Response:
    stored = app.find(ITEM.kind, invoiceitem)
    if _editable(app, stored) != app.rule("pending_items_can_be_deleted"):
        raise invalid("You can only delete invoice items of draft invoices.")
    app.store.remove(stored)
    return Response(200, {"id": invoiceitem, "object": ITEM.kind, "deleted": True})


@router.route("POST", QUOTE.one + "/cancel")
def cancel_quote(app: "StripeSandbox", request: Request, quote: str) -> Response:
    given = params.check(request.form, params.ONE)
    stored = app.find(QUOTE.kind, quote)
    if (stored["status"] in {"draft", "open"}) != app.rule("unfinished_quotes_can_be_canceled"):
        raise invalid(f"This quote cannot be canceled because it is {stored['status']}.")
    moments = {**stored["status_transitions"], "canceled_at": app.store.now()}
    result = {**stored, "status": "canceled", "status_transitions": moments}
    app.store.save(result)
    return answer(app, result, given)


@router.route("POST", SCHEDULE.one + "/cancel")
def cancel_schedule(app: "StripeSandbox", request: Request, schedule: str) -> Response:
    """The subscription that it manages ends with it."""
    given = params.check(request.form, more_params.SCHEDULE_CANCEL)
    stored = _running(app, schedule)
    managed = app.store.get("subscription", stored["subscription"] or "")
    if managed is not None and app.rule("canceled_schedule_ends_subscription"):
        subscriptions.end(app, managed)
    result = {**stored, "status": "canceled", "canceled_at": app.store.now()}
    app.store.save(result)
    return answer(app, result, given)


@router.route("POST", SCHEDULE.one + "/release")
def release_schedule(app: "StripeSandbox", request: Request, schedule: str) -> Response:
    """The subscription goes on without it."""
    given = params.check(request.form, more_params.SCHEDULE_RELEASE)
    stored = _running(app, schedule)
    managed = stored["subscription"]
    result = {**stored, "status": "released", "released_at": app.store.now()}
    app.store.save({**result, "released_subscription": managed, "subscription": None})
    return answer(app, app.find(SCHEDULE.kind, schedule), given)


def _running(app: "StripeSandbox", schedule: str) -> Object:
    stored = app.find(SCHEDULE.kind, schedule)
    if stored["status"] not in RUNNING and app.rule("running_schedules_can_be_ended"):
        raise invalid(f"This schedule cannot be ended because it is {stored['status']}.")
    return stored
