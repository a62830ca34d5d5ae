"""What the steps of one request share while they are worked on."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.purposes import Purpose
from privacy.connectors.base import Subject, Task
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import interim_purposes
from privacy.selectors import interim
from privacy.services.fulfilment import ledger

# By hand: this is asked at nearly every step, and the ORM takes longer than the database.
RECEIPT = """
SELECT receipt::text FROM privacy_fulfilmentstep
WHERE request_id = %s AND connector = %s AND action = ANY(%s) AND state = 'done'
ORDER BY finished_at DESC LIMIT 1
"""
WITHOUT_REFS = frozenset({"discover", "freeze", "lift"})
State = FulfilmentStep.State


@dataclass
class Context:
    """A request with its opened contact address. Lives for a moment, in memory only."""

    request: PrivacyRequest

    @cached_property
    def subject(self) -> Subject:
        return Subject(self.request.pk, self.request.read("email"), self.request.refs)

    def receipt(self, connector: str, *actions: str) -> dict[str, Any]:
        """The receipt of the latest finished step among these actions of a connector."""
        with connection.cursor() as cursor:
            cursor.execute(RECEIPT, [self.request.pk, connector, list(actions)])
            found = cursor.fetchone()
        return json.loads(found[0]) if found else {}

    @property
    def patch(self) -> dict[str, str]:
        """The new values that staff entered for a correction."""
        return dict(json.loads(self.request.read("corrections") or "{}"))

    def undo(self, step: FulfilmentStep) -> dict[str, Any]:
        """What a lift gives back."""
        if step.action == "lift":
            return self.receipt(step.connector, "freeze")
        return self.restricted(step) if step.action == "lift_restriction" else {}

    def restricted(self, lift: FulfilmentStep) -> dict[str, Any]:
        """What a request restricted at a system since it last gave something back there, by itself
        or for good. What stood before the first is what is restored.
        """
        steps = self.request.steps.filter(connector=lift.connector, state=State.DONE)
        last = steps.filter(action="lift_restriction").order_by("finished_at").last()
        found = steps.filter(action="restrict").order_by("finished_at")
        if last:
            found = found.filter(finished_at__gt=last.finished_at)
        receipts = [each.receipt for each in found]
        purposes = {each for receipt in receipts for each in receipt.get("purposes", [])}
        merged = {name: value for each in reversed(receipts) for name, value in each.items()}
        return {**merged, "purposes": lift.cursor.get("purposes") or sorted(purposes)}

    def purposes(self, step: FulfilmentStep) -> tuple[Purpose, ...]:
        """The uses that a restriction stops: by itself, or for good what isn't stopped yet."""
        if step.action != "restrict":
            return ()
        if step.object == interim.INTERIM:
            return interim_purposes(self.request.rights)
        already = interim.in_force(self.request)
        return tuple(each for each in interim.to_stop(self.request) if each not in already)

    def task(self, step: FulfilmentStep) -> Task:
        """The step as its connector sees it."""
        looked_up = step.action not in WITHOUT_REFS
        found = self.receipt(step.connector, "discover", "prepare") if looked_up else {}
        return Task(
            action=step.action,
            subject=self.subject,
            object=step.object,
            refs=found.get("refs", {}),
            approved=self.request.plan.get(step.connector, {}),
            cursor=step.cursor,
            undo=self.undo(step),
            purposes=self.purposes(step),
            patch=self.patch if step.action == "correct" else {},
            epoch=step.epoch,
            heartbeat=lambda: ledger.heartbeat(step),
        )


def context_of(request_id: UUID) -> Context:
    return Context(PrivacyRequest.objects.get(pk=request_id))
