"""The plan of a request: what was found where, and the steps that carry it out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from privacy.connectors.registry import connectors
from privacy.grounds import ACCEPTABLE, OF_ERASURE
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Executor, Right, executors
from privacy.services.holds import held_accounts
from privacy.states import Status

State = FulfilmentStep.State


@dataclass
class Steps:
    """Collects the rows of a request, in order."""

    request: PrivacyRequest
    now: datetime
    rows: list[FulfilmentStep] = field(default_factory=list)

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


def add_discovery(request: PrivacyRequest) -> None:
    """Ask every system what it holds; the answers make the plan."""
    steps = Steps(request, timezone.now())
    for name in connectors():
        steps.add(f"{name}:discover", item=str(request.round))
    steps.save()


def current_plan(request: PrivacyRequest) -> dict[str, dict[str, Any]]:
    """Per system what the latest look found: a Discovery as JSON.

    A hold, and another erasure of the same person, are added as blockers.

    What the approver has let pass stands in `accepted`.
    """
    rows = request.steps.filter(action="discover", object=str(request.round), state=State.DONE)
    plan = {step.connector: dict(step.receipt) for step in rows}
    erasing = Executor.ERASE in executors(request.rights)
    for name, part in plan.items():
        codes = [code for code in part["blockers"] if erasing or code not in OF_ERASURE]
        part["blockers"] = codes
        part["accepted"] = [
            code for code in request.plan.get(name, {}).get("accepted", []) if code in codes
        ]
    if erasing and "database" in plan and held_accounts(request.refs):
        plan["database"]["blockers"].append("legal_hold")
    if erasing and "database" in plan and is_erased_elsewhere(request):
        plan["database"]["blockers"].append("other_erasure")
    return plan


def is_complete(plan: dict[str, Any]) -> bool:
    """Whether every system has answered."""
    return plan.keys() >= connectors().keys()


def is_erased_elsewhere(request: PrivacyRequest) -> bool:
    """Whether another approved erasure is about the same records.

    Its freeze would be taken for what was there before, and given back by ours.
    """
    ours = {item for found in request.refs.values() for item in found}
    others = PrivacyRequest.objects.filter(
        status__in=[Status.APPROVED, Status.FULFILLING], rights__contains=[Right.ERASURE]
    ).exclude(pk=request.pk)
    return any(
        ours & {item for found in refs.values() for item in found}
        for refs in others.values_list("refs", flat=True)
    )


def accept(plan: dict[str, dict[str, Any]], codes: Iterable[str]) -> None:
    """Let these blockers pass, as far as anybody may."""
    passing = set(codes) & ACCEPTABLE
    for part in plan.values():
        part["accepted"] = sorted(passing & set(part["blockers"]))


def accepted(plan: dict[str, dict[str, Any]]) -> set[str]:
    return {code for part in plan.values() for code in part.get("accepted", [])}


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


def add_fulfilment(request: PrivacyRequest, *, grace_ends: datetime) -> None:
    """All steps from approval to closing. The plan on the request is frozen already."""
    kinds = executors(request.rights)
    steps = Steps(request, timezone.now())
    erasing = Executor.ERASE in kinds
    if erasing:
        add_freeze(steps)
    begin = steps.add("request:begin", not_before=grace_ends if erasing else None)
    ends = [begin]
    if Executor.PACKAGE in kinds:
        ends.append(add_package(steps, begin))
    if erasing:
        ends.append(add_erasure(steps, list(ends)))
    by_hand = [right for right in request.rights if executors([right]) == {Executor.BY_HAND}]
    ends += [steps.add(f"manual:{Right(right)}", [begin]) for right in by_hand]
    if by_hand:
        ends.append(steps.add("mail:done", list(ends)))
    steps.add("request:close", ends)
    steps.save()


def add_freeze(steps: Steps) -> None:
    """At once, whatever the grace: nothing is added while we wait, and the person is told."""
    for name in connectors():
        steps.add(f"{name}:freeze")
    steps.add("mail:erasure_approved")
    steps.add("mail:erasure_notice")


def add_package(steps: Steps, begin: str) -> str:
    exports = [steps.add(f"{name}:export", [begin]) for name in connectors()]
    assembled = steps.add("package:assemble", exports)
    return steps.add("mail:package_ready", [assembled])


def add_erasure(steps: Steps, after: list[str]) -> str:
    """Each connector's actions in order, after those it waits for; then every last look."""
    waits = [key for key in after if not key.startswith("mail:")]
    waits += ["package:assemble"] if "mail:package_ready" in after else []
    last: dict[str, list[str]] = {}
    for name, connector in connectors().items():
        before = [key for other in connector.erase_after for key in last.get(other, [])]
        chain = [*waits, f"{name}:freeze", *before]
        done: list[str] = []
        for action in connector.erasure:
            key = f"{name}:{action.name}"
            if not action.spawned:
                steps.add(key, [*chain, *done])
            done.append(key)
        last[name] = done
    every = [key for keys in last.values() for key in keys]
    looks = [steps.add(f"{name}:verify", every) for name in connectors()]
    return steps.add("mail:erased", looks)
