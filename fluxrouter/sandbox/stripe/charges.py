"""Charges: read and annotated, never deleted (docs.stripe.com/api/charges)."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import lists, params
from fluxrouter.sandbox.stripe.changes import changed
from fluxrouter.sandbox.stripe.expand import expanded

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()


@router.route("GET", "/v1/charges")
def list_(app: "StripeSandbox", request: Request) -> Response:
    given = lists.query(request, params.CHARGE_LIST)
    found = lists.candidates(app, "charge", given)
    if intent := given.get("payment_intent"):
        found = found.but(lambda one: bool(one["payment_intent"] == intent))
    return lists.page(app, request, found)


@router.route("GET", "/v1/charges/<charge>")
def retrieve(app: "StripeSandbox", request: Request, charge: str) -> Response:
    given = lists.query(request, params.ONE)
    return Response(200, expanded(app, app.find("charge", charge), given.get("expand")))


@router.route("POST", "/v1/charges/<charge>")
def update(app: "StripeSandbox", request: Request, charge: str) -> Response:
    given = params.check(request.form, params.CHARGE_UPDATE)
    result = changed(app, app.find("charge", charge), given)
    app.store.save(result)
    return Response(200, expanded(app, result, given.get("expand")))
