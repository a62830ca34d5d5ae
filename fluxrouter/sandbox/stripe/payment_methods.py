"""Payment methods: listed, changed, attached, detached."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import RefusedError, Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import lists, params
from fluxrouter.sandbox.stripe.changes import changed
from fluxrouter.sandbox.stripe.errors import envelope, invalid, missing
from fluxrouter.sandbox.stripe.expand import expanded
from fluxrouter.sandbox.stripe.lists import Found

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
TEST_CARDS = {"pm_card_visa"}  # each use makes another one (docs.stripe.com/testing)
NESTED_LIST = params.METHOD_LIST - {"customer", "customer_account"}


@router.route("GET", "/v1/payment_methods")
def list_(app: "StripeSandbox", request: Request) -> Response:
    given = lists.query(request, params.METHOD_LIST)
    customer = params.required(given, "customer")
    if app.store.get("customer", customer) is None:
        raise missing("customer", customer, "customer", in_path=False)
    return lists.page(app, request, _attached(app, customer, given.get("type")))


@router.route("GET", "/v1/customers/<customer>/payment_methods")
def list_of_customer(app: "StripeSandbox", request: Request, customer: str) -> Response:
    given = lists.query(request, NESTED_LIST)
    app.live(customer)
    return lists.page(app, request, _attached(app, customer, given.get("type")))


def _attached(app: "StripeSandbox", customer: str, kind: str | None) -> Found:
    found = Found(app.store.keys("payment_method", "customer", customer))
    return found.but(lambda one: kind in (None, one["type"]))


@router.route("GET", "/v1/payment_methods/<method>")
def retrieve(app: "StripeSandbox", request: Request, method: str) -> Response:
    given = lists.query(request, params.ONE)
    return Response(200, expanded(app, app.find("payment_method", method), given.get("expand")))


@router.route("POST", "/v1/payment_methods/<method>")
def update(app: "StripeSandbox", request: Request, method: str) -> Response:
    given = params.check(request.form, params.METHOD_UPDATE)
    stored = app.find("payment_method", method)
    if stored["customer"] is None:
        raise invalid("You must attach this PaymentMethod to a customer before you can update it.")
    result = changed(app, stored, given)
    app.store.save(result)
    return Response(200, expanded(app, result, given.get("expand")))


@router.route("POST", "/v1/payment_methods/<method>/attach")
def attach(app: "StripeSandbox", request: Request, method: str) -> Response:
    given = params.check(request.form, params.METHOD_ATTACH)
    customer = params.required(given, "customer")
    owner = app.store.get("customer", customer)
    if owner is None or owner.get("deleted"):
        raise missing("customer", customer, "customer", in_path=False)
    if method in TEST_CARDS:
        stored = app.store.add("payment_method", {})
    else:
        stored = app.find("payment_method", method)
    if stored["customer"] is not None:
        raise invalid("The payment method you provided has already been attached to a customer.")
    result = {**stored, "customer": customer}
    app.store.save(result)
    return Response(200, expanded(app, result, given.get("expand")))


@router.route("POST", "/v1/payment_methods/<method>/detach")
def detach(app: "StripeSandbox", request: Request, method: str) -> Response:
    given = params.check(request.form, params.ONE)
    stored = app.find("payment_method", method)
    if stored["customer"] is None:
        if not app.rule("second_detach_is_refused"):
            raise RefusedError(envelope(500, "api_error", "An unknown error occurred."))
        raise invalid(
            "The payment method you provided is not attached to a customer so detachment is "
            "impossible."
        )
    result = {**stored, "customer": None}
    if app.rule("detach_unlinks"):
        app.store.save(result)
    return Response(200, expanded(app, result, given.get("expand")))
