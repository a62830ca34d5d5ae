"""How an update changes an object: unsetting, merging, metadata."""

from typing import TYPE_CHECKING, Any

from fluxrouter.sandbox.stripe.errors import invalid
from fluxrouter.sandbox.stripe.params import Params, boolean, integer
from fluxrouter.sandbox.stripe.templates import Object, filled

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

INTEGERS = {"balance", "amount", "next_invoice_sequence", "due_date", "cancel_at"}
BOOLEANS = {"active", "cancel_at_period_end", "auto_advance"}
LISTS = {"preferred_locales", "discounts", "default_tax_rates"}
# docs.stripe.com/api/metadata
METADATA_KEYS, METADATA_KEY_LENGTH, METADATA_VALUE_LENGTH = 50, 40, 500
EMAIL_LENGTH = 512  # stripe-python: stripe/params/_customer_update_params.py


def changed(app: "StripeSandbox", stored: Object, params: Params) -> Object:
    """A changed copy; parameters that no field of the object shows have no effect here."""
    result = dict(stored)
    for name, value in params.items():
        if name == "metadata":
            result[name] = _metadata(app, stored[name], value)
        elif name in stored and name != "expand":
            result[name] = _value(app, name, stored[name], value)
    return result


def _value(app: "StripeSandbox", name: str, before: Any, value: Any) -> Any:
    if value == "":
        if not app.rule("empty_value_clears_field"):
            return before
        return [] if name in LISTS else None
    if isinstance(value, dict):
        whole = filled(name, before, value)
        return _cleared(whole)
    if name in INTEGERS:
        return integer(value, name)
    if name in BOOLEANS:
        return boolean(value, name)
    if name == "email":
        return _email(value)
    return value


def _cleared(value: Object) -> Object:
    return {
        key: _cleared(part) if isinstance(part, dict) else None if part == "" else part
        for key, part in value.items()
    }


def _email(value: Any) -> str:
    text = str(value)
    if "@" not in text or len(text) > EMAIL_LENGTH:
        raise invalid("Invalid email address.", "email_invalid", "email")
    return text


def _metadata(app: "StripeSandbox", before: Object, value: Any) -> Object:
    if value == "":
        return {} if app.rule("empty_metadata_clears_all") else before
    if not isinstance(value, dict):
        raise invalid("Invalid object", "parameter_invalid_empty", "metadata")
    result = dict(before) if app.rule("metadata_merges") else {}
    for key, text in value.items():
        _check_metadata(key, text)
        if text == "" and app.rule("empty_metadata_value_removes_key"):
            result.pop(key, None)
        else:
            result[key] = text
    if len(result) > METADATA_KEYS:
        raise invalid(f"Metadata can hold at most {METADATA_KEYS} keys", None, "metadata")
    return result


def _check_metadata(key: str, text: Any) -> None:
    if not isinstance(text, str):
        raise invalid("Metadata values are strings", None, f"metadata[{key}]")
    if len(key) > METADATA_KEY_LENGTH or len(text) > METADATA_VALUE_LENGTH:
        raise invalid("Metadata is too long", None, f"metadata[{key[:METADATA_KEY_LENGTH]}]")
