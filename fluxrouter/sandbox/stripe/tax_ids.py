"""A customer's tax ids: never changed, only deleted and made anew."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import lists, params
from fluxrouter.sandbox.stripe.errors import missing
from fluxrouter.sandbox.stripe.lists import Found
from fluxrouter.sandbox.stripe.templates import Object

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
PATH = "/v1/customers/<customer>/tax_ids"


@router.route("GET", PATH)
def list_(app: "StripeSandbox", request: Request, customer: str) -> Response:
    lists.query(request, params.PAGE)
    app.live(customer)
    return lists.page(app, request, Found(app.store.keys("tax_id", "customer", customer)))


@router.route("POST", PATH)
def create(app: "StripeSandbox", request: Request, customer: str) -> Response:
    given = params.check(request.form, params.TAX_ID_CREATE)
    app.live(customer)
    kind, value = params.required(given, "type"), params.required(given, "value")
    return Response(200, add(app, customer, kind, value))


def add(app: "StripeSandbox", customer: str, kind: str, value: str) -> Object:
    country = value[:2] if kind == "eu_vat" else kind[:2].upper()
    owner = {"type": "customer", "customer": customer}
    fields = {"customer": customer, "owner": owner, "country": country}
    return app.store.add("tax_id", {**fields, "type": kind, "value": value})


def _owned(app: "StripeSandbox", customer: str, tax_id: str) -> Object:
    app.live(customer)
    stored = app.find("tax_id", tax_id)
    if stored["customer"] != customer:
        raise missing("tax_id", tax_id)
    return stored


@router.route("GET", PATH + "/<tax_id>")
def retrieve(app: "StripeSandbox", request: Request, customer: str, tax_id: str) -> Response:
    lists.query(request, params.ONE)
    return Response(200, _owned(app, customer, tax_id))


@router.route("DELETE", PATH + "/<tax_id>")
def delete(app: "StripeSandbox", request: Request, customer: str, tax_id: str) -> Response:
    stored = _owned(app, customer, tax_id)
    if app.rule("tax_id_goes"):
        app.store.remove(stored)
    return Response(200, {"id": tax_id, "object": "tax_id", "deleted": True})
