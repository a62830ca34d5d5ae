"""Alarms about requests: what is overdue, and what waits for a person."""

from django.utils import timezone

from fluxrouter.foundation.alarms import clear_alarm, open_alarms, raise_alarm
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.states import OPEN


def watch_requests() -> dict[str, int]:
    """One alarm per overdue request and per parked step; cleared when that is over."""
    today = timezone.now().date()
    overdue = PrivacyRequest.objects.filter(status__in=OPEN, due_on__lt=today)
    parked = FulfilmentStep.objects.filter(state=FulfilmentStep.State.PARKED)
    found = {
        "request_overdue": {each.reference for each in overdue},
        "step_parked": {str(pk) for pk in parked.values_list("pk", flat=True)},
    }
    for code, subjects in found.items():
        sync_alarms(code, subjects)
    return {code: len(subjects) for code, subjects in found.items()}


def sync_alarms(code: str, subjects: set[str]) -> None:
    """Open exactly the alarms of this code that `subjects` name."""
    known = set(open_alarms().filter(code=code).values_list("about", flat=True))
    for about in subjects - known:
        raise_alarm(code, about)
    for about in known - subjects:
        clear_alarm(code, about)
