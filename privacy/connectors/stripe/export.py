"""Exporting what Stripe holds: every object whole, but for secrets and bearer links."""

import json
from collections.abc import Iterator
from typing import Any

from privacy.connectors.base import Record
from privacy.connectors.stripe.find import Finder

WITHHELD = "[withheld]"
# Secrets, links that open without a sign-in, and government numbers (11 CCR § 7024(d)):
# the person is told that we hold them. By kind of object; "*" is every kind.
SECRET_FIELDS = {
    "*": {"client_secret", "hosted_invoice_url", "invoice_pdf", "receipt_url", "fingerprint"},
    "tax_id": {"value"},
}


def withhold(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {
            name: WITHHELD if name in names and item else withhold(item, names)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [withhold(item, names) for item in value]
    return value


def record(kind: str, item: Any) -> Record:
    names = SECRET_FIELDS["*"] | SECRET_FIELDS.get(kind, set())
    return Record(kind, json.dumps(withhold(item.to_dict(), names), default=str))


def export(finder: Finder, customers: list[str]) -> Iterator[Record]:
    """Collection by collection, over all of the person's customers."""
    for identifier in customers:
        if customer := finder.customer(identifier):
            yield record("customer", customer)
    for kind in finder.lists:
        for identifier in customers:
            for item in finder.objects(kind, identifier):
                yield record(kind, item)
