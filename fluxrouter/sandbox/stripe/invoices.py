"""Invoices: drafts follow the customer and can go, finalised ones stay as they are."""

from typing import TYPE_CHECKING, Any

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import lists, params
from fluxrouter.sandbox.stripe.changes import changed
from fluxrouter.sandbox.stripe.errors import invalid
from fluxrouter.sandbox.stripe.expand import expanded
from fluxrouter.sandbox.stripe.templates import Object

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
SNAPSHOT = ("name", "email", "phone", "address", "shipping")
SNAPSHOT_FIELDS = tuple(f"customer_{name}" for name in SNAPSHOT)
STATUSES = frozenset({"draft", "open", "paid", "uncollectible", "void"})
VOIDABLE = {"open", "uncollectible"}
# What stays editable on a finalised invoice isn't listed in the API's reference; metadata is.
AFTER_FINALISATION = frozenset({"metadata", "description", "expand"})


def snapshot(app: "StripeSandbox", customer: Object) -> dict[str, Any]:
    """The customer's details as an invoice shows them."""
    copies = {f"customer_{name}": customer.get(name) for name in SNAPSHOT}
    tax_ids = app.store.of_customer("tax_id", customer["id"])
    numbers = [{"type": one["type"], "value": one["value"]} for one in tax_ids]
    return {**copies, "customer_tax_ids": numbers}


def origin(app: "StripeSandbox", fields: Object) -> Object:
    """What an invoice takes from its customer and from its subscription."""
    customer = app.store.get("customer", fields.get("customer") or "")
    result = snapshot(app, customer) if customer else {}
    if subscription := fields.get("subscription"):
        details = {"metadata": {}, "subscription": subscription}
        result["parent"] = {"type": "subscription_details", "subscription_details": details}
    return result


def follow(app: "StripeSandbox", customer: Object) -> None:
    """Drafts show the customer as it is now."""
    keep = app.rule("invoices_keep_copies")
    for invoice in app.store.of_customer("invoice", customer["id"]):
        if invoice["status"] == "draft" or not keep:
            app.store.save({**invoice, **snapshot(app, customer)})


def stop_collecting(app: "StripeSandbox", subscription: Object) -> None:
    """A cancelled subscription's open invoices are no longer collected automatically."""
    for invoice in app.store.of_customer("invoice", subscription["customer"]):
        if invoice["subscription"] == subscription["id"] and invoice["status"] in {
            "draft",
            "open",
        }:
            app.store.save({**invoice, "auto_advance": False})


@router.route("GET", "/v1/invoices")
def list_(app: "StripeSandbox", request: Request) -> Response:
    given = lists.query(request, params.INVOICE_LIST)
    found = lists.candidates(app, "invoice", given)
    if "status" in given:
        status = params.choice(given["status"], "status", STATUSES)
        found = found.but(lambda one: bool(one["status"] == status))
    if subscription := given.get("subscription"):
        found = found.but(lambda one: bool(one["subscription"] == subscription))
    return lists.page(app, request, found)


@router.route("GET", "/v1/invoices/<invoice>")
def retrieve(app: "StripeSandbox", request: Request, invoice: str) -> Response:
    given = lists.query(request, params.ONE)
    return Response(200, expanded(app, app.find("invoice", invoice), given.get("expand")))


@router.route("POST", "/v1/invoices/<invoice>")
def update(app: "StripeSandbox", request: Request, invoice: str) -> Response:
    given = params.check(request.form, params.INVOICE_UPDATE)
    stored = app.find("invoice", invoice)
    if stored["status"] != "draft" and set(given) - AFTER_FINALISATION:
        raise invalid("Finalized invoices can't be updated in this way.", "invoice_not_editable")
    result = changed(app, stored, given)
    app.store.save(result)
    return Response(200, expanded(app, result, given.get("expand")))


@router.route("DELETE", "/v1/invoices/<invoice>")
def delete(app: "StripeSandbox", request: Request, invoice: str) -> Response:
    stored = app.find("invoice", invoice)
    if (stored["status"] == "draft") != app.rule("drafts_can_be_deleted"):
        raise invalid("You can only delete draft invoices.", "invoice_not_editable")
    if stored["subscription"] and app.rule("subscription_drafts_stay"):
        raise invalid("You can't delete invoices created by subscriptions.")
    app.store.remove(stored)
    return Response(200, {"id": invoice, "object": "invoice", "deleted": True})


@router.route("POST", "/v1/invoices/<invoice>/void")
def void(app: "StripeSandbox", request: Request, invoice: str) -> Response:
    params.check(request.form, params.ONE)
    stored = app.find("invoice", invoice)
    if (stored["status"] in VOIDABLE) != app.rule("open_invoices_can_be_voided"):
        raise invalid("You can only void open or uncollectible invoices.")
    return _moved(app, stored, "void", "voided_at")


@router.route("POST", "/v1/invoices/<invoice>/finalize")
def finalize(app: "StripeSandbox", request: Request, invoice: str) -> Response:
    params.check(request.form, params.ONE | {"auto_advance"})
    stored = app.find("invoice", invoice)
    if stored["status"] != "draft":
        raise invalid("This invoice is already finalized.", "invoice_not_editable")
    return _moved(app, stored, "open", "finalized_at")


def _moved(app: "StripeSandbox", stored: Object, status: str, moment: str) -> Response:
    moments = {**stored["status_transitions"], moment: app.store.now()}
    result = {**stored, "status": status, "status_transitions": moments}
    app.store.save(result)
    return Response(200, result)
