"""What the steps of one request share while they are worked on."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection

from privacy.connectors.base import Subject, Task
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import stopped_purposes
from privacy.services.fulfilment import ledger

# By hand: this is asked at nearly every step, and the ORM takes longer than the database.
RECEIPT = """
SELECT receipt::text FROM privacy_fulfilmentstep
WHERE request_id = %s AND connector = %s AND action = ANY(%s) AND state = 'done'
ORDER BY finished_at DESC LIMIT 1
"""
WITHOUT_REFS = frozenset({"discover", "freeze", "lift"})
# Per action that undoes, the action that it undoes.
UNDONE = {"lift": "freeze", "lift_restriction": "restrict"}


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
        undone = UNDONE.get(step.action)
        return self.receipt(step.connector, undone) if undone else {}

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
            purposes=stopped_purposes(self.request.rights) if step.action == "restrict" else (),
            patch=self.patch if step.action == "correct" else {},
            epoch=step.epoch,
            heartbeat=lambda: ledger.heartbeat(step),
        )


def context_of(request_id: UUID) -> Context:
    return Context(PrivacyRequest.objects.get(pk=request_id))
