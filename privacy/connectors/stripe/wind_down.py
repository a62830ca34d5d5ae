"""Stopping and emptying all that a person has at Stripe, in order and in parts."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

from privacy.connectors.base import Outcome
from privacy.connectors.stripe import endings
from privacy.connectors.stripe.eraser import Eraser
from privacy.connectors.stripe.find import Finder, Roots
from privacy.connectors.stripe.objects import OBJECTS, Item, never

# Calls that one part may make: between two parts other requests have their turn.
PART = 200


class Stage(NamedTuple):
    """A kind of object and how each is ended.

    `leaves`: what is ended is not in the list any more, so its first page is read again and again.
    """

    kind: str
    end: Callable[[Eraser, Item], bool]
    leaves: bool = False
    query: dict[str, str] = {}


# What may still charge comes first. Sessions and invoices come before their payments, which
# Stripe doesn't let be cancelled by themselves; the customer, whose words drafts repeat, last.
# Source: docs.stripe.com/privacy/deletion-requests, /api/payment_intents/cancel.
STAGES = (
    Stage("subscription_schedule", endings.schedule),
    Stage("subscription", endings.subscription),
    Stage("checkout_session", endings.session),
    Stage("invoice", endings.invoice, leaves=True, query={"status": "draft"}),
    Stage("invoiceitem", endings.invoice_item, leaves=True, query={"pending": "true"}),
    Stage("invoice", endings.invoice, leaves=True, query={"status": "open"}),
    Stage("payment_intent", endings.payment_intent),
    Stage("setup_intent", endings.setup_intent),
    Stage("charge", endings.charge),
    Stage("refund", endings.refund),
    Stage("invoice", endings.final_invoice),
    Stage("customer_balance_transaction", endings.balance_note),
    Stage("quote", endings.quote),
    Stage("promotion_code", endings.promotion_code),
    Stage("payment_source", endings.payment_source, leaves=True),
    Stage("payment_method", endings.payment_method, leaves=True),
    Stage("tax_id", endings.tax_id, leaves=True),
    Stage("customer", endings.customer),
)


def wind_down(finder: Finder, eraser: Eraser, roots: Roots) -> Outcome:
    """One part. The cursor holds ids and counts: where the next part goes on."""
    cursor = eraser.task.cursor
    counts = Counter(cursor.get("wound_down", {}))
    begin, after = cursor.get("unit", 0), cursor.get("after", "")
    for number, (stage, root) in enumerate(units(roots)):
        if number < begin:
            continue
        for item in items(finder, stage, root, after):
            counts[stage.kind] += stage.end(eraser, item)
            eraser.task.heartbeat()
            if eraser.calls >= PART:
                after = "" if stage.leaves else item["id"]
                place = {"unit": number, "after": after}
                return Outcome(more=True, cursor=place | told(counts, eraser))
        after = ""
    return Outcome(receipt=told(counts, eraser))


def told(counts: Counter[str], eraser: Eraser) -> dict[str, dict[str, int]]:
    """For cursor and receipt: what was ended or emptied, and what Stripe refused to empty."""
    return {"wound_down": dict(counts), "not_emptied": dict(eraser.refused)}


def units(roots: Roots) -> Iterator[tuple[Stage, Roots]]:
    """Each stage with one customer or one guest's session at a time."""
    single = [Roots([each], []) for each in roots.customers]
    single += [Roots([], [each]) for each in roots.guests]
    yield from product(STAGES, single)


def items(finder: Finder, stage: Stage, root: Roots, after: str) -> Iterator[Item]:
    if OBJECTS[stage.kind].parents:
        # Found through others: a later part begins anew, and steps over what is emptied.
        yield from finder.objects(stage.kind, root)
        return
    for customer in root.customers:
        if stage.leaves:
            yield from leaving(finder, stage, customer)
        else:
            place = {"starting_after": after} if after else {}
            yield from finder.of_customer(stage.kind, customer, **place)
    for session in finder.sessions(root) if OBJECTS[stage.kind].guest else ():
        yield from finder.of_guest(stage.kind, session)


def leaving(finder: Finder, stage: Stage, customer: str) -> Iterator[Item]:
    """A list from which each object goes once it is ended. What stays is stepped over."""
    row, query, first = OBJECTS[stage.kind], dict(stage.query), ""
    while True:
        found, more = finder.page_of(stage.kind, customer, **query)
        if not found or found[0]["id"] == first:
            return
        first = found[0]["id"]
        yield from found
        stays = [item["id"] for item in found if not row.live(item)]
        query |= {"starting_after": stays[-1]} if stays else {}
        if not more:
            return


def left(finder: Finder, roots: Roots) -> Counter[str]:
    """What an erasure should have ended, by kind. Each customer is asked for by id."""
    found: Counter[str] = Counter()
    for kind, row in OBJECTS.items():
        if row.live is not never:
            found[kind] += sum(map(row.live, finder.objects(kind, roots)))
    found["customer"] += sum(finder.customer(each) is not None for each in roots.customers)
    return found
