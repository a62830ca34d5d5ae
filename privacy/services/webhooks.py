"""What processors tell us unasked: it only makes us look sooner. Asking would find the same."""

from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from privacy.connectors.stripe import webhook
from privacy.models import FulfilmentStep, ProcessorEvent
from privacy.services.nudge import nudge

STRIPE = "stripe"


def take_in(body: bytes, signature: str) -> None:
    """Keep the head of an event, once, and let the steps that wait for its object look now.

    Raises webhook.BadSignatureError; nothing is kept then.
    """
    head = webhook.read(body, signature)
    event = ProcessorEvent(
        processor=STRIPE,
        event_id=head.id,
        kind=head.kind,
        object_id=head.object_id,
        received_at=timezone.now(),
    )
    known = ProcessorEvent.objects.filter(processor=STRIPE, event_id=head.id)
    with transaction.atomic():
        if known.exists():
            return
        ProcessorEvent.objects.bulk_create([event], ignore_conflicts=True)
        for identifier in filter(None, {head.object_id, head.customer}):
            hurry(identifier)
        nudge()


def hurry(identifier: str) -> None:
    """Steps of Stripe that wait, and whose object or cursor names this one, are due at once.

    Not those that failed: whoever can sign an event could use up their attempts.
    """
    now = timezone.now()
    waiting = FulfilmentStep.objects.filter(
        connector=STRIPE, state=FulfilmentStep.State.READY, not_before__gt=now, attempts=0
    )
    named = waiting.annotate(text=Cast("cursor", TextField())).filter(
        Q(object=identifier) | Q(text__contains=f'"{identifier}"')
    )
    # Asked again of the row itself: a worker may have taken it, and then the time is its lease's.
    waiting.filter(pk__in=named.values("pk")).update(not_before=now)
