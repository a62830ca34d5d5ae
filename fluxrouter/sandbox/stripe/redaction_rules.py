"""What a redaction job reaches, what stands in its way, and what it does.

Sources: docs.stripe.com/privacy/redaction, /privacy/deletion-requests,
/api/privacy/redaction-job-validation-error/object.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from fluxrouter.sandbox.stripe import disputes, payment_intents, setup_intents, subscriptions
from fluxrouter.sandbox.stripe.personal import redacted
from fluxrouter.sandbox.stripe.templates import Object

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

NINETY_DAYS = 90 * 24 * 3600
# The parameter `objects`, and the kind that each of its lists names.
NAMED = {
    "charges": "charge",
    "checkout_sessions": "checkout.session",
    "customers": "customer",
    "invoices": "invoice",
    "payment_intents": "payment_intent",
    "setup_intents": "setup_intent",
}
ELSEWHERE = {
    "identity_verification_sessions",
    "issuing_cardholders",
    "issuing_cards",
    "radar_value_list_items",
}
OF_CUSTOMER = (
    *("subscription", "invoice", "invoiceitem", "credit_note", "quote", "subscription_schedule"),
    *("payment_intent", "setup_intent", "charge", "refund", "checkout.session", "tax_id"),
    *("payment_method", "payment_source", "customer_balance_transaction", "promotion_code"),
)
# What goes along: kinds whose field names the object.
ALONG: dict[str, tuple[tuple[str, str], ...]] = {
    "customer": tuple((kind, "customer") for kind in OF_CUSTOMER),
    "payment_intent": tuple(
        (kind, "payment_intent") for kind in ("charge", "refund", "dispute", "checkout.session")
    ),
    "setup_intent": (("checkout.session", "setup_intent"),),
    "charge": (("refund", "charge"), ("dispute", "charge")),
    "invoice": (("invoiceitem", "invoice"), ("credit_note", "invoice")),
    "payment_method": (("mandate", "payment_method"),),
}
Step = Callable[["StripeSandbox", Object], None]


class Unfinished(NamedTuple):
    """Statuses of an object that may still act, and how `fix` ends it."""

    statuses: frozenset[str]
    fix: Step


def _to(status: str) -> Step:
    return lambda app, one: app.store.save({**one, "status": status})


def _end(app: "StripeSandbox", one: Object) -> None:
    subscriptions.end(app, one)


UNFINISHED = {
    "subscription": Unfinished(subscriptions.RUNNING, _end),
    "payment_intent": Unfinished(frozenset(payment_intents.CANCELABLE), _to("canceled")),
    "setup_intent": Unfinished(frozenset(setup_intents.CANCELABLE), _to("canceled")),
    "checkout.session": Unfinished(frozenset({"open"}), _to("expired")),
    "invoice": Unfinished(frozenset({"open"}), _to("void")),
}


class Problem(NamedTuple):
    """Why a job can't run: a code, the object, and what `fix` would do about it."""

    code: str
    about: Object | None = None
    fix: Step | None = None


def related(app: "StripeSandbox", first: Object) -> dict[str, Object]:
    """The object and all that goes with it, by id."""
    found, waiting = {first["id"]: first}, [first]
    while waiting and app.rule("redaction_reaches_related_objects"):
        for one in _along(app, waiting.pop()):
            if one["id"] not in found:
                found[one["id"]] = one
                waiting.append(one)
    return found


def _along(app: "StripeSandbox", one: Object) -> Iterator[Object]:
    for kind, field in ALONG.get(one["object"], ()):
        yield from app.store.matching(kind, field, one["id"])
    method = app.store.get("payment_method", one.get("payment_method") or "")
    if method is not None:
        yield method
    evidence = one.get("evidence") or {}
    for value in evidence.values():
        if isinstance(value, str) and (file := app.store.get("file", value)):
            yield file


def problems(app: "StripeSandbox", named: list[Object], locked: set[str]) -> list[Problem]:
    """Everything that stands in the way; nothing when the job may run."""
    result: list[Problem] = []
    reached = 0
    for first in named:
        group = related(app, first)
        reached += len(group)
        states = [problem for one in group.values() for problem in _of_one(app, one)]
        if any(one.about is not first and one.fix is None for one in states):
            states.append(Problem("invalid_cascading_source", first))
        if locked & group.keys() and app.rule("redaction_locks_objects"):
            states.append(Problem("locked_by_other_job", first))
        result += states
    if reached > app.redaction_limit:
        result.append(Problem("too_many_objects"))
    return result


def _of_one(app: "StripeSandbox", one: Object) -> Iterator[Problem]:
    kind, status = one["object"], one.get("status")
    if _is_young(app, one) or _is_disputed(app, one):
        yield Problem("invalid_state", one)
    elif kind == "file" and app.rule("evidence_files_cannot_be_redacted"):
        yield Problem("invalid_file_purpose", one)
    elif kind in UNFINISHED and status in UNFINISHED[kind].statuses:
        yield Problem("invalid_state", one, UNFINISHED[kind].fix)


def _is_young(app: "StripeSandbox", one: Object) -> bool:
    paid = one["object"] == "charge" or (
        one["object"] == "payment_intent" and one["status"] == "succeeded"
    )
    fresh = paid and one["created"] > app.store.now() - NINETY_DAYS
    return bool(fresh and app.rule("young_payments_cannot_be_redacted"))


def _is_disputed(app: "StripeSandbox", one: Object) -> bool:
    waiting = one["object"] == "dispute" and one["status"] in disputes.OPEN
    return bool(waiting and app.rule("open_disputes_cannot_be_redacted"))


def redact(app: "StripeSandbox", named: list[Object]) -> None:
    """Empties every personal field of everything that is reached; the objects stay."""
    reached: dict[str, Object] = {}
    for first in named:
        reached |= related(app, first)
    for one in reached.values():
        app.store.save(redacted(one))
    if app.rule("redaction_reaches_events"):
        for event in app.store.matching("event", "", ""):
            if event["data"]["object"]["id"] in reached:
                app.store.save({**event, "data": _redacted_data(event["data"])})


def _redacted_data(data: Object) -> Object:
    whole = data["object"]
    parts = {"object": redacted(whole)}
    if "previous_attributes" in data:
        before = redacted({**whole, **data["previous_attributes"]})
        parts["previous_attributes"] = {name: before[name] for name in data["previous_attributes"]}
    return parts
