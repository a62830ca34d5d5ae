"""The plan of a request: what was found where, and the steps that carry it out."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from privacy.connectors.base import Connector
from privacy.connectors.registry import connectors
from privacy.correctable import OTHER
from privacy.grounds import ACCEPTABLE, OF_ERASURE
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.processors import CALLS, PROCESSORS, is_served
from privacy.rights import Executor, Right, executors, stopped_purposes
from privacy.selectors.same_person import same_person
from privacy.selectors.tasks import WHOLE
from privacy.services.holds import held_accounts
from privacy.services.manual import objects_at
from privacy.states import Status

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


def add_discovery(request: PrivacyRequest) -> None:
    """Ask every system what it holds; the answers make the plan."""
    steps = Steps(request, timezone.now())
    for name in connectors():
        steps.add(f"{name}:discover", item=str(request.round))
    steps.save()


def current_plan(request: PrivacyRequest) -> dict[str, dict[str, Any]]:
    """Per system what the latest look found: a Discovery as JSON.

    A hold, and another erasure of the same person, are added as blockers.

    What the approver has let pass stands in `accepted`, which optional actions they want in
    `chosen`.
    """
    rows = request.steps.filter(action="discover", object=str(request.round), state=State.DONE)
    plan = {step.connector: dict(step.receipt) for step in rows}
    erasing = Executor.ERASE in executors(request.rights)
    for name, part in plan.items():
        codes = [code for code in part["blockers"] if erasing or code not in OF_ERASURE]
        was = request.plan.get(name, {})
        part["blockers"] = codes
        part["accepted"] = [code for code in was.get("accepted", []) if code in codes]
        part["chosen"] = [each for each in was.get("chosen", []) if each in part.get("offers", {})]
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
    others = PrivacyRequest.objects.filter(
        status__in=[Status.APPROVED, Status.FULFILLING], rights__contains=[Right.ERASURE]
    )
    return any(same_person(request, others))


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
    if Executor.CORRECT in kinds:
        ends += add_correction(steps, begin, json.loads(request.read("corrections") or "{}"))
    if Executor.RESTRICT in kinds:
        ends += add_restriction(steps, begin, stopped_purposes(request.rights))
    if erasing:
        ends += add_erasure(steps, list(ends))
    by_hand = [right for right in request.rights if executors([right]) == {Executor.BY_HAND}]
    ends += [steps.add(f"manual:{Right(right)}", [begin]) for right in by_hand]
    if by_hand:
        ends.append(steps.add("mail:done", list(ends)))
    close = steps.add("request:close", ends)
    if steps.deferred:
        add_deferred_end(steps, close)
    steps.save()


def add_freeze(steps: Steps) -> None:
    """At once, whatever the grace: nothing is added while we wait, and the person is told."""
    for name, connector in connectors().items():
        if connector.freezes:
            steps.add(f"{name}:freeze")
    steps.add("mail:erasure_approved")
    steps.add("mail:erasure_notice")


def add_package(steps: Steps, begin: str) -> str:
    exports = [steps.add(f"{name}:export", [begin]) for name in connectors()]
    assembled = steps.add("package:assemble", exports)
    return steps.add("mail:package_ready", [assembled])


def add_correction(steps: Steps, begin: str, fields: Collection[str]) -> list[str]:
    """Each system that has a field of the correction, and staff for what no system has."""
    names = [name for name, each in connectors().items() if each.corrects & set(fields)]
    keys = [steps.add(f"{name}:correct", [begin]) for name in names]
    if OTHER in fields:
        keys.append(steps.add(f"manual:{Right.RECTIFICATION}", [begin]))
    # A system may hand something over, so its key is waited for in any case.
    handed_over = [f"manual:{name}" for name in names]
    return [*keys, steps.add("mail:corrected", [*(keys or [begin]), *handed_over])]


def add_restriction(steps: Steps, begin: str, purposes: Collection[str]) -> list[str]:
    """Each system that serves a use that the person wants stopped."""
    keys = [
        steps.add(f"{name}:restrict", [begin])
        for name, connector in connectors().items()
        if connector.restricts & set(purposes)
    ]
    return [*keys, steps.add("mail:restricted", keys)]


def add_erasure(steps: Steps, after: list[str]) -> list[str]:
    """Each connector's actions in order, after those it waits for; then every last look, what
    only people can do, and the letter. Returns the keys that closing waits for.
    """
    waits = [key for key in after if not key.startswith("mail:")]
    waits += ["package:assemble"] if "mail:package_ready" in after else []
    last: dict[str, list[str]] = {}
    late: dict[str, list[str]] = {}
    for name, connector in connectors().items():
        before = [key for other in connector.erase_after for key in last.get(other, [])]
        chain = [*waits, f"{name}:freeze", *before]
        last[name], late[name] = add_actions(steps, connector, chain)
    every = [key for keys in last.values() for key in keys]
    looks = [steps.add(f"{name}:verify", every) for name in connectors() if not late[name]]
    for name, keys in late.items():
        if keys:
            steps.deferred += [*keys, steps.add(f"{name}:verify", [*every, *keys])]
    by_hand = add_tasks(steps, waits)
    return [*looks, *by_hand, steps.add("mail:erased", [*looks, *by_hand])]


def add_actions(
    steps: Steps, connector: Connector, chain: list[str]
) -> tuple[list[str], list[str]]:
    """One system's actions in order: the keys of those at once, and of those that may wait."""
    done: list[str] = []
    late: list[str] = []
    chosen = steps.request.plan.get(connector.name, {}).get("chosen", [])
    for action in connector.erasure:
        if action.optional and action.name not in chosen:
            continue
        key = f"{connector.name}:{action.name}"
        if not action.spawned:
            steps.add(key, [*chain, *done, *late])
        (late if late or action.deferred else done).append(key)
    return done, late


def add_tasks(steps: Steps, waits: list[str]) -> list[str]:
    """What only people can do, and the processors' own times. Returns the keys to wait for.

    A connector in use may hand something over later, so its key is waited for in any case. What
    we file ourselves has no such part: a restored backup of ours brings back nothing elsewhere.
    """
    keys = [f"manual:{name}" for name in connectors()]
    if steps.request.channel == PrivacyRequest.Channel.SYSTEM:
        return keys
    kinds = {
        f"{name}.{kind}" for name, part in steps.request.plan.items() for kind in part["found"]
    }
    for row in PROCESSORS:
        used = not row.used_if or kinds & set(row.used_if)
        if row.task and used and not is_served(row, connectors()):
            keys.append(steps.add(f"manual:{row.key}", waits, item=WHOLE))
            steps.rows[-1].cursor = {"objects": objects_at(row.key, steps.request)}
        if row.expiry and kinds & set(CALLS):
            ends = steps.now + row.expiry.after
            steps.add(f"expiry:{row.key}", waits, not_before=ends)
    return keys


def add_deferred_end(steps: Steps, close: str) -> None:
    """What waits by law gets its own closing letter."""
    needs = [close, *steps.deferred]
    steps.add("mail:deferred_done", needs)
    steps.add("request:finish", needs)
