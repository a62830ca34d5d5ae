"""The connector for Stripe."""

from collections.abc import Iterator

import stripe

from privacy.connectors.base import (
    Action,
    Connector,
    Discovery,
    Outcome,
    Record,
    Residue,
    Subject,
    Task,
)
from privacy.connectors.stripe import export, find, wind_down
from privacy.connectors.stripe.client import gone_is_success


class StripeConnector(Connector):
    """Customers and what hangs on them. Deleting a customer isn't all: what stays is listed."""

    name = "stripe"
    title = "Stripe (payments)"
    erasure = (
        Action("prepare", "Look again for what came since", irreversible=False),
        Action("wind_down", "Cancel subscriptions, detach payment methods, blank the customer"),
        Action("delete_customer", "Delete the customer", spawned=True),
    )

    def __init__(self, client: stripe.StripeClient) -> None:
        self.finder = find.Finder(client)

    def discover(self, subject: Subject) -> Discovery:
        return find.discover(self.finder, subject)

    def export(self, subject: Subject, refs: dict[str, list[str]]) -> Iterator[Record]:
        return export.export(self.finder, refs.get("customers", []))

    def freeze(self, task: Task) -> Outcome:
        """Pause billing. What stood there before is written down first, then changed."""
        if "before" not in task.cursor:
            customers = task.approved.get("refs", {}).get("customers", [])
            before = wind_down.pauses(self.finder, customers)
            return Outcome(more=True, cursor={"before": before})
        for subscription in task.cursor["before"]:
            wind_down.set_pause(self.finder, subscription, {"behavior": "void"}, task)
        return Outcome(receipt=task.cursor)

    def lift(self, task: Task) -> Outcome:
        before = task.undo.get("before", {})
        for subscription, value in before.items():
            wind_down.set_pause(self.finder, subscription, value, task)
        return Outcome(receipt={"restored": len(before)})

    def erase(self, task: Task) -> Outcome:
        if task.action == "prepare":
            return Outcome(receipt=self.rediscover(task).as_json())
        if task.action == "wind_down":
            return self._wind_down(task)
        with gone_is_success():
            self.finder.api.customers.delete(task.object)
        return Outcome(receipt={"erased": {"customer": 1}})

    def _wind_down(self, task: Task) -> Outcome:
        customers = task.refs.get("customers", [])
        counts: dict[str, int] = {}
        for customer in customers:
            for kind, number in wind_down.wind_down(self.finder, customer, task).items():
                counts[kind] = counts.get(kind, 0) + number
        spawn = [("delete_customer", customer) for customer in customers]
        return Outcome(receipt={"wound_down": counts}, spawn=spawn)

    def verify(self, subject: Subject, refs: dict[str, list[str]]) -> list[Residue]:
        """Asks for each customer by id and by address, and for what was live on it."""
        known = refs.get("customers", [])
        left = {"customer": self._found_by_address(subject, known)}
        for identifier in known:
            left["customer"] += bool(self.finder.customer(identifier))
            for item in self.finder.objects("subscription", identifier):
                live = item.status in wind_down.LIVE
                left["subscription"] = left.get("subscription", 0) + live
            methods = sum(1 for _ in self.finder.objects("payment_method", identifier))
            left["payment_method"] = left.get("payment_method", 0) + methods
        return [Residue(kind, number) for kind, number in left.items() if number]

    def _found_by_address(self, subject: Subject, known: list[str]) -> int:
        """Customers that came since, or that the erasure never knew."""
        return sum(
            customer.id not in known
            and not find.is_foreign(customer, subject)
            and not find.is_shared(customer.id, subject)
            for customer in self.finder.by_email(subject)
        )
