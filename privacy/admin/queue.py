"""The queue: what a request waits for, when it is due, and the numbers of the dashboard."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone

from privacy.models import (
    Appeal,
    FulfilmentStep,
    ManualTask,
    PrivacyRequest,
    Question,
    SentLetter,
)
from privacy.models.letter import CAME_BACK
from privacy.processors import processor_of
from privacy.selectors import appeals
from privacy.selectors.tasks import open_tasks
from privacy.states import CLOSED, OPEN, Status

State = FulfilmentStep.State
UNFINISHED = (State.BLOCKED, State.READY, State.RUNNING)
SOON = timedelta(days=7)


class Wait(NamedTuple):
    """Who or what acts next, and which requests wait for it."""

    label: str
    which: Q


# The first that fits is the one that is shown; a parked step is shown beside it.
WAITS: dict[str, Wait] = {
    "subject": Wait("The person who asked", Q(status__in=[Status.RECEIVED, Status.VERIFYING])),
    "lookup": Wait("The look-up", Q(status=Status.IN_REVIEW, looking=True)),
    "second": Wait(
        "Staff: second approval", Q(status=Status.IN_REVIEW, proposed_at__isnull=False)
    ),
    "question": Wait(
        "The person: an answer to our question", Q(status=Status.IN_REVIEW, asked=True)
    ),
    "answered": Wait(
        "Staff: a decision, as the person answered", Q(status=Status.IN_REVIEW, answered=True)
    ),
    "decision": Wait("Staff: a decision", Q(status=Status.IN_REVIEW)),
    "pause": Wait("The end of the pause", Q(status=Status.APPROVED)),
    "systems": Wait("The systems", Q(status=Status.FULFILLING)),
    # Closed, and yet a letter, a lifting or what waits by law is still to come.
    "later": Wait("What is still to come", Q(status__in=CLOSED, unfinished=True)),
}
NOBODY = Wait("Nobody", Q(status__in=CLOSED))
STEP = Wait("Staff: a parked step", Q(parked=True))
TASK = Wait("Staff: a task at a processor", ~Q(tasks=[]))
LETTER = Wait("Staff: a letter came back", Q(came_back=True))


def queue() -> QuerySet[PrivacyRequest]:
    """All requests with `came_back` (a letter), `parked`, `other_parked` (a step that is no task),
    `tasks` (processors), `looking`, `asked` and `answered` (our question), `unfinished`, `waits`
    (a key of WAITS) and `closed` (0 or 1).
    """
    steps = FulfilmentStep.objects.filter(request=OuterRef("pk"))
    unasked = steps.filter(
        action="discover", state__in=[State.BLOCKED, State.READY, State.RUNNING]
    )
    tasks = ManualTask.objects.filter(
        step__request=OuterRef("pk"), step__state=State.PARKED
    ).order_by("due_on", "pk")
    back = SentLetter.objects.filter(
        step__request=OuterRef("pk"), state__in=CAME_BACK, settled_at=None
    )
    questions = Question.objects.filter(request=OuterRef("pk"))
    found = PrivacyRequest.objects.annotate(
        asked=Exists(questions.filter(answered_at=None)),
        answered=Exists(questions.exclude(answered_at=None)),
        came_back=Exists(back),
        parked=Exists(steps.filter(state=State.PARKED)),
        other_parked=Exists(steps.filter(state=State.PARKED, task=None)),
        tasks=ArraySubquery(tasks.values("processor")),
        looking=Exists(unasked),
        unfinished=Exists(steps.filter(state__in=UNFINISHED)),
    )
    branches = [When(wait.which, then=Value(code)) for code, wait in WAITS.items()]
    return found.annotate(
        waits=Case(*branches, default=Value("")),
        closed=Case(When(status__in=CLOSED, then=Value(1)), default=Value(0)),
    )


def staff_words(row: Any) -> str:
    """What of a request waits for staff, "" when nothing does: `row` comes from `queue`."""
    back = LETTER.label if row.came_back else ""
    return "; ".join(filter(None, (back, work_words(row))))


def work_words(row: Any) -> str:
    titles = list(dict.fromkeys(processor_of(key).title for key in row.tasks))
    if not titles:
        return STEP.label if row.parked else ""
    at = f"a task at {titles[0]}" if len(row.tasks) == 1 else f"tasks at {', '.join(titles)}"
    return f"{STEP.label}, and {at}" if row.other_parked else f"Staff: {at}"


class Due(NamedTuple):
    """A due date in words, with a shape so that colour isn't needed to tell them apart."""

    tone: str
    shape: str
    words: str
    day: date


def due(request: PrivacyRequest) -> Due:
    left = request.days_left(timezone.now())
    if request.closed_at:
        return Due("closed", "–", "Closed", request.closed_at.date())
    if left < 0:
        return Due("overdue", "▲", f"Overdue by {days(-left)}", request.due_on)
    if left <= SOON.days:
        return Due("soon", "◆", f"{days(left)} left" if left else "Due today", request.due_on)
    return Due("later", "○", f"{days(left)} left", request.due_on)


def days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def is_open() -> Q:
    return Q(status__in=OPEN)


def is_overdue() -> Q:
    return is_open() & Q(due_on__lt=timezone.now().date())


def is_due_soon() -> Q:
    """Due from today until a week from now; what is overdue has its own number."""
    today = timezone.now().date()
    return is_open() & Q(due_on__range=(today, today + SOON))


class Number(NamedTuple):
    """A number of the dashboard, with the list that it counts."""

    label: str
    value: int
    url: str


def dashboard() -> list[Number]:
    rows = queue()
    numbers = (
        ("Open", is_open(), ""),
        ("Overdue", is_overdue(), "?due=overdue"),
        ("Due in 7 days", is_due_soon(), "?due=soon"),
        ("Waiting for a second approval", WAITS["second"].which, "?waiting=second"),
        ("Parked, waiting for staff", STEP.which, "?status=all&waiting=step"),
    )
    url = reverse("admin:privacy_privacyrequest_changelist")
    counted = [
        Number(label, rows.filter(which).count(), url + query) for label, which, query in numbers
    ]
    tasks = reverse("admin:privacy_manualtask_changelist")
    against = Number(
        "Appeals and complaints",
        Appeal.objects.filter(appeals.OPEN).count(),
        reverse("admin:privacy_appeal_changelist"),
    )
    return [*counted, Number("To do by hand", open_tasks().count(), tasks), against]
