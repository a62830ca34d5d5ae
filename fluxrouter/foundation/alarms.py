"""Raising, clearing and mailing alarms."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from fluxrouter.foundation.models import Alarm

log = logging.getLogger(__name__)

RAISE = """
INSERT INTO foundation_alarm (code, about, raised_at) VALUES (%s, %s, %s)
ON CONFLICT (code, about) WHERE cleared_at IS NULL DO NOTHING
"""


def raise_alarm(code: str, about: str = "") -> None:
    """Open the alarm unless it is open. `about` is a code or an id, never personal data."""
    with connection.cursor() as cursor:
        cursor.execute(RAISE, [code, about, timezone.now()])


def clear_alarm(code: str, about: str = "") -> None:
    open_alarms().filter(code=code, about=about).update(cleared_at=timezone.now())


def open_alarms() -> QuerySet[Alarm]:
    return Alarm.objects.filter(cleared_at=None)


def sync_alarms(code: str, subjects: set[str]) -> None:
    """Open exactly the alarms of this code that `subjects` name."""
    known = set(open_alarms().filter(code=code).values_list("about", flat=True))
    for about in subjects - known:
        raise_alarm(code, about)
    for about in known - subjects:
        clear_alarm(code, about)


def mail_alarms() -> dict[str, int]:
    """Mail each new alarm to the privacy officer. A mail that fails is tried again next time."""
    sent = 0
    for alarm in open_alarms().filter(mailed_at=None):
        text = (
            f"An alarm is open: {alarm}.\n\nRaised {alarm.raised_at:%d %B %Y, %H:%M} UTC.\n"
            f"What to do: docs/runbook.md, section {alarm.code}.\n"
        )
        try:
            send_mail(
                f"[{settings.SITE_NAME}] alarm: {alarm.code}",
                text,
                settings.DEFAULT_FROM_EMAIL,
                [settings.PRIVACY_OFFICER_EMAIL],
            )
        except Exception as error:
            log.warning("alarm.mail_failed %s", type(error).__name__)
            continue
        sent += Alarm.objects.filter(pk=alarm.pk).update(mailed_at=timezone.now())
    return {"sent": sent}
