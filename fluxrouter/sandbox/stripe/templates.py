"""What a new object looks like: every key that the vendor's examples have.

The keys come from the example resources in stripe/openapi, openapi/fixtures3.json (revision
f6c2a48 of 2026-08-21, MIT licence); the values are our own neutral ones. Redaction jobs are those
of openapi/fixtures3.beta.json and of stripe-python 16.1.0b1, stripe/privacy.
"""

import json
from pathlib import Path
from typing import Any

Object = dict[str, Any]

TEMPLATES: dict[str, Object] = json.loads(
    Path(__file__).with_name("templates.json").read_text("utf-8")
)
PREFIXES = {
    "customer": "cus_",
    "subscription": "sub_",
    "invoice": "in_",
    "charge": "ch_",
    "payment_intent": "pi_",
    "payment_method": "pm_",
    "tax_id": "txi_",
    "checkout.session": "cs_test_",
    "setup_intent": "seti_",
    "refund": "re_",
    "dispute": "dp_",
    "invoiceitem": "ii_",
    "credit_note": "cn_",
    "quote": "qt_",
    "subscription_schedule": "sub_sched_",
    "customer_balance_transaction": "cbtxn_",
    "promotion_code": "promo_",
    "card": "card_",
    "bank_account": "ba_",
    "mandate": "mandate_",
    "file": "file_",
    "event": "evt_",
    "privacy.redaction_job": "prj_",
    "privacy.redaction_job_validation_error": "prjve_",
}
ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
ADDRESSES = {"address", "customer_address"}
SHIPPINGS = {"shipping", "customer_shipping", "shipping_details"}


def build(kind: str, fields: Object) -> Object:
    """A whole object out of some of its fields; a field the vendor doesn't have is refused.

    What isn't named is shared with the template: objects are replaced, never changed in place.
    """
    whole = dict(TEMPLATES[kind])
    if unknown := set(fields) - set(whole):
        raise ValueError(f"{kind} has no {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        whole[name] = filled(name, whole[name], value)
    return whole


def filled(name: str, before: Any, value: Any) -> Any:
    """The value with the parts that were not named taken from before or left empty."""
    if not isinstance(value, dict):
        return value
    if name in SHIPPINGS:
        base = before or {"address": None, "name": None, "phone": None}
    else:
        base = before or (ADDRESS if name in ADDRESSES else {})
    parts = {key: filled(key, base.get(key), part) for key, part in value.items()}
    return {**base, **parts}
