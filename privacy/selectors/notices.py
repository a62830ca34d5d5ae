"""Who has to be told of a correction, an erasure or a restriction, and how far that is.

Read off the ledger: a call that was confirmed has told a processor, and a task that was closed
with evidence has. So what is said here is as exact as the ledger, whoever died meanwhile.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from privacy.models import DownstreamNotice, FulfilmentStep, ManualTask, PrivacyRequest
from privacy.processors import CALLS, PROCESSORS, Processor
from privacy.rights import Executor, Right, executors
from privacy.selectors.progress import about_of, newest_note
from privacy.selectors.refusals import granted_rights
from privacy.selectors.tasks import WHOLE
from privacy.states import Status

State = FulfilmentStep.State
Kind = DownstreamNotice.Kind
Way = DownstreamNotice.Way
BEGUN = (Status.FULFILLING, Status.COMPLETED, Status.PARTLY)
# Per executor of a right the change that others have to hear of (GDPR Art. 19).
CHANGES: dict[Executor, Kind] = {
    Executor.CORRECT: Kind.CORRECTION,
    Executor.ERASE: Kind.ERASURE,
    Executor.RESTRICT: Kind.RESTRICTION,
}
# The steps by which a system hears of a change; of an erasure it is all that aren't these.
TELLING: dict[str, str] = {Kind.CORRECTION: "correct", Kind.RESTRICTION: "restrict"}
LAST_LOOK = "verify"
NO_ERASURE = frozenset(
    {"discover", "export", "freeze", "lift", "lift_restriction", "prepare", *TELLING.values()}
)

NOT_HELD = {
    Kind.CORRECTION: "It has none of what was corrected.",
    Kind.RESTRICTION: "It takes part in none of the uses that were stopped.",
    Kind.ERASURE: "Nothing about the person was sent there.",
}
BY_ITSELF = "It drops what went through it by its own terms; nobody can make it sooner. {what}."
DECLINED = "Our staff could not have it done there."


class Notice(NamedTuple):
    """One processor and one change. `excuse` says why it isn't told, in words for people."""

    recipient: Processor
    kind: Kind
    way: Way
    told_at: datetime | None = None
    acknowledged_at: datetime | None = None
    excuse: str = ""

    @property
    def state(self) -> str:
        """nothing, excused, acknowledged, told or open."""
        if self.way is Way.NOTHING:
            return "nothing"
        if self.excuse:
            return "excused"
        if self.acknowledged_at:
            return "acknowledged"
        return "told" if self.told_at else "open"


def kinds(request: PrivacyRequest, steps: Iterable[FulfilmentStep]) -> list[Kind]:
    """The changes that this request makes, once its work has begun.

    A use may be stopped before that, and without being asked for (GDPR Art. 18(1)(a), (d)).
    """
    begun = request.status in BEGUN
    wanted = executors(granted_rights(request)) if begun else set()
    stopped = any(step.action == TELLING[Kind.RESTRICTION] for step in steps)
    found = {kind for executor, kind in CHANGES.items() if executor in wanted}
    return [kind for kind in Kind if kind in found or (stopped and kind is Kind.RESTRICTION)]


def notices(request: PrivacyRequest) -> list[Notice]:
    """One for each processor and change, in the table's order."""
    steps = list(request.steps.exclude(state=State.CANCELLED))
    tasks = {task.step_id: task for task in tasks_of(request)}
    return [
        notice(request, row, kind, ours(row, kind, steps), tasks)
        for kind in kinds(request, steps)
        for row in PROCESSORS
    ]


def tasks_of(request: PrivacyRequest) -> QuerySet[ManualTask]:
    return ManualTask.objects.filter(step__request=request)


def ours(row: Processor, kind: Kind, steps: Iterable[FulfilmentStep]) -> list[FulfilmentStep]:
    """The steps that carry a change out at a processor, by its interface or by hand."""
    return [step for step in steps if calls(row, kind, step) or by_hand(row, kind, step)]


def calls(row: Processor, kind: Kind, step: FulfilmentStep) -> bool:
    if step.connector not in row.connectors:
        return False
    if kind is Kind.ERASURE:
        return step.action not in NO_ERASURE
    return step.action == TELLING[kind]


def by_hand(row: Processor, kind: Kind, step: FulfilmentStep) -> bool:
    """A task at the processor. One about all that it holds belongs to an erasure."""
    if step.connector != "manual" or step.action in Right.values:
        return False
    fits = kind is Kind.ERASURE or (kind is Kind.CORRECTION and step.object != WHOLE)
    return fits and step.action in (row.key, *row.connectors)


def notice(
    request: PrivacyRequest,
    row: Processor,
    kind: Kind,
    steps: list[FulfilmentStep],
    tasks: dict[UUID, ManualTask],
) -> Notice:
    if not steps:
        return Notice(row, kind, Way.NOTHING, excuse=nothing_there(request, row, kind))
    handed_over = [step for step in steps if step.connector == "manual"]
    told = [at for step in steps if (at := told_at(step, tasks.get(step.pk)))]
    ended = [step.finished_at for step in steps if is_confirmed(step)]
    times = [at for at in ended if at]
    return Notice(
        row,
        kind,
        Way.TASK if handed_over else Way.CALL,
        told_at=min(told, default=None),
        acknowledged_at=max(times) if len(times) == len(steps) else None,
        excuse=next((why(request, step) for step in handed_over if is_declined(step)), ""),
    )


def told_at(step: FulfilmentStep, task: ManualTask | None) -> datetime | None:
    """When the processor heard of it. A last look asks, and tells nothing."""
    if task and task.letter_at:
        return task.letter_at
    return step.finished_at if step.action != LAST_LOOK and is_confirmed(step) else None


def is_confirmed(step: FulfilmentStep) -> bool:
    return step.state == State.DONE and not is_declined(step)


def is_declined(step: FulfilmentStep) -> bool:
    return bool(step.receipt.get("declined"))


def why(request: PrivacyRequest, step: FulfilmentStep) -> str:
    return newest_note(request, about=about_of(step)) or DECLINED


def nothing_there(request: PrivacyRequest, row: Processor, kind: Kind) -> str:
    """Why there is nothing to tell a processor."""
    if kind is Kind.ERASURE and row.expiry and any(has_calls(request)):
        return BY_ITSELF.format(what=row.limits[0].until.capitalize())
    if not row.connectors and not row.task:
        return row.limits[0].why
    return NOT_HELD[kind]


def has_calls(request: PrivacyRequest) -> Iterable[bool]:
    """Whether requests of the person went through the model providers."""
    for kind in CALLS:
        system, _, name = kind.partition(".")
        yield name in request.plan.get(system, {}).get("found", {})
