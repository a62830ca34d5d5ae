"""Customers: created, changed, found by e-mail, deleted but retrievable."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import RefusedError, Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import balances, invoices, lists, params, subscriptions
from fluxrouter.sandbox.stripe.changes import changed
from fluxrouter.sandbox.stripe.errors import INVALID, envelope, missing
from fluxrouter.sandbox.stripe.expand import expanded
from fluxrouter.sandbox.stripe.lists import Found
from fluxrouter.sandbox.stripe.templates import Object, build

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
# docs.stripe.com/changelog/dahlia/2026-06-24/customer-object-redaction-details
SAYS_REDACTION = "2026-06-24"
COPIES = ("billing_details", "receipt_email", "shipping")


@router.route("POST", "/v1/customers")
def create(app: "StripeSandbox", request: Request) -> Response:
    given = params.check(request.form, params.CUSTOMER_CREATE)
    fields = changed(app, build("customer", {}), given)
    stored = app.store.add("customer", fields)
    return Response(200, expanded(app, stored, given.get("expand")))


@router.route("GET", "/v1/customers")
def list_(app: "StripeSandbox", request: Request) -> Response:
    given = lists.query(request, params.CUSTOMER_LIST)
    found = _with_email(app, given.get("email"))
    if app.rule("deleted_customer_leaves_lists"):
        found = found.but(lambda one: not one.get("deleted"))
    return lists.page(app, request, found)


def _with_email(app: "StripeSandbox", email: str | None) -> Found:
    everybody = Found(app.store.keys("customer"))
    if email is None:
        return everybody
    if not app.rule("email_filter_is_exact"):
        return everybody.but(lambda one: email in (one.get("email") or ""))
    if not app.rule("email_filter_is_case_sensitive"):
        return everybody.but(lambda one: (one.get("email") or "").lower() == email.lower())
    return Found(app.store.keys("customer", "email", email))


@router.route("GET", "/v1/customers/<customer>")
def retrieve(app: "StripeSandbox", request: Request, customer: str) -> Response:
    given = lists.query(request, params.ONE)
    stored = app.find("customer", customer)
    if not stored.get("deleted"):
        shown = expanded(app, stored, given.get("expand"))
        return Response(200, {**shown, **_redaction(app, request, customer)})
    if not app.rule("customer_stays_retrievable"):
        raise missing("customer", customer)
    return Response(200, tombstone(customer))


def _redaction(app: "StripeSandbox", request: Request, customer: str) -> Object:
    """Whether a job has redacted the customer, for those versions that say so."""
    version = request.headers.get("stripe-version", "")
    if not version.endswith(".preview") or version < SAYS_REDACTION:
        return {}
    return {"redaction": {"status": "redacted"} if customer in app.redacted else None}


@router.route("POST", "/v1/customers/<customer>")
def update(app: "StripeSandbox", request: Request, customer: str) -> Response:
    given = params.check(request.form, params.CUSTOMER_UPDATE)
    before = app.live(customer)
    stored = changed(app, before, given)
    app.store.save(stored)
    if amount := stored["balance"] - before["balance"]:
        balances.adjust(app, before, amount, {"currency": before["currency"]})
    if app.rule("drafts_follow_customer"):
        invoices.follow(app, stored)
    return Response(200, expanded(app, stored, given.get("expand")))


@router.route("DELETE", "/v1/customers/<customer>")
def delete(app: "StripeSandbox", request: Request, customer: str) -> Response:
    stored = app.find("customer", customer)
    if stored.get("deleted"):
        raise _deleted_twice(app, customer)
    gone = tombstone(customer)
    leaves = app.rule("deleted_customer_leaves_lists")
    app.store.save(gone if leaves else {**stored, "deleted": True})
    _wind_down(app, customer)
    return Response(200, gone)


def tombstone(customer: str) -> Object:
    return {"id": customer, "object": "customer", "deleted": True}


def _deleted_twice(app: "StripeSandbox", customer: str) -> RefusedError:
    if app.rule("second_delete_is_missing"):
        return missing("customer", customer)
    return RefusedError(envelope(400, INVALID, "This customer has been deleted."))


def _wind_down(app: "StripeSandbox", customer: str) -> None:
    """What goes with a customer."""
    if app.rule("delete_cancels_subscriptions"):
        for subscription in app.store.of_customer("subscription", customer):
            subscriptions.end(app, subscription)
    if app.rule("delete_detaches_payment_methods"):
        for method in app.store.of_customer("payment_method", customer):
            app.store.save({**method, "customer": None})
    for kind in ("tax_id", "payment_source"):
        for one in app.store.of_customer(kind, customer):
            app.store.remove(one)
    _lose_copies(app, customer)


def _lose_copies(app: "StripeSandbox", customer: str) -> None:
    """Only with broken rules: charges and finalised invoices keep their own copies."""
    if not app.rule("charges_keep_copies"):
        blank = {name: build("charge", {})[name] for name in COPIES}
        for charge in app.store.of_customer("charge", customer):
            app.store.save({**charge, **blank})
    if not app.rule("invoices_keep_copies"):
        for invoice in app.store.of_customer("invoice", customer):
            app.store.save({**invoice, **dict.fromkeys(invoices.SNAPSHOT_FIELDS)})
