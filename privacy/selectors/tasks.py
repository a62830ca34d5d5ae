"""What people do by hand at processors: what is open, what is late, what became of it."""

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from privacy.models import Evidence, FulfilmentStep, ManualTask, PrivacyRequest
from privacy.processors import Processor, processor_of
from privacy.rights import Right
from privacy.selectors.progress import about_of, newest_note
from privacy.selectors.systems import uncovered_processors
from privacy.words import kind_name

State = FulfilmentStep.State
WHOLE = "erasure"  # the object of a task that is about everything that a processor holds


class TaskOutcome(NamedTuple):
    """A task as the person sees it. `what` is "" when it is about everything there; `state` is
    open, done or declined.
    """

    title: str
    what: str
    state: str
    at: datetime | None
    files: int
    reason: str


def open_tasks() -> QuerySet[ManualTask]:
    """The soonest due first."""
    found = ManualTask.objects.exclude(step__state__in=[State.DONE, State.CANCELLED])
    return found.select_related("step__request").order_by("due_on", "pk")


def overdue_tasks(today: date | None = None) -> QuerySet[ManualTask]:
    return open_tasks().filter(due_on__lt=today or timezone.now().date())


def is_open(task: ManualTask) -> bool:
    return task.step.state == State.PARKED


def lacks_evidence(step: FulfilmentStep) -> bool:
    """Whether this is for staff to do at a processor, and no file shows it to be done."""
    is_task = step.connector == "manual" and step.action not in Right.values
    return is_task and not Evidence.objects.filter(task__step=step).exists()


def processor_title(task: ManualTask) -> str:
    return processor_of(task.processor).title


def what_is_left(step: FulfilmentStep) -> str:
    """The kind that a task is about, in words; "" when it is about everything there."""
    return "" if step.object in ("", WHOLE) else kind_name(step.object)


def what_to_do(task: ManualTask) -> str:
    """In words, for staff."""
    row = processor_of(task.processor)
    if left := what_is_left(task.step):
        return f"No call does it at {row.title}, so have it done there: {left}."
    return row.task


def outcomes(request: PrivacyRequest) -> list[TaskOutcome]:
    """What became of each task of a request."""
    found = ManualTask.objects.filter(step__request=request).exclude(step__state=State.CANCELLED)
    rows = found.select_related("step").order_by("step__position", "processor", "pk")
    return [outcome(request, task) for task in rows]


def outcome(request: PrivacyRequest, task: ManualTask) -> TaskOutcome:
    step = task.step
    refused = bool(step.receipt.get("declined"))
    closed = "declined" if refused else "done"
    return TaskOutcome(
        title=processor_title(task),
        what=what_is_left(step),
        state=closed if step.state == State.DONE else "open",
        at=step.finished_at,
        files=task.evidence.count(),
        reason=newest_note(request, about=about_of(step)) if refused else "",
    )


def unsearched_processors(request: PrivacyRequest) -> list[Processor]:
    """Those of whom neither a connector nor a task of this request says anything."""
    tasks = ManualTask.objects.filter(step__request=request)
    keys = set(tasks.values_list("processor", flat=True))
    return [each for each in uncovered_processors() if each.key not in keys]
