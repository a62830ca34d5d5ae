"""Fields that hold an id until they are asked for (docs.stripe.com/api/expanding_objects)."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.stripe.errors import invalid
from fluxrouter.sandbox.stripe.templates import Object

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

REFERENCES = {
    "customer": "customer",
    "latest_charge": "charge",
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
    "default_payment_method": "payment_method",
    "latest_invoice": "invoice",
}
INCLUDED = {"tax_ids": "tax_id", "subscriptions": "subscription"}


def expanded(app: "StripeSandbox", stored: Object, wanted: object, prefix: str = "") -> Object:
    """The object, with one level of the wanted fields filled in."""
    paths = wanted if isinstance(wanted, list) else []
    result = stored
    for path in paths:
        name = str(path).removeprefix(prefix)
        result = {**result, name: _field(app, stored, name)}
    return result


def _field(app: "StripeSandbox", stored: Object, name: str) -> object:
    if name in REFERENCES and name in stored:
        value = stored[name]
        return app.store.get(REFERENCES[name], value) if isinstance(value, str) else value
    if name in INCLUDED and stored["object"] == "customer":
        kind = INCLUDED[name]
        found = app.store.newest_first(app.store.of_customer(kind, stored["id"]))
        if kind == "subscription":
            found = [one for one in found if one["status"] != "canceled"]
        url = f"/v1/customers/{stored['id']}/{name}"
        return {"object": "list", "data": found[:10], "has_more": len(found) > 10, "url": url}
    raise invalid(f"This property cannot be expanded ({name}).", None, "expand")
