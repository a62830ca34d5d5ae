"""Where these objects hold personal data, for tests that plant and look for markers.

A path ends at a string; `[]` stands for any item of a list, `*` for any key of a dictionary.
The fields are those of stripe/openapi, openapi/fixtures3.json (f6c2a48, 2026-08-21), and of the
resources of stripe-python 16.1.0.
"""

from collections.abc import Callable
from typing import Any


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
}

ITEMS = {"customer_tax_ids": {"type": "eu_vat"}}  # what else an item of a list has to have


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
