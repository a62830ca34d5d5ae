"""Alarms about requests: what is overdue, and what waits for a person."""

from datetime import timedelta

from django.utils import timezone

from fluxrouter.foundation.alarms import sync_alarms
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.selectors import appeals
from privacy.selectors.tasks import overdue_tasks
from privacy.states import OPEN
from retention.services.holds import to_review

LONGEST_WAIT = timedelta(minutes=15)  # of a step that is due, while a worker is alive
# Waits that a processor asked for count as no failure, so they never park a step. After so many
# a person should know: somebody refuses us for ever, or a job there never ends.
IN_VAIN = 200


def watch_requests() -> dict[str, int]:
    """One alarm per overdue request, per overdue task, per parked step, per step that goes on
    asking in vain and per hold that must be looked at again, and one when nobody works off the
    ledger; each is cleared when that is over.
    """
    today = timezone.now().date()
    overdue = PrivacyRequest.objects.filter(status__in=OPEN, due_on__lt=today)
    parked = FulfilmentStep.objects.filter(state=FulfilmentStep.State.PARKED)
    stuck = FulfilmentStep.objects.filter(
        state__in=[FulfilmentStep.State.READY, FulfilmentStep.State.RUNNING],
        not_before__lt=timezone.now() - LONGEST_WAIT,
    )
    in_vain = FulfilmentStep.objects.filter(state=FulfilmentStep.State.READY, fence__gt=IN_VAIN)
    found = {
        "hold_review": {str(pk) for pk in to_review(today).values_list("pk", flat=True)},
        "step_in_vain": {str(pk) for pk in in_vain.exclude(error="").values_list("pk", flat=True)},
        "ledger_stuck": {"steps"} if stuck.exists() else set(),
        "request_overdue": set(overdue.values_list("reference", flat=True)),
        "step_parked": {str(pk) for pk in parked.values_list("pk", flat=True)},
        "task_overdue": {
            f"{task.step.request.reference} {task.processor}" for task in overdue_tasks(today)
        },
        "appeal_overdue": {
            f"{each.request.reference} {each.kind}" for each in appeals.overdue(today)
        },
    }
    for code, subjects in found.items():
        sync_alarms(code, subjects)
    return {code: len(subjects) for code, subjects in found.items()}
