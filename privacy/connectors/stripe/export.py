"""Exporting what Stripe holds: every object whole, but for secrets and bearer links."""

import json
from collections.abc import Iterator
from typing import Any

from privacy.connectors.base import Record
from privacy.connectors.stripe.find import Finder, Roots
from privacy.connectors.stripe.objects import OBJECTS, Item

WITHHELD = "[withheld]"
# Secrets, links that open without a sign-in, and government numbers (11 CCR § 7024(d)):
# the person is told that we hold them.
SECRETS = frozenset({"client_secret", "fingerprint"})
LINKS = frozenset({"url", "pdf", "invoice_pdf"})  # and whatever ends with "_url"
NUMBERS = {"tax_id": "value", "customer_tax_ids": "value", "tax_ids": "value"}
TAX_ID = "tax_id"  # of billing details
PLAIN = frozenset({"metadata"})  # the keys in it are ours, not Stripe's


def is_secret(name: str, value: Any, within: str) -> bool:
    if name in SECRETS or NUMBERS.get(within) == name or name == TAX_ID:
        return isinstance(value, str)
    is_link = name in LINKS or name.endswith("_url")
    return is_link and isinstance(value, str) and not value.startswith("/")


def withhold(value: Any, within: str) -> Any:
    """A copy without secrets. `within` is the name of what holds the value."""
    if isinstance(value, dict) and within not in PLAIN:
        return {
            name: WITHHELD if item and is_secret(name, item, within) else withhold(item, name)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [withhold(item, within) for item in value]
    return value


def record(kind: str, item: Item) -> Record:
    return Record(kind, json.dumps(withhold(item, kind)))


def export(finder: Finder, roots: Roots) -> Iterator[Record]:
    """Collection by collection, over all of the person's customers.

    What hangs on others is asked for only where one of these said that there is something: a long
    list of payments isn't read once more for nothing.
    """
    asked: set[str] = set()
    for kind, row in OBJECTS.items():
        if row.parents and kind not in asked:
            continue
        for item in finder.objects(kind, roots):
            asked |= asked_by(kind, item)
            yield record(kind, item)


def asked_by(kind: str, item: Item) -> set[str]:
    """The kinds of which this object says that there are some."""
    return {child for child, row in OBJECTS.items() if kind in row.parents and row.asks(item)}
