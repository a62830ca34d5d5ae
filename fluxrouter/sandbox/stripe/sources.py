"""Cards and bank accounts of the older kind (docs.stripe.com/api/cards, /api/sources/detach)."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import lists, more_params, params
from fluxrouter.sandbox.stripe.changes import changed
from fluxrouter.sandbox.stripe.errors import missing
from fluxrouter.sandbox.stripe.lists import Found
from fluxrouter.sandbox.stripe.resources import answer
from fluxrouter.sandbox.stripe.templates import Object

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
FAMILY = "payment_source"
KINDS = ("card", "bank_account")
PATH = "/v1/customers/<customer>/sources"


@router.route("GET", PATH)
def list_(app: "StripeSandbox", request: Request, customer: str) -> Response:
    given = lists.query(request, more_params.SOURCE_LIST)
    app.live(customer)
    found = Found(app.store.keys(FAMILY, "customer", customer))
    if kind := given.get("object"):
        found = found.but(lambda one: bool(one["object"] == kind))
    return lists.page(app, request, found)


@router.route("GET", PATH + "/<source>")
def retrieve(app: "StripeSandbox", request: Request, customer: str, source: str) -> Response:
    given = lists.query(request, params.ONE)
    return answer(app, _owned(app, customer, source), given)


@router.route("POST", PATH + "/<source>")
def update(app: "StripeSandbox", request: Request, customer: str, source: str) -> Response:
    given = params.check(request.form, more_params.SOURCE_UPDATE)
    result = changed(app, _owned(app, customer, source), given)
    app.store.save(result)
    return answer(app, result, given)


@router.route("DELETE", PATH + "/<source>")
def delete(app: "StripeSandbox", request: Request, customer: str, source: str) -> Response:
    stored = _owned(app, customer, source)
    if app.rule("source_goes"):
        app.store.remove(stored)
        owner = app.live(customer)
        if owner["default_source"] == source:
            app.store.save({**owner, "default_source": None})
    return Response(200, {"id": source, "object": stored["object"], "deleted": True})


def _owned(app: "StripeSandbox", customer: str, source: str) -> Object:
    app.live(customer)
    for kind in KINDS:
        stored = app.store.get(kind, source)
        if stored is not None and stored["customer"] == customer:
            return stored
    raise missing("source", source)
