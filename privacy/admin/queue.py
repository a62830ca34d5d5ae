"""The queue: what a request waits for, when it is due, and the numbers of the dashboard."""

from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone

from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.states import OPEN, TERMINAL, Status

State = FulfilmentStep.State
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
    "decision": Wait("Staff: a decision", Q(status=Status.IN_REVIEW)),
    "pause": Wait("The end of the pause", Q(status=Status.APPROVED)),
    "systems": Wait("The systems", Q(status=Status.FULFILLING)),
}
NOBODY = Wait("Nobody", Q(status__in=TERMINAL))
STEP = Wait("Staff: a parked step", Q(parked=True))


def queue() -> QuerySet[PrivacyRequest]:
    """All requests with `parked`, `looking`, `waits` (a key of WAITS) and `closed` (0 or 1)."""
    steps = FulfilmentStep.objects.filter(request=OuterRef("pk"))
    unasked = steps.filter(
        action="discover", state__in=[State.BLOCKED, State.READY, State.RUNNING]
    )
    found = PrivacyRequest.objects.annotate(
        parked=Exists(steps.filter(state=State.PARKED)), looking=Exists(unasked)
    )
    branches = [When(wait.which, then=Value(code)) for code, wait in WAITS.items()]
    return found.annotate(
        waits=Case(*branches, default=Value("")),
        closed=Case(When(status__in=TERMINAL, then=Value(1)), default=Value(0)),
    )


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
    return [
        Number(label, rows.filter(which).count(), url + query) for label, which, query in numbers
    ]
