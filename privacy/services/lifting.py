"""Ending a restriction: the person is told first (GDPR Art. 18(3))."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.purposes import Purpose
from privacy.connectors.base import Connector, Outcome
from privacy.connectors.errors import NeedsHumanError, RetryError
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Executor, executors
from privacy.selectors import interim, restrictions
from privacy.selectors.refusals import granted_rights
from privacy.selectors.same_person import same_person
from privacy.services import auto_restriction, handing_over, lifting_steps
from privacy.services.fulfilment.context import Context
from privacy.services.lifting_steps import GATE, LIFT
from privacy.services.nudge import nudge
from privacy.services.review import ReviewError, write_note
from privacy.states import Status

State = FulfilmentStep.State
OF_LIFTING = ("lifting", "lift", LIFT)
ENDED_STEPS = (State.DONE, State.CANCELLED)
ENDED = (Status.COMPLETED, Status.PARTLY, Status.DENIED)
UNDER_WAY = (Status.APPROVED, Status.FULFILLING)
OF_RETURNING = ("freeze", "lift")  # what an erasure that was taken back has still to give back
CHANGES_THE_SAME = {Executor.ERASE, Executor.RESTRICT}


def announced(request: PrivacyRequest) -> FulfilmentStep | None:
    """The step that begins the announced lifting; None when none is announced."""
    gates = request.steps.filter(connector="request", action="lift")
    return gates.exclude(state__in=ENDED_STEPS).first()


def begun(request: PrivacyRequest) -> bool:
    """Whether a lifting is under way, in a system or before one where it failed."""
    lifts = request.steps.filter(action=LIFT).exclude(state__in=ENDED_STEPS)
    return lifts.exists() and announced(request) is None


def why_not(request: PrivacyRequest) -> str:
    """Why the lifting can't be announced now; "" when it can."""
    if request.status not in ENDED or restrictions.in_force(request) is None:
        return "No restriction of this request is in force."
    if announced(request) or begun(request):
        return "The lifting is announced already."
    return what_is_newer(request)


def what_is_newer(request: PrivacyRequest) -> str:
    """What would be undone with this restriction: each system restores what stood before it, so
    that restrictions of the same person end newest first. "" when nothing is.
    """
    begins = Q(action="restrict", object=interim.INTERIM)
    returns = FulfilmentStep.objects.filter(Q(action__in=OF_RETURNING) | begins).exclude(
        connector="request"
    )
    returning = returns.exclude(state__in=ENDED_STEPS).values("request_id")
    others = PrivacyRequest.objects.filter(Q(status__in=UNDER_WAY) | Q(pk__in=returning))
    for other in same_person(request, others):
        is_beginning = interim.steps_of(other).exclude(state=State.DONE).exists()
        if is_beginning or executors(granted_rights(other)) & CHANGES_THE_SAME:
            return f"{other.reference} erases or restricts the same person’s data. Wait for it."
    if newer := restrictions.newer(request):
        return f"{newer.reference} has restricted the same data since. Lift that one first."
    return ""


def announce(request: PrivacyRequest, *, actor: User, reason: str) -> datetime:
    """Write the person a letter; when LIFT_NOTICE has passed after it, the restriction ends.

    Returns the time at which it ends at the earliest.
    """
    with transaction.atomic():
        locked = request.lock()
        if refusal := why_not(locked):
            raise ReviewError(refusal)
        begins = timezone.now() + settings.LIFT_NOTICE
        lifting_steps.add(locked, stopped_now(locked), begins=begins)
        locked.record("request.lifting_announced", actor=str(actor.pk))
        write_note(locked, author=actor, about="lifting", text=reason)
        nudge()
    return begins


def stopped_now(request: PrivacyRequest) -> list[Purpose]:
    found = restrictions.in_force(request)
    return [each.purpose for each in found.stopped] if found else []


def call_off(request: PrivacyRequest, *, actor: User, reason: str) -> None:
    """The restriction stays after all; possible until its lifting begins."""
    with transaction.atomic():
        locked = request.lock()
        locked.record("request.lifting_called_off", actor=str(actor.pk))  # its chain before steps
        # Locked, so that none begins unseen.
        steps = list(locked.steps.filter(action__in=OF_LIFTING).select_for_update())
        open_steps = [step for step in steps if step.state not in ENDED_STEPS]
        if not any(step.key == GATE for step in open_steps):
            raise ReviewError("No lifting is announced that has not begun.")
        fallen = locked.steps.filter(pk__in=[step.pk for step in open_steps])
        fallen.update(state=State.CANCELLED)
        write_note(locked, author=actor, about="lifting", text=reason)


def begin(step: FulfilmentStep, context: Context) -> Outcome:
    """The gate. The notice counts from the letter, which may have gone out late."""
    letters = context.request.steps.filter(connector="mail", action="lifting", object=step.object)
    if letter := letters.first():  # who took the request back needs none
        check_told(letter)
    if step.cursor.get("by_itself"):
        auto_restriction.check_settled(context.request)
    else:
        check_nothing_newer(context)
    return Outcome()


def check_told(letter: FulfilmentStep) -> None:
    # Staff may have told them another way, or declined to.
    if letter.finished_at is None or letter.receipt.get("declined"):
        raise NeedsHumanError("not_told")
    wait = letter.finished_at + settings.LIFT_NOTICE - timezone.now()
    if wait.total_seconds() > 0:
        raise RetryError("notice", after=wait)


def lift(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    """Give back what the request restricted at one system. What lies over it stays."""
    task = context.task(step)
    if not step.cursor.get("by_itself"):
        check_nothing_newer(context)
    elif handing_over.hand_over(step, task.undo, context.request):
        return Outcome(receipt={"handed_over": True})
    return connector.lift(task)


def check_nothing_newer(context: Context) -> None:
    """Another request may have begun since the lifting was announced."""
    if what_is_newer(context.request):
        raise NeedsHumanError("newer_request")
