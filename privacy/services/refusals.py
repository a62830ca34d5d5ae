"""Refusing: all that was asked for, some of its rights, or a part of one."""

from django.db import transaction

from accounts.models import User
from privacy.models import PrivacyRequest
from privacy.refusals import problem
from privacy.rights import without_proof
from privacy.selectors.held import is_held_in_secret
from privacy.selectors.laws import laws_of
from privacy.selectors.refusals import granted_rights, in_force
from privacy.services import mail, opt_outs, recourse
from privacy.services.refusal_rows import Decision, write
from privacy.services.review import ReviewError
from privacy.services.withdrawal import give_back
from privacy.states import Status, TransitionError

TELLS_OF_A_HOLD = "LITIGATION_HOLD"

__all__ = ["Decision", "refuse", "why_not"]


def refuse(request: PrivacyRequest, *, actor: User, decision: Decision) -> None:
    """Refuse before the work has begun. What is left goes on; with nothing left it is denied.

    Raises ReviewError when the table doesn't allow it, TransitionError when the request moved on.
    """
    with transaction.atomic():
        locked = request.lock()
        if why := why_not(locked, decision):
            raise ReviewError(why)
        ends = not set(granted_rights(locked)) - set(decision.rights) and decision.whole
        if locked.status != Status.IN_REVIEW and not (ends and locked.status == Status.APPROVED):
            raise TransitionError("Somebody else moved this request first.")
        write(locked, decision, actor=actor)
        if ends:
            end(locked, actor)
        else:
            go_on(locked)
    request.refresh_from_db()


def why_not(request: PrivacyRequest, decision: Decision) -> str:
    """What stands against a decision, in words for staff; "" when nothing does."""
    rights = list(decision.rights)
    if not rights or not set(rights) <= set(granted_rights(request)):
        return "Choose among what was asked for and isn’t refused yet."
    if not decision.explanation.strip():
        return "Say why: the person reads it."
    if decision.code == TELLS_OF_A_HOLD and is_held_in_secret(request):
        return "The person must not learn of the hold. Ask counsel how to answer."
    again = in_force(request).filter(right__in=rights, code=decision.code)
    if again.exists():
        return "It is refused for this reason already."
    return problem(
        decision.code,
        rights,
        laws_of(request),
        whole=decision.whole,
        dated=decision.until is not None,
    )


def end(request: PrivacyRequest, actor: User) -> None:
    """Nothing of what was asked for is left."""
    request.transition_to(Status.DENIED, actor=str(actor.pk), reason="staff")
    give_back(request)
    recourse.settle(request)
    mail.queue(request, "denied")


def go_on(request: PrivacyRequest) -> None:
    """The rest goes on. A proposal falls, as it was about more than is left."""
    request.proposed_by = request.proposed_at = None
    request.save(update_fields=["proposed_by", "proposed_at"])
    if without_proof(request.rights):
        opt_outs.give_back(request)
    recourse.settle(request)
    mail.queue(request, "refused_in_part")
