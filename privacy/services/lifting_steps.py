"""The steps that give restricted uses back: the letter, the gate, and a lift for each system."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils import timezone

from accounts.purposes import Purpose
from privacy.connectors.registry import connectors
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.services.fulfilment.steps import Steps

State = FulfilmentStep.State
LETTER, GATE, LIFT = "mail:lifting", "request:lift", "lift_restriction"


def add(
    request: PrivacyRequest,
    purposes: Collection[Purpose],
    *,
    begins: datetime,
    told: bool = True,
    by_itself: bool = False,
    after: Iterable[str] = (),
) -> None:
    """Numbered, because a lifting that was called off may be announced again.

    Args:
        request: Whose restriction ends; its row is locked.
        purposes: The uses to give back.
        begins: Not before that.
        told: Whether the person hears of it first (GDPR Art. 18(3)); who took the request back
            knows.
        by_itself: Nobody of staff decided it: it waits for what is in the way.
        after: Steps to wait for.
    """
    steps = Steps(request, timezone.now())
    number = str(1 + request.steps.filter(connector="request", action="lift").count())
    waits = [*after, *([steps.add(LETTER, item=number)] if told else [])]
    steps.add(GATE, waits, item=number, not_before=begins)
    for name in restricted_at(request, purposes):
        steps.add(f"{name}:{LIFT}", [GATE], item=number, not_before=begins)
    last = request.steps.order_by("-position").values_list("position", flat=True).first() or 0
    for row in steps.rows:
        row.position += last
        if row.connector != "mail":
            row.cursor = {"purposes": sorted(purposes), "by_itself": by_itself}
    steps.save()


def restricted_at(request: PrivacyRequest, purposes: Collection[Purpose]) -> list[str]:
    """The systems that this request stops one of these uses at, or is just about to."""
    restricts = request.steps.filter(action="restrict").exclude(state=State.CANCELLED)
    names = set(restricts.values_list("connector", flat=True))
    return [
        name
        for name, connector in connectors().items()
        if name in names and connector.restricts & set(purposes)
    ]
