"""Reminders while a clock runs: when 50, 75 and 90 percent of its time are over."""

import hashlib
import logging
from datetime import date
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format

from privacy.connectors.errors import ConnectorError
from privacy.models import RequestClock
from privacy.selectors.clocks import REMIND_AT, TITLES, percent_over
from privacy.services import mail
from privacy.states import Status

log = logging.getLogger(__name__)

UNCONFIRMED = (Status.RECEIVED, Status.VERIFYING)

TEXT = """{percent} percent of the time is over for request {reference}.

Due on {due_on}: {what}
{url}

You get this when {points} percent of the time are over, until it is done. A run that comes late
tells only the last of them.
"""


def remind_clocks() -> dict[str, int]:
    """Mail the privacy officer of each clock that has come to a point where they want to know.

    Not while the person has still to confirm: nobody can work on it, it ends by itself, and who
    files requests by the thousand must not mail the officer by the thousand.

    A mail that fails is tried again by the next run; one that was sent is sent once, as the mail
    service keeps its key for a day. Its text says nothing of the day on which it is sent, so that
    the key fits the next try too.
    """
    running = RequestClock.objects.filter(met_at=None, reminded__lt=REMIND_AT[-1])
    confirmed = running.exclude(request__status__in=UNCONFIRMED)
    rows = confirmed.select_related("request").order_by(
        "request_id", "about", "started_on", "safe_due", "clock", "right"
    )
    today, sent = timezone.now().date(), 0
    for _, group in groupby(rows, key=together):
        clocks = list(group)
        percent = percent_over(clocks[0], today)
        if due := [clock for clock in clocks if clock.reminded < percent]:
            sent += remind(due, percent)
    return {"sent": sent}


def together(clock: RequestClock) -> tuple[object, ...]:
    """What runs over the same days is one reminder."""
    return clock.request_id, clock.about, clock.started_on, clock.safe_due


def remind(clocks: list[RequestClock], percent: int) -> int:
    """1 when the mail is out, 0 when it failed or somebody else sent it."""
    request = clocks[0].request
    subject = f"[{settings.SITE_NAME}] {percent} percent of the time over: {request.reference}"
    try:
        mail.deliver(
            subject,
            text_of(clocks, percent),
            settings.PRIVACY_OFFICER_EMAIL,
            key=key_of(clocks, percent),
        )
    except ConnectorError as error:
        log.warning("clock.reminder_failed %s %s", request.pk, error.code)
        return 0
    with transaction.atomic():
        locked = request.lock()
        open_rows = RequestClock.objects.filter(
            pk__in=[clock.pk for clock in clocks], reminded__lt=percent
        )
        if not open_rows.update(reminded=percent):
            return 0
        names = sorted({clock.clock for clock in clocks})
        locked.record("clock.reminded", percent=percent, clocks=names)
    return 1


def text_of(clocks: list[RequestClock], percent: int) -> str:
    request, due_on = clocks[0].request, clocks[0].safe_due
    page = reverse("admin:privacy_privacyrequest_change", args=[request.pk])
    names = {clock.clock for clock in clocks}
    *first, last = [str(point) for point in REMIND_AT]
    return TEXT.format(
        percent=percent,
        reference=request.reference,
        due_on=date_format(due_on, "j F Y"),
        what="; ".join(title for name, title in TITLES.items() if name in names),
        url=settings.PUBLIC_URL + page,
        points=f"{', '.join(first)} and {last}",
    )


def key_of(clocks: list[RequestClock], percent: int) -> str:
    """The same for the same reminder, whoever sends it."""
    due_on: date = clocks[0].safe_due
    parts = [*sorted(str(clock.pk) for clock in clocks), due_on.isoformat(), str(percent)]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()
