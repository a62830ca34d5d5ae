"""Setup intents and the mandates they lead to (docs.stripe.com/api/setup_intents)."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import checkout, more_params, params
from fluxrouter.sandbox.stripe.errors import invalid
from fluxrouter.sandbox.stripe.resources import Resource, answer, serve

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
# docs.stripe.com/api/setup_intents/cancel
CANCELABLE = {"requires_payment_method", "requires_confirmation", "requires_action"}
REASONS = frozenset({"abandoned", "duplicate", "requested_by_customer"})
SETUP = Resource(
    "setup_intent",
    "/v1/setup_intents",
    "intent",
    listed=more_params.SETUP_LIST,
    filters=("payment_method",),
    changed=more_params.SETUP_UPDATE,
)
serve(router, SETUP)
serve(router, Resource("mandate", "/v1/mandates", "mandate"))


@router.route("POST", SETUP.one + "/cancel")
def cancel(app: "StripeSandbox", request: Request, intent: str) -> Response:
    given = params.check(request.form, params.INTENT_CANCEL)
    reason = given.get("cancellation_reason")
    if reason is not None:
        params.choice(reason, "cancellation_reason", REASONS)
    stored = app.find(SETUP.kind, intent)
    if (stored["status"] in CANCELABLE) != app.rule("unfinished_setups_can_be_canceled"):
        message = f"You cannot cancel this SetupIntent because it is {stored['status']}."
        raise invalid(message, "setup_intent_unexpected_state")
    checkout.refuse_cancel(app, "setup_intent", intent)
    result = {**stored, "status": "canceled", "cancellation_reason": reason}
    app.store.save(result)
    return answer(app, result, given)
