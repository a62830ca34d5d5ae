"""The alarm about mail that nobody looks at: the time to answer may be running."""

from datetime import date, timedelta

from django.utils import timezone

from fluxrouter.foundation.alarms import sync_alarms
from privacy.deadlines.working_days import WorkingDays, working_days_after
from privacy.models import InboundMail

PATIENCE = 2  # working days
FETCHED_WITHIN = timedelta(hours=1)


def watch_mail() -> dict[str, int]:
    """One alarm per mail that waits too long, for a person or to be fetched."""
    now = timezone.now()
    waiting = InboundMail.objects.filter(state=InboundMail.State.WAITING)
    late = {
        str(mail.pk)
        for mail in waiting
        if is_late(mail.received_at.date(), now.date())
        or (mail.fetched_at is None and mail.received_at < now - FETCHED_WITHIN)
    }
    sync_alarms("mail_waiting", late)
    return {"mail_waiting": len(late)}


def is_late(received_on: date, today: date) -> bool:
    return today > working_days_after(received_on, PATIENCE, WorkingDays())
