"""What staff decide on a request."""

import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from privacy.models import FulfilmentStep, PrivacyRequest, RequestNote
from privacy.selectors import corrections, people
from privacy.selectors.progress import about_of
from privacy.selectors.tasks import lacks_evidence
from privacy.services import recourse
from privacy.services.fulfilment import ledger, plan
from privacy.services.fulfilment.stages import add_fulfilment
from privacy.services.fulfilment.steps import add_discovery
from privacy.services.nudge import nudge
from privacy.services.verification import known_refs
from privacy.states import Status, TransitionError
from retention.services.holds import lock_holds

State = FulfilmentStep.State
RULES = ("approve", "auto_approve")  # steps that approve without a person
BY_HAND = ("manual", "mail")  # rooms whose steps a person can do instead of us
NO_EVIDENCE = (
    "No file shows that it was done. Add one first, or decline with a reason that the person "
    "will read."
)


class ReviewError(Exception):
    """The decision can't be taken now; the text says why and what to do."""


def write_note(request: PrivacyRequest, *, author: User | None, about: str, text: str) -> None:
    """Keep what staff wrote, sealed under the request's key; a destroyed key isn't made anew."""
    if request.key_destroyed_at:
        raise ReviewError("The key of this request is destroyed: nothing is written on it now.")
    note = RequestNote(request=request, author=author, about=about, written_at=timezone.now())
    note.write("text", text)
    note.save()


def check_plan(
    request: PrivacyRequest, accept: list[str], chosen: list[str]
) -> dict[str, dict[str, Any]]:
    """The current plan, complete and without open blockers, or ReviewError."""
    lock_holds()  # neither a hold nor another erasure of the same person begins meanwhile
    current = plan.current_plan(request)
    if not plan.is_complete(current, request):
        raise ReviewError("The look-up isn't finished. Wait for it, or retry what failed.")
    plan.accept(current, accept)
    if plan.blockers(current):
        raise ReviewError("Something stands in the way. The plan says what, and what to do.")
    plan.choose(current, chosen)
    return current


def propose(
    request: PrivacyRequest,
    *,
    actor: User,
    typed: str,
    reason: str,
    accept: list[str] | None = None,
    chosen: list[str] | None = None,
    may_approve: bool = True,
) -> None:
    """The first of two: this plan is right. `typed` must be the request's reference.

    A single approval is enough for rights that need one: then this approves. `accept` names the
    blockers that were looked at and may be passed (`grounds.ACCEPTABLE`), `chosen` the optional
    actions to take, as `connector:action`. Who may not approve needs a second person in any case.
    """
    if not secrets.compare_digest(typed.strip().upper().encode(), request.reference.encode()):
        raise ReviewError("The reference you typed is not this request's.")
    with transaction.atomic():
        locked = request.lock()
        if locked.status != Status.IN_REVIEW:
            raise TransitionError("Somebody else moved this request first.")
        if locked.proposed_by_id:
            raise ReviewError("It is proposed already. A second person must approve it.")
        if corrections.is_missing(locked):
            raise ReviewError("Enter the correction first: what is to be written.")
        is_enough = corrections.approvers(locked) == 1
        if is_enough and not may_approve:
            raise ReviewError("One approval is enough by now: an approver must give it.")
        current = check_plan(locked, accept or [], chosen or [])
        locked.plan, locked.proposed_by, locked.proposed_at = current, actor, timezone.now()
        locked.save(update_fields=["plan", "proposed_by", "proposed_at"])
        write_note(locked, author=actor, about="proposed", text=reason)
        locked.record(
            "request.proposed",
            actor=str(actor.pk),
            round=locked.round,
            accepted=sorted(plan.accepted(current)),
            chosen=plan.chosen(current),
        )
        if is_enough:
            start(locked, actor)
    request.refresh_from_db()


