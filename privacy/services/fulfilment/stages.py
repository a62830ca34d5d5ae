"""All steps of a request from its approval to its end."""

import json
from collections.abc import Collection
from datetime import datetime

from django.utils import timezone

from privacy.connectors.registry import connectors
from privacy.correctable import OTHER
from privacy.models import PrivacyRequest
from privacy.rights import Executor, Right, executors, stopped_purposes
from privacy.services.fulfilment.erasure import add_deferred_end, add_erasure
from privacy.services.fulfilment.steps import Steps


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
