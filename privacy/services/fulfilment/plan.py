"""The plan of a request: what was found where, and what stands in the way."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from privacy.connectors.registry import connectors
from privacy.grounds import ACCEPTABLE, OF_ERASURE
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Executor, Right, executors
from privacy.selectors.same_person import same_person
from privacy.services.holds import is_held
from privacy.states import Status

State = FulfilmentStep.State
STOP_OR_GIVE_BACK = ("freeze", "restrict", "lift", "lift_restriction")


def current_plan(request: PrivacyRequest) -> dict[str, dict[str, Any]]:
    """Per system what the latest look found: a Discovery as JSON.

    A hold, and another request that stops or gives back the same, are added as blockers.

    What the approver has let pass stands in `accepted`, which optional actions they want in
    `chosen`.
    """
    rows = request.steps.filter(action="discover", object=str(request.round), state=State.DONE)
    plan = {step.connector: dict(step.receipt) for step in rows}
    kinds = executors(request.rights)
    erasing = Executor.ERASE in kinds
    for name, part in plan.items():
        codes = [code for code in part["blockers"] if erasing or code not in OF_ERASURE]
        was = request.plan.get(name, {})
        part["blockers"] = codes
        part["accepted"] = [code for code in was.get("accepted", []) if code in codes]
        part["chosen"] = [each for each in was.get("chosen", []) if each in part.get("offers", {})]
    if erasing and "database" in plan and is_held(request):
        plan["database"]["blockers"].append("legal_hold")
    stopping = erasing or Executor.RESTRICT in kinds
    if stopping and "database" in plan and is_changed_elsewhere(request):
        plan["database"]["blockers"].append("other_erasure")
    return plan


def is_complete(plan: dict[str, Any]) -> bool:
    """Whether every system has answered."""
    return plan.keys() >= connectors().keys()


def is_changed_elsewhere(request: PrivacyRequest) -> bool:
    """Whether another request is erasing the same records, or stops or gives back their use now.

    What it stopped would be taken for what was there before, and stopped again by our lift; its
    own lift would give back what we stopped.
    """
    erasing = Q(status__in=[Status.APPROVED, Status.FULFILLING], rights__contains=[Right.ERASURE])
    # A lifting that is only announced looks for newer requests before it begins.
    announced = Q(connector="request") | Q(action="lift_restriction", state=State.BLOCKED)
    steps = FulfilmentStep.objects.filter(request=OuterRef("pk"), action__in=STOP_OR_GIVE_BACK)
    moving = Exists(steps.exclude(announced).exclude(state__in=[State.DONE, State.CANCELLED]))
    return any(same_person(request, PrivacyRequest.objects.filter(erasing | Q(moving))))


def accept(plan: dict[str, dict[str, Any]], codes: Iterable[str]) -> None:
    """Let these blockers pass, as far as anybody may."""
    passing = set(codes) & ACCEPTABLE
    for part in plan.values():
        part["accepted"] = sorted(passing & set(part["blockers"]))


def accepted(plan: dict[str, dict[str, Any]]) -> set[str]:
    return {code for part in plan.values() for code in part.get("accepted", [])}


def choose(plan: dict[str, dict[str, Any]], keys: Iterable[str]) -> None:
    """Take these optional actions, `connector:action`, as far as they are offered."""
    wanted = set(keys)
    for name, part in plan.items():
        offers = part.get("offers", {})
        part["chosen"] = sorted(each for each in offers if f"{name}:{each}" in wanted)


def chosen(plan: dict[str, dict[str, Any]]) -> list[str]:
    """The optional actions that were chosen, `connector:action`."""
    return [f"{name}:{each}" for name in sorted(plan) for each in plan[name].get("chosen", [])]


def blockers(plan: dict[str, dict[str, Any]]) -> list[str]:
    """What still stands in the way."""
    return sorted(
        {
            code
            for part in plan.values()
            for code in part.get("blockers", [])
            if code not in part.get("accepted", [])
        }
    )
