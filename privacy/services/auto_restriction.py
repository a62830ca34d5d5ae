"""Stopping uses by ourselves while a right is being decided, and giving them back exactly.

What is contested or objected to isn't used meanwhile (GDPR Art. 18(1)(a), (d)). Our own tables
know at once; the ledger carries it to every system that serves such a use. Afterwards the person
is told before it ends (Art. 18(3)).
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from accounts.models import Restriction
from accounts.purposes import Purpose
from privacy.connectors.base import Subject, Task
from privacy.connectors.database.connector import stop
from privacy.connectors.errors import RetryError
from privacy.connectors.registry import connectors
from privacy.models import Appeal, FulfilmentStep, PrivacyRequest
from privacy.rights import Executor, absolute_purposes, executors, interim_purposes
from privacy.selectors import interim
from privacy.selectors.interim import INTERIM
from privacy.selectors.refusals import granted_rights
from privacy.services import lifting_steps
from privacy.services.fulfilment import plan
from privacy.services.fulfilment.steps import Steps
from privacy.services.nudge import nudge
from privacy.states import Status
from retention.services.holds import lock_holds

State = FulfilmentStep.State
ASK_AGAIN = timedelta(minutes=1)


def begin(request: PrivacyRequest) -> None:
    """Stop what the rights of the request put into question.

    Runs in the transaction that puts it into review, with the row locked and its refs known.
    """
    purposes = interim_purposes(request.rights)
    if not purposes:
        return
    lock_holds()  # no approval of the same person's other requests slips in between
    steps = Steps(request, timezone.now())
    for name, connector in connectors().items():
        if connector.restricts & set(purposes):
            steps.add(f"{name}:restrict", [f"{name}:discover"], item=INTERIM)
    steps.save()
    task = Task("restrict", Subject(request.pk, "", request.refs))
    stop(task, purposes, timezone.now())
    request.record("request.restricted_meanwhile", purposes=[str(each) for each in purposes])


def check_alone(request: PrivacyRequest) -> None:
    """Before the first call: what another request is just changing would be taken for what stood
    there before us. Waits for it.
    """
    if plan.is_changed_elsewhere(request, interim=True):
        raise RetryError("other_erasure", after=ASK_AGAIN)


def lasting(request: PrivacyRequest) -> tuple[Purpose, ...]:
    """What stays stopped when the request ends as its status says."""
    if request.status == Status.WITHDRAWN:
        return ()
    if request.status == Status.DENIED:
        return absolute_purposes(request.rights)
    return interim.to_stop(request)


def not_to_cancel(request: PrivacyRequest) -> list[UUID]:
    """Steps that must come to their end although the request is over.

    Of one that was taken back, those that have begun. Of another, all: until the person was told,
    it stops what our tables say it stops, and it needs to know where.
    """
    steps = list(interim.steps_of(request).select_for_update())
    if request.status == Status.WITHDRAWN:
        return [step.pk for step in steps if step.fence]
    looks = request.steps.filter(action="discover", connector__in=[s.connector for s in steps])
    return [*(step.pk for step in steps), *looks.values_list("pk", flat=True)]


def settle(request: PrivacyRequest, *, after: Iterable[str] = ()) -> None:
    """The request is decided: what doesn't stay stopped is given back, after the person was told,
    or at once if they took the request back. An erasure leaves nothing to use.

    Runs in the transaction that ends it, with the row locked. A second time it changes nothing.
    """
    told, now = request.status != Status.WITHDRAWN, timezone.now()
    if not told:
        stopped = Restriction.objects.filter(request_id=request.pk, lifted_at=None)
        stopped.filter(purpose__in=interim_purposes(request.rights)).update(lifted_at=now)
    back = [each for each in interim.in_force(request) if each not in lasting(request)]
    gates = request.steps.filter(connector="request", action="lift")
    announced = gates.exclude(state__in=[State.DONE, State.CANCELLED]).exists()
    if not back or announced or is_erased(request):
        return
    unfinished = interim.steps_of(request).exclude(state=State.DONE)
    lifting_steps.add(
        request,
        back,
        begins=now + settings.LIFT_NOTICE if told else now,
        told=told,
        by_itself=True,
        after=[*after, *(step.key for step in unfinished)],
    )
    if told:
        request.record("request.lifting_announced")
    nudge()


def is_erased(request: PrivacyRequest) -> bool:
    ended = (Status.COMPLETED, Status.PARTLY)
    return request.status in ended and Executor.ERASE in executors(granted_rights(request))


def check_settled(request: PrivacyRequest) -> None:
    """Before a lifting by itself: an appeal keeps what was stopped, and what another request is
    just changing is waited for.
    """
    appeals = request.appeals.filter(kind=Appeal.Kind.APPEAL, decided_at=None, withdrawn_at=None)
    if appeals.exists():
        raise RetryError("appeal_open", after=ASK_AGAIN)
    if plan.is_changed_elsewhere(request):
        raise RetryError("other_erasure", after=ASK_AGAIN)
