"""Ending a restriction below a newer one of the same person, at a system that keeps one state.

The newer one wrote down what stood there before it: our doing. It gets what stood there before
us instead, so that its own end restores that, and ours changes nothing now.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction

from privacy.connectors.errors import RetryError
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.selectors.same_person import same_person

State = FulfilmentStep.State
ASK_AGAIN = timedelta(minutes=1)


def hand_over(step: FulfilmentStep, undo: dict[str, Any], request: PrivacyRequest) -> bool:
    """Whether a newer restriction took over what this lift would restore.

    RetryError while the newer one is itself about to end: then it ends first.
    """
    before = undo.get("before") or {}
    newer = newer_at(step.connector, request) if before else None
    if newer is None:
        return False
    with transaction.atomic():
        other = newer.request.lock()
        if is_ending(other):
            raise RetryError("newer_request", after=ASK_AGAIN)
        row = FulfilmentStep.objects.select_for_update().get(pk=newer.pk)
        receipt = {**row.receipt, "before": {**row.receipt["before"], **before}}
        FulfilmentStep.objects.filter(pk=row.pk).update(receipt=receipt)
    return True


def newer_at(connector: str, request: PrivacyRequest) -> FulfilmentStep | None:
    """The next restriction of the same person at a system, in the order in which they came."""
    mine = in_force_at(connector).filter(request=request).order_by("finished_at").first()
    if mine is None:
        return None
    later = in_force_at(connector).filter(finished_at__gt=mine.finished_at)
    candidates = later.exclude(request=request).order_by("finished_at")
    requests = PrivacyRequest.objects.filter(pk__in=candidates.values("request_id"))
    known = {other.pk for other in same_person(request, requests)}
    return next((each for each in candidates if each.request_id in known), None)


def in_force_at(connector: str) -> Any:
    """Restrictions that changed something at a system and weren't lifted there since."""
    restricts = FulfilmentStep.objects.filter(
        connector=connector, action="restrict", state=State.DONE, receipt__has_key="before"
    )
    lifted = FulfilmentStep.objects.filter(
        connector=connector, action="lift_restriction", state=State.DONE
    )
    return restricts.exclude(request_id__in=lifted.values("request_id"))


def is_ending(request: PrivacyRequest) -> bool:
    lifts = request.steps.filter(action="lift_restriction")
    return lifts.exclude(state__in=[State.BLOCKED, State.DONE, State.CANCELLED]).exists()
