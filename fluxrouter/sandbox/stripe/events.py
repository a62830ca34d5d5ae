"""Events: what changed, for thirty days (docs.stripe.com/api/events, /api/events/types)."""

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import lists, more_params, params
from fluxrouter.sandbox.stripe.lists import Found
from fluxrouter.sandbox.stripe.store import Change

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
LIFE = 30 * 24 * 3600
USUAL = ("created", "updated", "deleted")


def _types(prefix: str, *what: str, **renamed: str) -> dict[str, str]:
    """`renamed` is for a status whose event has another name."""
    return {one: f"{prefix}.{one}" for one in what} | {
        status: f"{prefix}.{name}" for status, name in renamed.items()
    }


# Per kind: a status that was reached, or what else happened, and the type of its event.
# A change that isn't named has no event, as at the vendor's.
TYPES: dict[str, dict[str, str]] = {
    "customer": _types("customer", *USUAL),
    "subscription": _types(
        "customer.subscription", "created", "updated", "paused", canceled="deleted"
    ),
    "invoice": _types("invoice", *USUAL, "paid", open="finalized", void="voided"),
    "invoiceitem": _types("invoiceitem", "created", "deleted"),
    "charge": _types("charge", "updated"),
    "refund": _types("refund", "created", "updated"),
    "dispute": _types("charge.dispute", "updated", lost="closed", warning_closed="closed"),
    "payment_intent": _types("payment_intent", "created", "canceled"),
    "setup_intent": _types("setup_intent", "created", "canceled"),
    "payment_method": _types("payment_method", "updated", "attached", "detached"),
    "tax_id": _types("customer.tax_id", *USUAL),
    "card": _types("customer.source", *USUAL),
    "bank_account": _types("customer.source", *USUAL),
    "checkout.session": _types("checkout.session", "expired"),
    "credit_note": _types("credit_note", "created", "updated"),
    "quote": _types("quote", "created", "canceled"),
    "subscription_schedule": _types(
        "subscription_schedule", "created", "updated", "canceled", "released"
    ),
    "promotion_code": _types("promotion_code", "created", "updated"),
    "privacy.redaction_job": _types(
        "privacy.redaction_job",
        *("created", "ready", "succeeded", "canceled"),
        failed="validation_error",
    ),
}


def publish(app: "StripeSandbox", request: Request | None = None) -> None:
    """Makes an event of every change that a request left in the journal."""
    changes = _merged(app.store.journal or [])
    app.store.journal = None
    if not app.rule("changes_make_events"):
        return
    _forget(app)
    for change in changes:
        if name := _type(change):
            _record(app, name, change, request)


def _merged(journal: list[Change]) -> list[Change]:
    """One change per object: from before the first to after the last."""
    merged: dict[str, Change] = {}
    for before, after in journal:
        object_id = (before or after or {})["id"]
        first = merged.pop(object_id, Change(before, after)).before
        merged[object_id] = Change(first, after)
    return [change for change in merged.values() if change.before != change.after]


def _type(change: Change) -> str | None:
    before, after = change
    types = TYPES.get((before or after or {})["object"], {})
    if before is None:
        return types.get("created")
    if after is None or after.get("deleted"):
        return types.get("deleted")
    if before.get("customer") != after.get("customer") and "attached" in types:
        return types["attached" if after["customer"] else "detached"]
    if before.get("status") != after.get("status"):
        return types.get(after["status"]) or types.get("updated")
    return types.get("updated")


def _record(app: "StripeSandbox", name: str, change: Change, request: Request | None) -> None:
    before, after = change
    gone = after is None or after.get("deleted")
    data: dict[str, Any] = {"object": before if gone else after}
    if name.endswith(".updated") and before and after:
        data["previous_attributes"] = {
            field: value for field, value in before.items() if after[field] != value
        }
    key = request.headers.get("idempotency-key") if request else None
    origin = {"id": app.next_request_id() if request else None, "idempotency_key": key}
    fields = {"type": name, "request": origin, "api_version": app.version}
    event = app.store.add("event", fields)
    app.store.save({**event, "data": data})
    app.undelivered.append(event["id"])


def _forget(app: "StripeSandbox") -> None:
    if not app.rule("events_go_after_thirty_days"):
        return
    keys = app.store.keys("event")
    while keys and keys[0].created <= app.store.now() - LIFE:
        app.store.remove(app.store.fetch(keys[0]))
        keys = app.store.keys("event")


@router.route("GET", "/v1/events")
def list_(app: "StripeSandbox", request: Request) -> Response:
    given = lists.query(request, more_params.EVENT_LIST)
    _forget(app)
    found = Found(app.store.keys("event"))
    if patterns := [*given.get("types", []), *([given["type"]] if "type" in given else [])]:
        found = found.but(lambda one: any(fnmatchcase(one["type"], each) for each in patterns))
    return lists.page(app, request, found)


@router.route("GET", "/v1/events/<event>")
def retrieve(app: "StripeSandbox", request: Request, event: str) -> Response:
    lists.query(request, params.ONE)
    _forget(app)
    return Response(200, app.find("event", event))
