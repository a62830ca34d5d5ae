"""Collecting the rows of a request before they are written down."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from privacy.connectors.registry import connectors
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import stopped_purposes, without_proof

State = FulfilmentStep.State


@dataclass
class Steps:
    """Collects the rows of a request, in order."""

    request: PrivacyRequest
    now: datetime
    rows: list[FulfilmentStep] = field(default_factory=list)
    deferred: list[str] = field(default_factory=list)  # keys that the answer doesn't wait for

    def add(
        self,
        key: str,
        requires: Iterable[str] = (),
        *,
        item: str = "",
        not_before: datetime | None = None,
    ) -> str:
        connector, action = key.split(":")
        needs = sorted(set(requires))
        self.rows.append(
            FulfilmentStep(
                request=self.request,
                connector=connector,
                action=action,
                object=item,
                position=len(self.rows) + 1,
                requires=needs,
                state=State.BLOCKED if needs else State.READY,
                not_before=not_before or self.now,
            )
        )
        return key

    def save(self) -> None:
        # A row that an earlier, interrupted attempt made is left as it is.
        FulfilmentStep.objects.bulk_create(self.rows, ignore_conflicts=True)


def asked(request: PrivacyRequest) -> list[str]:
    """The systems that are asked what they hold: all of them, or, where nobody proved who they
    are, those alone that stop what is to be stopped.
    """
    if not without_proof(request.rights):
        return list(connectors())
    purposes = set(stopped_purposes(request.rights))
    return [name for name, each in connectors().items() if each.restricts & purposes]


def add_discovery(request: PrivacyRequest) -> None:
    """Ask the systems what they hold; the answers make the plan."""
    steps = Steps(request, timezone.now())
    for name in asked(request):
        steps.add(f"{name}:discover", item=str(request.round))
    steps.save()


def add_standing_approval(request: PrivacyRequest) -> None:
    """Let a rule approve it once they have answered (`services.standing.approve`)."""
    steps = Steps(request, timezone.now())
    steps.add("request:approve", [f"{name}:discover" for name in asked(request)])
    steps.save()
