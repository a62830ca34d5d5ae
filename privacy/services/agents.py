"""Who asks for somebody else: what they hear from us, and when the person has agreed."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from privacy.models import Authority, FulfilmentStep, PrivacyRequest
from privacy.selectors.people import representative
from privacy.services import mail
from privacy.states import CLOSED

RECEIVED, DECIDED = "agent_received", "agent_decided"
Role = PrivacyRequest.Role


def begin(request: PrivacyRequest) -> None:
    """Tell an agent or a parent that we have the request, and how to show that they may act.

    Runs in the transaction that makes the request. What was split off from it is told with it.
    """
    if request.split_from_id is None and representative(request):
        mail.queue(request, RECEIVED)


def note_confirmed(request: PrivacyRequest) -> None:
    """The person pressed the button in our letter: that is the agent's authority.

    A parent confirms only their own address by it; that they are the parent is shown apart.
    """
    if request.role != Role.AGENT:
        return
    now = timezone.now()
    Authority.objects.create(
        request=request,
        kind=Authority.Kind.CONFIRMED,
        added_at=now,
        judgement=Authority.Judgement.ACCEPTED,
        judged_at=now,
    )


def tell_decided() -> int:
    """Tell each agent, once, that the person has our answer. What it says stays the person's."""
    told = FulfilmentStep.objects.filter(request=OuterRef("pk"), connector="mail", action=DECIDED)
    rows = PrivacyRequest.objects.filter(
        role=Role.AGENT, status__in=CLOSED, key_destroyed_at=None, split_from=None
    )
    return sum(tell(request) for request in rows.exclude(Exists(told)))


def tell(request: PrivacyRequest) -> bool:
    with transaction.atomic():
        locked = request.lock()
        steps = locked.steps.filter(connector="mail", action=DECIDED)
        if steps.exists() or locked.key_destroyed_at or not representative(locked):
            return False
        mail.queue(locked, DECIDED)
    return True
