"""What the steps of one request share while they are worked on."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from privacy.connectors.base import Subject, Task
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.services.fulfilment import ledger


@dataclass
class Context:
    """A request with its opened contact address. Lives for a moment, in memory only."""

    request: PrivacyRequest

    @cached_property
    def subject(self) -> Subject:
        return Subject(self.request.pk, self.request.read("email"), self.request.refs)

    def receipt(self, connector: str, *actions: str) -> dict[str, Any]:
        """The receipt of the latest finished step among these actions of a connector."""
        rows = FulfilmentStep.objects.filter(
            request=self.request, connector=connector, action__in=actions, state="done"
        )
        latest = rows.order_by("-finished_at").values_list("receipt", flat=True).first()
        return latest or {}

    def task(self, step: FulfilmentStep) -> Task:
        """The step as its connector sees it."""
        erasing = step.action not in ("discover", "freeze", "lift")
        found = self.receipt(step.connector, "discover", "prepare") if erasing else {}
        return Task(
            action=step.action,
            subject=self.subject,
            object=step.object,
            refs=found.get("refs", {}),
            approved=self.request.plan.get(step.connector, {}),
            cursor=step.cursor,
            undo=self.receipt(step.connector, "freeze") if step.action == "lift" else {},
            epoch=step.epoch,
            heartbeat=lambda: ledger.heartbeat(step),
        )


def context_of(request_id: UUID) -> Context:
    return Context(PrivacyRequest.objects.get(pk=request_id))
