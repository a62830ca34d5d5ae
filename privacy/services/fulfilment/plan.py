"""The plan of a request: what was found where, and what stands in the way."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from fluxrouter.foundation.models import TrailEvent
from privacy.grounds import ACCEPTABLE, OF_ERASURE, OF_ONE
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Executor, Right, executors, without_proof
from privacy.selectors import people
from privacy.selectors.interim import BEGUN, INTERIM
from privacy.selectors.refusals import granted_rights, grants
from privacy.selectors.same_person import same_person
from privacy.services.fulfilment.steps import asked
from privacy.services.holds import hold_code
from privacy.states import Status

State = FulfilmentStep.State
STOP_OR_GIVE_BACK = ("freeze", "restrict", "lift", "lift_restriction")


Plan = dict[str, dict[str, Any]]


def current_plan(request: PrivacyRequest) -> Plan:
    """Per system what the latest look found: a Discovery as JSON.

    A hold, and another request that stops or gives back the same, are added as blockers.

    What the approver has let pass stands in `accepted`, which optional actions they want in
    `chosen`.
    """
    rows = request.steps.filter(action="discover", object=str(request.round), state=State.DONE)
    plan = {step.connector: dict(step.receipt) for step in rows}
    kinds = executors(granted_rights(request))
    erasing = Executor.ERASE in kinds
    passing = set() if erasing else OF_ERASURE
    if without_proof(request.rights):
        passing = passing | OF_ONE
    for name, part in plan.items():
        codes = [code for code in part["blockers"] if code not in passing]
        was = request.plan.get(name, {})
        part["blockers"] = codes
        part["accepted"] = [code for code in was.get("accepted", []) if code in codes]
        part["chosen"] = [each for each in was.get("chosen", []) if each in part.get("offers", {})]
    if "database" in plan and people.lacks_guardianship(request):
        plan["database"]["blockers"].append("no_authority")
    if erasing and "database" in plan and (code := hold_code(request)):
        plan["database"]["blockers"].append(code)
    stopping = erasing or Executor.RESTRICT in kinds
    if stopping and "database" in plan and is_changed_elsewhere(request):
        plan["database"]["blockers"].append("other_erasure")
    return plan


def is_complete(plan: dict[str, Any], request: PrivacyRequest) -> bool:
    """Whether every system that was asked has answered, for somebody who may ask."""
    if people.is_report(request) or people.lacks_guardianship(request):
        return False
    return plan.keys() >= set(asked(request))


def is_changed_elsewhere(request: PrivacyRequest, *, interim: bool = False) -> bool:
    """Whether another request is erasing the same records, or stops or gives back their use now.

    What it stopped would be taken for what was there before, and stopped again by our lift; its
    own lift would give back what we stopped.

    `interim`: asked for what we stop by ourselves. Of two such, the one that began first goes
    first, and doesn't wait for the other.
    """
    erasing = Q(status__in=[Status.APPROVED, Status.FULFILLING]) & grants(Right.ERASURE)
    # A lifting that is only announced looks for newer requests before it begins.
    announced = Q(connector="request") | Q(action="lift_restriction", state=State.BLOCKED)
    steps = FulfilmentStep.objects.filter(request=OuterRef("pk"), action__in=STOP_OR_GIVE_BACK)
    if interim:
        steps = steps.exclude(after_us(request))
    moving = Exists(steps.exclude(announced).exclude(state__in=[State.DONE, State.CANCELLED]))
    return any(same_person(request, PrivacyRequest.objects.filter(erasing | Q(moving))))


def after_us(request: PrivacyRequest) -> Q:
    """What requests that began later stop by themselves. By the event, which is written under the
    lock that all of them take: its order is the order in which others see them.
    """
    begun = TrailEvent.objects.filter(code=BEGUN)
    at = begun.get(chain_id=request.pk).at
    later = begun.filter(Q(at__gt=at) | Q(at=at, chain_id__gt=request.pk))
    others = Exists(later.filter(chain_id=OuterRef("request_id")))
    return Q(others) & Q(action="restrict", object=INTERIM)


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
