"""All steps of a request from its approval to its end."""

import json
from collections.abc import Collection
from datetime import datetime

from django.utils import timezone

from privacy.connectors.registry import connectors
from privacy.correctable import OTHER
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.portability import FILES, SOURCES
from privacy.rights import Executor, Right, executors, without_proof
from privacy.selectors import interim
from privacy.selectors.refusals import granted_rights
from privacy.services.fulfilment.erasure import add_deferred_end, add_erasure
from privacy.services.fulfilment.steps import Steps

PACKAGED = {Executor.PACKAGE, Executor.INFORM, Executor.PORT}


def add_fulfilment(request: PrivacyRequest, *, grace_ends: datetime) -> None:
    """All steps from approval to closing. The plan on the request is frozen already."""
    rights = granted_rights(request)
    kinds = executors(rights)
    steps = Steps(request, timezone.now())
    erasing = Executor.ERASE in kinds
    if erasing:
        add_freeze(steps)
    begin = steps.add("request:begin", not_before=grace_ends if erasing else None)
    ends = [begin]
    if kinds & PACKAGED:
        ends.append(add_package(steps, begin, kinds))
    if Executor.CORRECT in kinds:
        ends += add_correction(steps, begin, json.loads(request.read("corrections") or "{}"))
    if Executor.RESTRICT in kinds:
        ends += add_stops(steps, begin, rights)
    if erasing:
        ends += add_erasure(steps, list(ends))
    by_hand = [right for right in rights if executors([right]) == {Executor.BY_HAND}]
    ends += [steps.add(f"manual:{Right(right)}", [begin]) for right in by_hand]
    if by_hand:
        ends.append(steps.add("mail:done", list(ends)))
    close = steps.add("request:close", ends)
    if steps.deferred:
        add_deferred_end(steps, close)
    steps.save()


def add_freeze(steps: Steps) -> None:
    """At once, whatever the grace: nothing is added while we wait, and the person is told.

    What the request stopped by itself comes first, as it is given back last.
    """
    begun = interim.steps_of(steps.request).exclude(state=FulfilmentStep.State.DONE)
    stopping = {step.connector: step.key for step in begun}
    for name, connector in connectors().items():
        if connector.freezes:
            steps.add(f"{name}:freeze", [stopping[name]] if name in stopping else [])
    steps.add("mail:erasure_approved")
    steps.add("mail:erasure_notice")


def add_package(steps: Steps, begin: str, kinds: Collection[Executor]) -> str:
    """A copy wants every system, a pack to take elsewhere those with what the person gave us; to
    be told what is held, the look-up is enough.
    """
    names = connectors() if Executor.PACKAGE in kinds else [*filter(is_portable, connectors())]
    wanted = names if set(kinds) & {Executor.PACKAGE, Executor.PORT} else []
    exports = [steps.add(f"{name}:export", [begin]) for name in wanted]
    assembled = steps.add("package:assemble", exports or [begin])
    return steps.add("mail:package_ready", [assembled])


def is_portable(system: str) -> bool:
    return any(source.startswith(f"{system}.") for source in (*SOURCES, FILES))


def add_correction(steps: Steps, begin: str, fields: Collection[str]) -> list[str]:
    """Each system that has a field of the correction, and staff for what no system has."""
    names = [name for name, each in connectors().items() if each.corrects & set(fields)]
    keys = [steps.add(f"{name}:correct", [begin]) for name in names]
    if OTHER in fields:
        keys.append(steps.add(f"manual:{Right.RECTIFICATION}", [begin]))
    # A system may hand something over, so its key is waited for in any case.
    handed_over = [f"manual:{name}" for name in names]
    return [*keys, steps.add("mail:corrected", [*(keys or [begin]), *handed_over])]


def add_stops(steps: Steps, begin: str, rights: list[str]) -> list[str]:
    keys = add_restriction(steps, begin, interim.to_stop(steps.request))
    if without_proof(rights):  # what was done at once was told at once
        return keys
    return [*keys, steps.add("mail:restricted", keys or [begin])]


def add_restriction(steps: Steps, begin: str, purposes: Collection[str]) -> list[str]:
    """Each system that serves a use that the person wants stopped, but for what stopped by itself
    already. Returns the keys of all that stops one.
    """
    already = set(interim.in_force(steps.request))
    keys = [
        steps.add(f"{name}:restrict", [begin])
        for name, connector in connectors().items()
        if connector.restricts & (set(purposes) - already)
    ]
    names = interim.steps_of(steps.request).values_list("connector", flat=True)
    serving = [each for each in names if connectors()[each].restricts & set(purposes) & already]
    return list(dict.fromkeys([*keys, *(f"{name}:restrict" for name in serving)]))
