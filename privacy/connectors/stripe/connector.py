"""The connector for Stripe."""

from collections.abc import Iterator

import stripe

from accounts.purposes import Purpose
from privacy.connectors.base import (
    Action,
    Connector,
    Discovery,
    Outcome,
    Record,
    Residue,
    Subject,
    Task,
    Value,
)
from privacy.connectors.stripe import correct, discover, export, pause, plant, whose, wind_down
from privacy.connectors.stripe.client import gone_is_success
from privacy.connectors.stripe.eraser import Eraser
from privacy.connectors.stripe.find import Finder, Roots
from privacy.connectors.stripe.redact import Redaction

REDACT = "redact"


class StripeConnector(Connector):
    """Customers and what hangs on them. Deleting a customer isn't all: what stays is listed.

    `read` looks; only `erase`, whose key may write, changes anything.
    """

    name = "stripe"
    title = "Stripe (payments)"
    erasure = (
        Action("prepare", "Look again for what came since", irreversible=False),
        Action("wind_down", "Cancel subscriptions, detach payment methods, blank the customer"),
        Action(
            REDACT,
            "Have Stripe redact what it keeps (invoices too)",
            optional=True,
            deferred=True,
        ),
        Action("delete_customer", "Delete the customer", spawned=True),
    )
    own_traces = frozenset({"invoice"})  # a paused subscription makes voided ones
    restricts = frozenset({Purpose.BILLING})
    corrects = correct.CORRECTS

    def __init__(
        self, read: stripe.StripeClient, erase: stripe.StripeClient, *, erase_key: str = ""
    ) -> None:
        self.finder = Finder(read)
        self.erase_client = erase
        self.erase_key = erase_key

    def eraser(self, task: Task) -> Eraser:
        return Eraser(self.erase_client, self.finder, task)

    def discover(self, subject: Subject) -> Discovery:
        return discover.discover(self.finder, subject)

    def export(self, subject: Subject, refs: dict[str, list[str]]) -> Iterator[Record]:
        return export.export(self.finder, Roots.of(refs))

    def freeze(self, task: Task) -> Outcome:
        """Pause billing: nothing is collected, and what falls due is voided."""
        return pause.pause(self.finder, self.eraser(task), task)

    def restrict(self, task: Task) -> Outcome:
        return self.freeze(task)

    def lift(self, task: Task) -> Outcome:
        return pause.resume(self.eraser(task), task)

    def current(self, task: Task) -> list[Value]:
        return correct.current(self.finder, Roots.of(task.refs), task.patch)

    def correct(self, task: Task) -> Outcome:
        return correct.correct(self.finder, self.eraser(task), Roots.of(task.refs), task)

    def erase(self, task: Task) -> Outcome:
        if task.action == "prepare":
            return Outcome(receipt=self.rediscover(task).as_json())
        roots = Roots.of(task.refs)
        if task.action == "wind_down":
            outcome = wind_down.wind_down(self.finder, self.eraser(task), roots)
            return outcome if self.redacts(task) else with_deletion(outcome, roots)
        if task.action == REDACT:
            if not self.redacts(task):
                return Outcome()
            outcome = Redaction(self.finder, self.eraser(task), roots).go_on()
            return with_deletion(outcome, roots)
        with gone_is_success():
            self.erase_client.v1.customers.delete(task.object)
        return Outcome(receipt={"erased": {"customer": 1}})

    def redacts(self, task: Task) -> bool:
        """Whether the approver chose it. The customer then goes after it, not before."""
        return REDACT in task.approved.get("chosen", [])

    def verify(self, subject: Subject, refs: dict[str, list[str]]) -> list[Residue]:
        """Asks for each customer by id and by address, and for what was live on it."""
        roots = Roots.of(refs)
        left = wind_down.left(self.finder, roots)
        left["customer"] += whose.newcomers(self.finder, subject, roots.customers)
        return [Residue(kind, number) for kind, number in left.items() if number]

    def plant(self, subject: Subject) -> dict[str, list[str]]:
        return plant.plant(self.erase_client, self.erase_key, subject)


def with_deletion(outcome: Outcome, roots: Roots) -> Outcome:
    """At its end a step adds the row of each customer, which is deleted by a call of its own."""
    if not outcome.more:
        outcome.spawn = [("delete_customer", customer) for customer in roots.customers]
    return outcome
