"""Refunds, disputes and their files: what follows a payment and is never deleted."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import lists, more_params, params
from fluxrouter.sandbox.stripe.errors import invalid
from fluxrouter.sandbox.stripe.lists import Found
from fluxrouter.sandbox.stripe.resources import Resource, answer, serve

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
# stripe-python: stripe/_dispute.py
OPEN = {"needs_response", "under_review", "appeal_needs_response", "appeal_under_review"} | {
    "warning_needs_response",
    "warning_under_review",
}
REFUND = Resource(
    "refund",
    "/v1/refunds",
    "refund",
    listed=more_params.REFUND_LIST,
    filters=("charge", "payment_intent"),
    changed=more_params.REFUND_UPDATE,
)
DISPUTE = Resource(
    "dispute",
    "/v1/disputes",
    "dispute",
    listed=more_params.DISPUTE_LIST,
    filters=("charge", "payment_intent"),
    changed=more_params.DISPUTE_UPDATE,
)
FILE = Resource("file", "/v1/files", "file", listed=more_params.FILE_LIST, filters=("purpose",))
for resource in (REFUND, DISPUTE, FILE):
    serve(router, resource)


@router.route("GET", "/v1/charges/<charge>/refunds")
def list_refunds(app: "StripeSandbox", request: Request, charge: str) -> Response:
    lists.query(request, params.PAGE)
    app.find("charge", charge)
    return lists.page(app, request, Found(app.store.keys("refund", "charge", charge)))


@router.route("POST", DISPUTE.one + "/close")
def close(app: "StripeSandbox", request: Request, dispute: str) -> Response:
    """Gives the dispute up: it is lost."""
    given = params.check(request.form, params.ONE)
    stored = app.find(DISPUTE.kind, dispute)
    if stored["status"] not in OPEN:
        raise invalid("This dispute is already closed.")
    warning = str(stored["status"]).startswith("warning_")
    result = {**stored, "status": "warning_closed" if warning else "lost"}
    app.store.save(result)
    return answer(app, result, given)
