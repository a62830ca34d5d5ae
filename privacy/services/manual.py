"""Manual tasks: what only people can do at a processor."""

from datetime import date, timedelta
from typing import NoReturn

from django.utils import timezone

from accounts.models import ProviderObject
from privacy.connectors.errors import NeedsHumanError
from privacy.models import FulfilmentStep, ManualTask, PrivacyRequest
from privacy.processors import processor_of
from privacy.rights import Right
from privacy.services.fulfilment.context import Context

# A processor gets two weeks at most, and the answer to the person three days after it.
TIME_TO_DO = timedelta(days=14)
TIME_TO_ANSWER = timedelta(days=3)


def wait_for_staff(step: FulfilmentStep, context: Context) -> NoReturn:
    """Park the step on the staff's screen. At a processor it becomes a task with a due date.

    Always raises NeedsHumanError.
    """
    if step.action not in Right:
        ManualTask.objects.get_or_create(
            step=step,
            defaults={
                "processor": processor_of(step.action).key,
                "due_on": due_on(context.request),
            },
        )
    raise NeedsHumanError("by_hand")


def due_on(request: PrivacyRequest) -> date:
    """In two weeks, but so that the answer is still in time; today when it is late already.

    What turns up after the answer has the two weeks.
    """
    today = timezone.now().date()
    if not request.is_open:
        return today + TIME_TO_DO
    return max(today, min(today + TIME_TO_DO, request.due_on - TIME_TO_ANSWER))


def reference_of(task: ManualTask) -> str:
    """What a processor's answer should name. Of the request, and of the task within it."""
    return f"{task.step.request.reference}-{task.pk.hex[:4].upper()}"


def objects_at(processor: str, request: PrivacyRequest) -> list[str]:
    """What the gateway left at a provider, as `kind/id`: our own rows are erased before staff
    get to their task.
    """
    rows = ProviderObject.objects.filter(
        account_id__in=request.refs.get("accounts", []), provider=processor
    )
    return [f"{row.kind}/{row.object_id}" for row in rows.order_by("kind", "object_id")]
