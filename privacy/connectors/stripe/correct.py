"""Correcting names and addresses where Stripe lets them be changed."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from privacy.connectors.base import Outcome, Task, Value
from privacy.connectors.stripe.client import gone_is_success
from privacy.connectors.stripe.eraser import Eraser
from privacy.connectors.stripe.find import Finder, Roots
from privacy.connectors.stripe.objects import Item

ADDRESS = {"street": "line1", "city": "city", "postal_code": "postal_code", "country": "country"}
PERSON = {"full_name": "name", "email": "email", "phone": "phone"}
CUSTOMER = {**PERSON, "company": "business_name"}
CORRECTS = frozenset({*CUSTOMER, *ADDRESS})
SECOND_NAME = "individual_name"  # beside `name`, where it is used
# Stripe's own copies, of which nothing can be changed once they are final
# (docs.stripe.com/api/charges/update, /api/invoices/update).
COPIES = ("invoice", "credit_note", "charge")


class Holder(NamedTuple):
    """A customer, or the billing details of a payment method: where corrections are written."""

    id: str
    fields: Item
    names: dict[str, str]  # by field of a correction its field here
    filled_only: bool  # nothing is added where nothing stands

    def values(self, patch: dict[str, str]) -> Iterator[Value]:
        address = self.fields.get("address") or {}
        for field in sorted(patch):
            if field in ADDRESS:
                text = str(address.get(ADDRESS[field]) or "")
            elif field in self.names:
                text = str(self.fields.get(self.names[field]) or "")
            else:
                continue
            if text or not self.filled_only:
                yield Value(self.id, field, text)

    def changes(self, patch: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
        """What to send, and which fields it corrects. An address goes whole: Stripe may take
        what isn't sent for empty.
        """
        wrong = [each.field for each in self.values(patch) if each.text != patch[each.field]]
        sent: dict[str, Any] = {
            self.names[field]: patch[field] for field in wrong if field in self.names
        }
        parts = {ADDRESS[field]: patch[field] for field in wrong if field in ADDRESS}
        if parts:
            before = self.fields.get("address") or {}
            sent["address"] = {name: text for name, text in before.items() if text} | parts
        return sent, wrong


def customers(finder: Finder, roots: Roots) -> Iterator[Holder]:
    for identifier in roots.customers:
        if found := finder.customer(identifier):
            yield Holder(identifier, found, CUSTOMER, filled_only=False)
            second = {"full_name": SECOND_NAME}
            without_address = {SECOND_NAME: found.get(SECOND_NAME)}
            yield Holder(f"{identifier}.{SECOND_NAME}", without_address, second, filled_only=True)


def methods(finder: Finder, roots: Roots) -> Iterator[Holder]:
    for method in finder.objects("payment_method", roots):
        details = method.get("billing_details") or {}
        yield Holder(method["id"], details, PERSON, filled_only=True)


def current(finder: Finder, roots: Roots, patch: dict[str, str]) -> list[Value]:
    holders = [*customers(finder, roots), *methods(finder, roots)]
    return [value for holder in holders for value in holder.values(patch)]


def correct(finder: Finder, eraser: Eraser, roots: Roots, task: Task) -> Outcome:
    """Draft invoices follow their customer; the final ones, and payments, are only counted."""
    corrected: Counter[str] = Counter()
    for holder in customers(finder, roots):
        sent, fields = holder.changes(task.patch)
        identifier = holder.id.removesuffix(f".{SECOND_NAME}")
        if sent:
            write(eraser, eraser.api.customers, identifier, holder.id, sent)
        corrected.update(fields)
    for holder in methods(finder, roots):
        sent, fields = holder.changes(task.patch)
        if sent:
            details = {"billing_details": sent}
            write(eraser, eraser.api.payment_methods, holder.id, holder.id, details)
        corrected.update(fields)
        task.heartbeat()
    return Outcome(receipt={"corrected": dict(corrected), "final_copies": copies(finder, roots)})


def write(eraser: Eraser, api: Any, identifier: str, name: str, values: dict[str, Any]) -> None:
    with gone_is_success():
        api.update(identifier, values, eraser.options("correct", name, *sorted(values)))


def copies(finder: Finder, roots: Roots) -> dict[str, int]:
    """What keeps the old values: nobody can change it."""
    counts = {
        kind: sum(item.get("status") != "draft" for item in finder.objects(kind, roots))
        for kind in COPIES
    }
    return {kind: number for kind, number in counts.items() if number}
