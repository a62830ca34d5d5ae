"""Payment intents: read, changed, canceled while they can be."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import checkout, lists, params
from fluxrouter.sandbox.stripe.changes import changed
from fluxrouter.sandbox.stripe.errors import invalid
from fluxrouter.sandbox.stripe.expand import expanded

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
# docs.stripe.com/api/payment_intents/cancel
CANCELABLE = {
    "requires_payment_method",
    "requires_capture",
    "requires_confirmation",
    "requires_action",
    "processing",
}
REASONS = frozenset({"abandoned", "duplicate", "fraudulent", "requested_by_customer"})


@router.route("GET", "/v1/payment_intents")
def list_(app: "StripeSandbox", request: Request) -> Response:
    given = lists.query(request, params.INTENT_LIST)
    return lists.page(app, request, lists.candidates(app, "payment_intent", given))


@router.route("GET", "/v1/payment_intents/<intent>")
def retrieve(app: "StripeSandbox", request: Request, intent: str) -> Response:
    given = lists.query(request, params.ONE | {"client_secret"})
    return Response(200, expanded(app, app.find("payment_intent", intent), given.get("expand")))


@router.route("POST", "/v1/payment_intents/<intent>")
def update(app: "StripeSandbox", request: Request, intent: str) -> Response:
    given = params.check(request.form, params.INTENT_UPDATE)
    result = changed(app, app.find("payment_intent", intent), given)
    app.store.save(result)
    return Response(200, expanded(app, result, given.get("expand")))


@router.route("POST", "/v1/payment_intents/<intent>/cancel")
def cancel(app: "StripeSandbox", request: Request, intent: str) -> Response:
    given = params.check(request.form, params.INTENT_CANCEL)
    reason = given.get("cancellation_reason")
    if reason is not None:
        params.choice(reason, "cancellation_reason", REASONS)
    stored = app.find("payment_intent", intent)
    status = stored["status"]
    if (status in CANCELABLE) != app.rule("unfinished_payments_can_be_canceled"):
        message = f"You cannot cancel this PaymentIntent because it has a status of {status}."
        raise invalid(message, "payment_intent_unexpected_state")
    checkout.refuse_cancel(app, "payment_intent", intent)
    result = {**stored, "status": "canceled", "canceled_at": app.store.now()}
    result["cancellation_reason"] = reason
    app.store.save(result)
    return Response(200, expanded(app, result, given.get("expand")))
