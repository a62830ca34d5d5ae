"""What was found right before an erasure beyond what was approved."""

from privacy.connectors.registry import connectors
from privacy.models import FulfilmentStep, PrivacyRequest

State = FulfilmentStep.State


def drift(request: PrivacyRequest) -> dict[str, dict[str, int]]:
    """Per system how many more of each kind. More of a kind that was approved is taken in; a new
    kind stopped its step, and is in the plan once somebody accepted it.
    """
    looks = request.steps.filter(action="prepare", state=State.DONE, connector__in=connectors())
    return {step.connector: more(step, request) for step in looks}


def more(step: FulfilmentStep, request: PrivacyRequest) -> dict[str, int]:
    """But for the traces that our own freeze leaves: nobody needs to look at those."""
    approved = request.plan.get(step.connector, {}).get("found", {})
    traces = connectors()[step.connector].own_traces
    found = step.receipt.get("found", {})
    return {
        kind: number - approved.get(kind, 0)
        for kind, number in found.items()
        if kind not in traces and number > approved.get(kind, 0)
    }
