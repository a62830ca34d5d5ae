"""Reminders of tasks by hand: a week and a day before, and each week after the due date."""

import logging
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format

from privacy.connectors.errors import ConnectorError
from privacy.models import ManualTask
from privacy.selectors.tasks import open_tasks, processor_title
from privacy.services import mail

log = logging.getLogger(__name__)

BEFORE = (timedelta(days=7), timedelta(days=1))
WEEK = timedelta(days=7)
TEXT = """A task at {processor} is due on {due_on} ({when}).

Request: {reference}
{url}

You get this a week and a day before the date, and each week after it, until the task is closed.
"""


def remind_tasks() -> dict[str, int]:
    """Mail the privacy officer of each task whose day to be reminded has come.

    A mail that fails is tried again by the next run; one that was sent is sent once, as the
    mail service keeps its key for a day.
    """
    today = timezone.now().date()
    sent = 0
    for task in open_tasks():
        if is_due(task, today):
            sent += remind(task, today)
    return {"sent": sent}


def is_due(task: ManualTask, today: date) -> bool:
    day = latest_day(task.due_on, today)
    return day is not None and (task.reminded_at is None or task.reminded_at.date() < day)


def latest_day(due_on: date, today: date) -> date | None:
    """The latest day, today or before, on which a reminder was to be sent."""
    if (weeks := (today - due_on) // WEEK) > 0:
        return due_on + weeks * WEEK
    return max((due_on - each for each in BEFORE if due_on - each <= today), default=None)


def remind(task: ManualTask, today: date) -> int:
    """1 when the mail is out, 0 when it failed."""
    reference = task.step.request.reference
    page = reverse("admin:privacy_privacyrequest_change", args=[task.step.request_id])
    text = TEXT.format(
        processor=processor_title(task),
        due_on=date_format(task.due_on, "j F Y"),
        when=when(task.due_on, today),
        reference=reference,
        url=settings.PUBLIC_URL + page,
    )
    subject = f"[{settings.SITE_NAME}] to do by hand: {reference}"
    try:
        mail.deliver(
            subject, text, settings.PRIVACY_OFFICER_EMAIL, key=f"{task.pk}-{today.isoformat()}"
        )
    except ConnectorError as error:
        log.warning("task.reminder_failed %s %s", task.pk, error.code)
        return 0
    return ManualTask.objects.filter(pk=task.pk).update(reminded_at=timezone.now())


def when(due_on: date, today: date) -> str:
    left = (due_on - today).days
    if left in (-1, 0, 1):
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}[left]
    return f"in {left} days" if left > 0 else f"{-left} days ago"
