"""Where these objects hold personal data: what redaction empties, and where tests plant markers.

A path ends at a string; `[]` stands for any item of a list, `*` for any key of a dictionary.
The fields are those of stripe/openapi, openapi/fixtures3.json (f6c2a48, 2026-08-21), and of the
resources of stripe-python 16.1.0.
"""

from collections.abc import Callable
from typing import Any

from fluxrouter.sandbox.stripe.templates import TEMPLATES, Object


def _address(path: str) -> tuple[str, ...]:
    parts = ("city", "country", "line1", "line2", "postal_code", "state")
    return tuple(f"{path}.{part}" for part in parts)


def _shipping(path: str) -> tuple[str, ...]:
    return (f"{path}.name", f"{path}.phone", *_address(f"{path}.address"))


def _billing(path: str) -> tuple[str, ...]:
    names = ("name", "email", "phone", "tax_id")
    return (*(f"{path}.{name}" for name in names), *_address(f"{path}.address"))


PERSONAL_FIELDS: dict[str, tuple[str, ...]] = {
    "customer": (
        "name",
        "individual_name",
        "business_name",
        "email",
        "phone",
        "description",
        "metadata.*",
        "preferred_locales[]",
        "tax.ip_address",
        *_address("address"),
        *_shipping("shipping"),
    ),
    "subscription": ("description", "metadata.*", "cancellation_details.comment"),
    "invoice": (
        "customer_name",
        "customer_email",
        "customer_phone",
        "description",
        "footer",
        "metadata.*",
        "customer_tax_ids[].value",
        "hosted_invoice_url",
        "invoice_pdf",
        *_address("customer_address"),
        *_shipping("customer_shipping"),
        *_shipping("shipping_details"),
    ),
    "charge": (
        "receipt_email",
        "receipt_url",
        "description",
        "metadata.*",
        *_billing("billing_details"),
        *_shipping("shipping"),
    ),
    "payment_intent": ("receipt_email", "description", "metadata.*", *_shipping("shipping")),
    "payment_method": (
        "metadata.*",
        "card.fingerprint",
        "card.last4",
        *_billing("billing_details"),
    ),
    "tax_id": ("value", "verification.verified_name", "verification.verified_address"),
    "checkout.session": (
        "client_reference_id",
        "customer_email",
        "url",
        "metadata.*",
        *(f"customer_details.{name}" for name in ("name", "individual_name", "business_name")),
        *(f"customer_details.{name}" for name in ("email", "phone")),
        *_address("customer_details.address"),
        "customer_details.tax_ids[].value",
        "custom_fields[].text.value",
        *(f"collected_information.{name}" for name in ("individual_name", "business_name")),
        "collected_information.shipping_details.name",
        *_address("collected_information.shipping_details.address"),
    ),
    "setup_intent": ("description", "metadata.*"),
    "refund": ("description", "instructions_email", "metadata.*"),
    "dispute": (
        "metadata.*",
        *(f"evidence.customer_{name}" for name in ("name", "email_address", "purchase_ip")),
        *(f"evidence.{name}" for name in ("billing_address", "shipping_address")),
        *(f"evidence.{name}" for name in ("access_activity_log", "uncategorized_text")),
    ),
    "invoiceitem": ("description", "metadata.*"),
    "credit_note": ("memo", "pdf", "metadata.*"),
    "quote": ("description", "header", "footer", "metadata.*"),
    "subscription_schedule": (
        "metadata.*",
        "default_settings.description",
        "phases[].description",
    ),
    "customer_balance_transaction": ("description", "metadata.*"),
    "promotion_code": ("metadata.*",),
    "card": (
        *("name", "fingerprint", "last4", "metadata.*", "address_city", "address_country"),
        *("address_line1", "address_line2", "address_state", "address_zip"),
    ),
    "bank_account": ("account_holder_name", "fingerprint", "last4", "metadata.*"),
    "mandate": (
        "customer_acceptance.online.ip_address",
        "customer_acceptance.online.user_agent",
    ),
    "file": ("filename", "title"),
}

# What else an item of a list has to have.
ITEMS: dict[str, Object] = {
    "customer_tax_ids": {"type": "eu_vat"},
    "tax_ids": {"type": "eu_vat"},
    "custom_fields": {
        "key": "company",
        "label": {"custom": "Company", "type": "custom"},
        "optional": True,
        "type": "text",
    },
    "phases": TEMPLATES["subscription_schedule"]["phases"][0],
}
REDACTED = "[redacted]"


def planted(kind: str, marker: Callable[[str], str]) -> dict[str, Any]:
    """Fields for `sandbox.add(kind, **fields)` with `marker(path)` in every personal one."""
    fields: dict[str, Any] = {}
    for path in PERSONAL_FIELDS[kind]:
        _place(fields, path.split("."), marker(path))
    return fields


def _place(fields: dict[str, Any], parts: list[str], marker: str) -> None:
    head, rest = parts[0], parts[1:]
    name = "note" if head == "*" else head.removesuffix("[]")
    if not rest:
        fields[name] = [marker] if head.endswith("[]") else marker
    elif head.endswith("[]"):
        _place(fields.setdefault(name, [dict(ITEMS[name])])[0], rest, marker)
    else:
        _place(fields.setdefault(name, {}), rest, marker)


def redacted(stored: Object) -> Object:
    """A copy with `[redacted]` in every personal field that says something."""
    result = stored
    for path in PERSONAL_FIELDS.get(stored["object"], ()):
        result = _redacted(result, path.split("."))
    return result


def _redacted(part: Any, path: list[str]) -> Any:
    if not path:
        return REDACTED if isinstance(part, str) and part else part
    head, rest = path[0], path[1:]
    name = head.removesuffix("[]")
    if not isinstance(part, dict) or (head != "*" and not part.get(name)):
        return part
    if head == "*":
        return {key: _redacted(value, rest) for key, value in part.items()}
    if head.endswith("[]"):
        return {**part, name: [_redacted(one, rest) for one in part[name]]}
    return {**part, name: _redacted(part[name], rest)}
