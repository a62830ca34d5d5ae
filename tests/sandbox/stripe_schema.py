"""The vendor's OpenAPI 3.0 description as JSON Schema, and where it is older than the API."""

import functools
import json
from pathlib import Path
from typing import Any

# The description is of API version 2023-08-16, the sandbox of 2026-10-28.endive. These were
# required then; the resources of stripe-python 16.1.0 (stripe/_invoice.py, _credit_note.py,
# _invoice_line_item.py, _promotion_code.py, _subscription.py) no longer have them.
REMOVED = {
    ("credit_note", "$"): ("tax_amounts",),
    ("credit_note", "$.lines.data[0]"): ("tax_amounts",),
    ("invoice", "$"): ("paid", "paid_out_of_band", "total_tax_amounts"),
    ("invoice", "$.lines.data[0]"): ("proration", "type"),
    ("promotion_code", "$"): ("coupon",),
    ("subscription", "$"): ("current_period_end", "current_period_start"),
}
KNOWN_GAPS = {
    (kind, place, f"{name!r} is a required property")
    for (kind, place), names in REMOVED.items()
    for name in names
}


@functools.cache
def _document(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = _translated(json.loads(path.read_text()))
    return document


def _translated(part: Any) -> Any:
    """OpenAPI 3.0 says `nullable`, JSON Schema says that null is one of the types."""
    if isinstance(part, list):
        return [_translated(one) for one in part]
    if not isinstance(part, dict):
        return part
    schema = {key: _translated(one) for key, one in part.items() if key != "nullable"}
    return {"anyOf": [schema, {"type": "null"}]} if part.get("nullable") is True else schema


def schema_of(path: Path, kind: str) -> dict[str, Any]:
    components = _document(path)["components"]
    return {"components": components, "$ref": f"#/components/schemas/{kind}"}
