"""What an appeal won: a request of our own that does what was refused."""

import uuid
from datetime import datetime

from django.db import transaction

from fluxrouter.foundation.keystore import keystore
from privacy.models import PrivacyRequest
from privacy.rights import Right
from privacy.services import auto_restriction, mail, recourse
from privacy.services.fulfilment.steps import add_discovery
from privacy.services.new_request import new_reference, save_with_clocks, set_email
from privacy.services.nudge import nudge
from privacy.services.verification import known_refs
from privacy.states import Status

COPIED = ("role", "channel", "country", "state", "also_in", "language", "is_urgent")


@transaction.atomic
def file_follow_up(
    first: PrivacyRequest, rights: list[str], *, received_at: datetime, actor: str
) -> PrivacyRequest:
    """The same person's, sealed under a key of its own, with clocks from the appeal.

    Who was known then is known now, so it goes into review at once. If the first request failed
    because nobody confirmed the address, that comes first.
    """
    identifier = uuid.uuid4()
    keystore().create(identifier)
    request = PrivacyRequest(
        id=identifier,
        reference=new_reference(),
        rights=sorted(rights),
        received_at=received_at,
        split_from=first,
        **{name: getattr(first, name) for name in COPIED},
    )
    email = first.read("email")
    set_email(request, email)
    request.write("details", first.read("details"))
    if Right.RECTIFICATION in rights:
        request.write("corrections", first.read("corrections"))
    save_with_clocks(request)
    request.record("request.received", actor=actor, channel=request.channel, rights=request.rights)
    if not first.round:  # nobody confirmed it, so that nothing was looked up
        request.transition_to(Status.VERIFYING, actor=actor, reason="appeal")
        mail.queue(request, "verify")
    else:
        begin(request, first, email, actor)
    return request


def begin(request: PrivacyRequest, first: PrivacyRequest, email: str, actor: str) -> None:
    request.transition_to(
        Status.IN_REVIEW,
        actor=actor,
        reason="appeal",
        verified_at=first.verified_at,
        refs=known_refs(email),
        round=1,
    )
    add_discovery(request)
    auto_restriction.begin(request)
    recourse.settle(request)
    mail.queue(request, "taken_up_again")
    nudge()
