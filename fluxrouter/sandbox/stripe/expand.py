"""Fields that hold an id until they are asked for (docs.stripe.com/api/expanding_objects)."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.stripe.errors import invalid
from fluxrouter.sandbox.stripe.templates import Object

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

REFERENCES = {
    "charge": "charge",
    "customer": "customer",
    "default_payment_method": "payment_method",
    "invoice": "invoice",
    "latest_charge": "charge",
    "latest_invoice": "invoice",
    "mandate": "mandate",
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
    "setup_intent": "setup_intent",
    "subscription": "subscription",
}
INCLUDED = {"sources": "payment_source", "subscriptions": "subscription", "tax_ids": "tax_id"}
# What an object shows only when it is asked for (stripe-python: stripe/_customer.py).
HIDDEN = {"customer": "tax"}
# What may be asked for, and stands in the object anyway.
PRESENT = {"charge": "refunds", "privacy.redaction_job": "objects"}


def expanded(app: "StripeSandbox", stored: Object, wanted: object, prefix: str = "") -> Object:
    """The object, with one level of the wanted fields filled in."""
    paths = wanted if isinstance(wanted, list) else []
    hidden = HIDDEN.get(stored["object"])
    result = {name: value for name, value in stored.items() if name != hidden}
    for path in paths:
        name = str(path).removeprefix(prefix)
        result[name] = stored[name] if name == hidden else _field(app, stored, name)
    return result


def _field(app: "StripeSandbox", stored: Object, name: str) -> object:
    if name in REFERENCES and name in stored:
        value = stored[name]
        return app.store.get(REFERENCES[name], value) if isinstance(value, str) else value
    if name in INCLUDED and stored["object"] == "customer":
        kind = INCLUDED[name]
        found = app.store.of_customer(kind, stored["id"])[::-1]
        if kind == "subscription":
            found = [one for one in found if one["status"] != "canceled"]
        url = f"/v1/customers/{stored['id']}/{name}"
        return {"object": "list", "data": found[:10], "has_more": len(found) > 10, "url": url}
    if PRESENT.get(stored["object"]) == name:
        return stored[name]
    raise invalid(f"This property cannot be expanded ({name}).", None, "expand")
