"""Erasures that nobody asks for by a form: a restored backup's, a fire drill's.

They run through the same ledger, holds and certificate. Nobody is mailed, and a standing rule
approves them: but anything that stands in the way goes to staff, as with any other request.
"""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from privacy.connectors.base import Outcome
from privacy.connectors.errors import NeedsHumanError, RetryError
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Right, without_proof
from privacy.services.fulfilment import plan
from privacy.services.fulfilment.context import Context
from privacy.services.fulfilment.stages import add_fulfilment
from privacy.services.fulfilment.steps import add_discovery, add_standing_approval
from privacy.services.new_request import new_reference, save_with_clocks, set_email
from privacy.services.nudge import nudge
from privacy.states import Status
from retention.services.holds import lock_holds

WAIT = timedelta(minutes=5)  # for another request of the same person to end


@transaction.atomic
def file_erasure(
    email: str, refs: dict[str, list[str]], *, reason: str, standing: bool = True
) -> PrivacyRequest:
    """A request of our own, looked up at once; `reason` is the code of the rule behind it.

    Not `standing`: it isn't sure who is meant, so that staff approve it as any other.
    """
    now = timezone.now()
    identifier = uuid.uuid4()
    keystore().create(identifier)
    request = PrivacyRequest(
        id=identifier,
        reference=new_reference(),
        role=PrivacyRequest.Role.ACCOUNT_HOLDER,
        rights=[Right.ERASURE],
        channel=PrivacyRequest.Channel.SYSTEM,
        received_at=now,
        refs=refs,
        round=1,
    )
    set_email(request, email)
    save_with_clocks(request)
    request.record("request.received", channel=request.channel, rights=request.rights)
    request.transition_to(Status.VERIFYING, reason=reason)
    request.transition_to(Status.IN_REVIEW, reason=reason, verified_at=now)
    add_discovery(request)
    if standing:
        add_standing_approval(request)
    nudge()
    return request


def approve_standing(step: FulfilmentStep, context: Context) -> Outcome:
    """Approve by the standing rule what every system has answered, unless something blocks it.

    Once a person has proposed it, another person approves it: what one of them let pass binds
    nobody yet.
    """
    with transaction.atomic():
        request = context.request.lock()
        if request.status != Status.IN_REVIEW or request.proposed_by_id:
            return Outcome()  # an earlier attempt did it, or staff were faster
        lock_holds()
        current = plan.current_plan(request)
        codes = plan.blockers(current)
        if codes == ["other_erasure"] and without_proof(request.rights):
            raise RetryError(codes[0], after=WAIT)  # in effect already: the rest has time
        if codes:
            raise NeedsHumanError(codes[0])
        if not plan.is_complete(current, request):
            raise NeedsHumanError("plan_incomplete")
        request.plan = current
        request.save(update_fields=["plan"])
        now = timezone.now()
        request.transition_to(Status.APPROVED, reason="standing_rule", approved_at=now)
        add_fulfilment(request, grace_ends=now)
    return Outcome()
