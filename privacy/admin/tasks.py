"""What staff do by hand at processors, as the page of a request shows it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format

from accounts.models import User
from privacy.admin.queue import SOON, Due, days
from privacy.models import Evidence, FulfilmentStep, ManualTask, PrivacyRequest
from privacy.processors import processor_of
from privacy.selectors import tasks
from privacy.services.processor_letters import goes_by_mail, letter_step, preview

REVEAL = "privacy.reveal_privacyrequest"  # what a processor answers may name the person
TYPES = {
    "application/pdf": "PDF",
    "image/png": "PNG picture",
    "image/jpeg": "JPEG picture",
    "text/plain": "Text",
}
State = FulfilmentStep.State


@dataclass(frozen=True, slots=True)
class File:
    """A file of a task; `url` is empty for whoever may not read it."""

    number: int
    kind: str
    size: str
    by: str
    at: datetime
    sha256: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """A task in words."""

    task: ManualTask
    title: str
    todo: str
    objects: list[str]
    due: Due
    letter: str
    files: list[File]


def cards(request: PrivacyRequest, user: User) -> list[Card]:
    """Every task of a request, as far as it wasn't cancelled."""
    found = ManualTask.objects.filter(step__request=request)
    rows = found.exclude(step__state=State.CANCELLED).select_related("step__request")
    return [card(task, user) for task in rows.order_by("step__position", "processor", "pk")]


def card(task: ManualTask, user: User) -> Card:
    return Card(
        task=task,
        title=title(task),
        todo=tasks.what_to_do(task),
        objects=task.step.cursor.get("objects", []),
        due=due(task),
        letter=letter_words(task),
        files=files(task, user),
    )


def title(task: ManualTask) -> str:
    left = tasks.what_is_left(task.step)
    return tasks.processor_title(task) + (f": {left}" if left else "")


def due(task: ManualTask) -> Due:
    """As a request's due date is shown; a closed task says how it ended."""
    if task.step.state == State.DONE:
        closed = "Declined" if task.step.receipt.get("declined") else "Done"
        ended = task.step.finished_at or timezone.now()
        return Due("closed", "–" if closed == "Declined" else "✓", closed, ended.date())
    left = (task.due_on - timezone.now().date()).days
    return Due(*tone(left), task.due_on)


def tone(left: int) -> tuple[str, str, str]:
    if left < 0:
        return "overdue", "▲", f"Overdue by {days(-left)}"
    if left <= SOON.days:
        return "soon", "◆", f"{days(left)} left" if left else "Due today"
    return "later", "○", f"{days(left)} left"


def letter_words(task: ManualTask) -> str:
    """Where the letter to the processor stands."""
    if task.letter_at:
        how = "Sent" if goes_by_mail(processor_of(task.processor)) else "Sent through their form"
        return f"{how} on {day(task.letter_at.date())}."
    step = letter_step(task)
    if step is None:
        return "Not written."
    if step.state == State.PARKED:
        return "Could not be sent: see the steps below."
    return "Not sent." if step.state == State.DONE else "On its way."


def day(moment: date) -> str:
    return date_format(moment, "j F Y")


def files(task: ManualTask, user: User) -> list[File]:
    may_read = user.has_perm(REVEAL) and not task.step.request.key_destroyed_at
    rows = task.evidence.select_related("uploaded_by").order_by("uploaded_at", "pk")
    return [file(row, number, may_read=may_read) for number, row in enumerate(rows, start=1)]


def file(row: Evidence, number: int, *, may_read: bool) -> File:
    return File(
        number=number,
        kind=TYPES[row.media_type],
        size=filesizeformat(row.size),
        by=row.uploaded_by.get_username(),
        at=row.uploaded_at,
        sha256=row.sha256,
        url=reverse("admin:privacy_manualtask_evidence", args=[row.pk]) if may_read else "",
    )


def words_of(task: ManualTask | None, name: str, user: User) -> dict[str, Any]:
    """What the page of an action on a task says more than others."""
    if task is None:
        return {}
    words = {
        "task_title": title(task),
        "todo": tasks.what_to_do(task),
        "needs_evidence": not task.evidence.exists(),
    }
    return words | letter_page(task, user) if name == "write_letter" else words


def letter_page(task: ManualTask, user: User) -> dict[str, Any]:
    """The letter as it will be sent, and where to."""
    contact = processor_of(task.processor).contact
    by_mail = goes_by_mail(processor_of(task.processor))
    return {
        "letter": preview(task, actor=user),
        "contact": contact,
        "by_mail": by_mail,
        "button": "Send this letter" if by_mail else "I sent it",
    }
