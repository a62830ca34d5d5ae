"""Checkout sessions, of customers and of guests (docs.stripe.com/api/checkout/sessions)."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import lists, more_params, params
from fluxrouter.sandbox.stripe.errors import invalid
from fluxrouter.sandbox.stripe.lists import Found
from fluxrouter.sandbox.stripe.resources import Resource, answer, found, serve

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
DAY = 24 * 3600
STATUSES = frozenset({"complete", "expired", "open"})
SESSION = Resource(
    "checkout.session",
    "/v1/checkout/sessions",
    "session",
    filters=("payment_intent", "payment_link", "status", "subscription"),
    changed=more_params.SESSION_UPDATE,
)
serve(router, SESSION)


@router.route("GET", SESSION.path)
def list_(app: "StripeSandbox", request: Request) -> Response:
    given = lists.query(request, more_params.SESSION_LIST)
    if "status" in given:
        params.choice(given["status"], "status", STATUSES)
    chosen = found(app, SESSION, given)
    if "customer_details" in given:
        chosen = _with_email(app, chosen, given)
    return lists.page(app, request, chosen)


def _with_email(app: "StripeSandbox", chosen: Found, given: params.Params) -> Found:
    """Those whose buyer gave this address; guests have no other way to be found."""
    details = params.check(given["customer_details"], frozenset({"email"}))
    email = params.required(details, "email")
    if not app.rule("sessions_are_found_by_email"):
        return Found(())
    keys = app.store.keys(SESSION.kind, "customer_details.email", email)
    customer = given.get("customer")
    return Found(keys, chosen.shown).but(lambda one: customer in (None, one["customer"]))


@router.route("POST", SESSION.one + "/expire")
def expire(app: "StripeSandbox", request: Request, session: str) -> Response:
    given = params.check(request.form, params.ONE)
    stored = app.find(SESSION.kind, session)
    if (stored["status"] == "open") != app.rule("open_sessions_can_be_expired"):
        message = f"Only Checkout Sessions with a status in [open] can be expired: {session}"
        raise invalid(message)
    result = {**stored, "status": "expired", "url": None}
    app.store.save(result)
    return answer(app, result, given)


def refuse_cancel(app: "StripeSandbox", field: str, intent: str) -> None:
    """An intent of an open session ends with its session, not by itself."""
    if not app.rule("session_intents_end_with_the_session"):
        return
    sessions = app.store.matching(SESSION.kind, field, intent)
    if any(session["status"] == "open" for session in sessions):
        message = "You cannot cancel an intent of a Checkout Session; expire the session."
        raise invalid(message, f"{field}_unexpected_state")
