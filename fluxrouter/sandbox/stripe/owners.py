"""What hangs on a customer without naming it: refunds, disputes, their files, mandates."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from fluxrouter.sandbox.stripe.templates import Object

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox


def _newest(app: "StripeSandbox", kind: str, customer: str) -> Object:
    """The customer's newest of a kind; made when there is none."""
    found = app.store.of_customer(kind, customer)
    return found[-1] if found else app.add(kind, customer=customer)


def _dispute(app: "StripeSandbox", customer: str, fields: Object) -> Object:
    charge = _newest(app, "charge", customer)
    origin = {"charge": charge["id"], "payment_intent": charge["payment_intent"]}
    stored = app.store.add("dispute", {**origin, **fields})
    app.store.save({**charge, "disputed": True})
    return stored


def _refund(app: "StripeSandbox", customer: str, fields: Object) -> Object:
    charge = _newest(app, "charge", customer)
    origin = {"charge": charge["id"], "payment_intent": charge["payment_intent"]}
    stored = app.store.add("refund", {"customer": customer, **origin, **fields})
    app.store.save({**charge, "amount_refunded": charge["amount_refunded"] + stored["amount"]})
    return stored


def _mandate(app: "StripeSandbox", customer: str, fields: Object) -> Object:
    """A setup intent names it."""
    method = _newest(app, "payment_method", customer)
    stored = app.store.add("mandate", {"payment_method": method["id"], **fields})
    intent = _newest(app, "setup_intent", customer)
    app.store.save({**intent, "mandate": stored["id"], "payment_method": method["id"]})
    return stored


def _file(app: "StripeSandbox", customer: str, fields: Object) -> Object:
    """A dispute's evidence names it."""
    charge = _newest(app, "charge", customer)
    disputes = app.store.matching("dispute", "charge", charge["id"])
    dispute = disputes[-1] if disputes else _dispute(app, customer, {})
    stored = app.store.add("file", fields)
    evidence = {**dispute["evidence"], "uncategorized_file": stored["id"]}
    app.store.save({**dispute, "evidence": evidence})
    return stored


HANGING: dict[str, Callable[["StripeSandbox", str, Object], Object]] = {
    "refund": _refund,
    "dispute": _dispute,
    "mandate": _mandate,
    "file": _file,
}
