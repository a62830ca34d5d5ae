"""Erasures that nobody asks for by a form: the schedule's, a restored backup's, a fire drill's.

They run through the same ledger, holds and certificate. Nobody is mailed, and a standing rule
approves them (`privacy.services.standing`).
"""

import uuid

from django.db import transaction
from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from privacy.models import PrivacyRequest
from privacy.rights import Right
from privacy.services.fulfilment.steps import add_discovery, add_standing_approval
from privacy.services.new_request import new_reference, save_with_clocks, set_email
from privacy.services.nudge import nudge
from privacy.states import Status


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
        standing_rule=reason if standing else "",
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