def approve(request: PrivacyRequest, *, actor: User, reason: str) -> None:
    """The second of two, another person: what was proposed is what is done."""
    with transaction.atomic():
        locked = request.lock()
        if locked.status != Status.IN_REVIEW or not locked.proposed_by_id:
            raise TransitionError("Somebody else moved this request first.")
        if locked.proposed_by_id == actor.pk:
            raise ReviewError("You proposed it. Another person must approve it.")
        accept, chosen = sorted(plan.accepted(locked.plan)), plan.chosen(locked.plan)
        if check_plan(locked, accept, chosen) != locked.plan:
            raise ReviewError("The plan changed since it was proposed. Look again, then propose.")
        write_note(locked, author=actor, about="approved", text=reason)
        start(locked, actor)
    request.refresh_from_db()


def start(request: PrivacyRequest, actor: User) -> None:
    """Approve and write down every step. Runs inside the caller's transaction."""
    now = timezone.now()
    request.transition_to(Status.APPROVED, actor=str(actor.pk), approved_by=actor, approved_at=now)
    rule = request.steps.filter(connector="request", action__in=RULES)  # people did its work
    rule.exclude(state=State.DONE).update(state=State.CANCELLED)
    add_fulfilment(request, grace_ends=now + settings.ERASURE_GRACE)
    nudge()


def look_again(request: PrivacyRequest, *, actor: User) -> None:
    """Ask all systems again; a proposal that rested on the old answers falls."""
    with transaction.atomic():
        locked = request.lock()
        if locked.status != Status.IN_REVIEW:
            raise TransitionError("Somebody else moved this request first.")
        if people.is_report(locked):
            raise ReviewError(people.OF_REPORT)
        locked.round += 1
        locked.record("request.look_again", actor=str(actor.pk), round=locked.round)
        old = locked.steps.filter(action="discover").exclude(state=State.DONE)
        old.update(state=State.CANCELLED)
        locked.proposed_by = locked.proposed_at = None
        locked.refs, locked.plan = known_refs(locked.read("email")), {}
        locked.save(update_fields=["round", "proposed_by", "proposed_at", "refs", "plan"])
        add_discovery(locked)
        recourse.settle(locked)
        nudge()
    request.refresh_from_db()


def retry_step(step: FulfilmentStep, *, actor: User) -> None:
    """Let a parked step go on."""
    try:
        ledger.release(step, actor=str(actor.pk))
    except ledger.OvertakenError:
        raise ReviewError("This step isn't waiting for a person any more.") from None


def accept_found(step: FulfilmentStep, *, actor: User, reason: str) -> None:
    """What was found since the approval is taken into the plan, and the step goes on.

    For steps that were parked because of a new kind, or of a blocker that may be passed.
    """
    found = step.cursor.get("found", {})
    with transaction.atomic():
        locked = step.request.lock()
        chosen = locked.plan.get(step.connector, {}).get("chosen", [])
        part = {"accepted": [], "chosen": chosen, **found}
        if "found" not in found:
            raise ReviewError("This step didn't come back with something new.")
        plan.accept({step.connector: part}, found["blockers"])
        if plan.blockers({step.connector: part}):
            raise ReviewError("Something stands in the way that nobody may pass.")
        locked.plan = {**locked.plan, step.connector: part}
        locked.save(update_fields=["plan"])
        write_note(locked, author=actor, about=step.key, text=reason)
        locked.record("plan.extended", actor=str(actor.pk), step=step.key)
        retry_step(step, actor=actor)


def close_by_hand(
    step: FulfilmentStep, *, actor: User, reason: str, declined: bool = False
) -> None:
    """Staff did by hand what this step asks for, or say why not; what they write is kept.

    A letter that can't be delivered is closed so too, or its request would wait for ever. A task
    at a processor needs a file that shows it, unless it is declined.
    """
    with transaction.atomic():
        step.request.lock()  # a file that is added comes before or after
        if not declined and lacks_evidence(step):
            raise ReviewError(NO_EVIDENCE)
        step.request.record("step.by_hand", actor=str(actor.pk), step=step.key, declined=declined)
        rows = FulfilmentStep.objects.filter(pk=step.pk, connector__in=BY_HAND, state=State.PARKED)
        done = rows.update(
            state=State.DONE,
            receipt={"declined": declined},
            finished_at=timezone.now(),
            error="",
        )
        if not done:
            raise ReviewError("This step isn't waiting for a person any more.")
        write_note(step.request, author=actor, about=about_of(step), text=reason)
        ledger.unblock(step.request_id)
        nudge()
