"""Making requests: what needs proof waits for it, what needs none is done at once."""

import json
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from django.db import transaction
from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from fluxrouter.foundation.sealed import email_index
from fluxrouter.foundation.trail import SUBJECT
from privacy.models import PrivacyRequest
from privacy.rights import needs_proof, without_proof
from privacy.services import agents, mail, opt_outs, verification
from privacy.services.new_request import new_reference, save_with_clocks, set_email
from privacy.states import Status

# Free text that the part which is done at once needs too.
OF_BOTH = ("customer", "person", "own_name", "own_email")


@dataclass(frozen=True, slots=True)
class Answers:
    """What makes a request. `details` is free text by name: customer, person, message."""

    role: str
    rights: list[str]
    country: str
    email: str
    state: str = ""
    also_in: tuple[str, ...] = ()
    language: str = "en"
    details: dict[str, str] | None = None


class Filing(TypedDict):
    """How a request came."""

    received_at: datetime
    actor: str
    channel: str


@transaction.atomic
def file_request(
    identifier: uuid.UUID,
    answers: Answers,
    *,
    received_at: datetime,
    actor: str,
    channel: str = PrivacyRequest.Channel.WEB,
) -> PrivacyRequest:
    """The request; where only a part of it needs proof, the rest is a request of its own.

    So each has its own clock, state and letters, and what needs no proof waits for none.
    """
    first, at_once = parted(answers.rights)
    how: Filing = {"received_at": received_at, "actor": actor, "channel": channel}
    request = create_request(identifier, replace(answers, rights=first), **how)
    if at_once:
        details = {name: text for name, text in (answers.details or {}).items() if name in OF_BOTH}
        rest = replace(answers, rights=at_once, details=details)
        create_request(split_id(request, answers.email), rest, split_from=request, **how)
    return request


def parted(rights: list[str]) -> tuple[list[str], list[str]]:
    """The rights of the request, and those that are split off because they need no proof."""
    proved = [right for right in rights if needs_proof(right)]
    at_once = [right for right in rights if not needs_proof(right)]
    return (proved, at_once) if proved else (at_once, [])


def split_id(request: PrivacyRequest, email: str) -> uuid.UUID:
    """The same for the same request and address, so that nothing is split off twice."""
    return uuid.uuid5(request.pk, email_index(email).hex())


def split_off(request: PrivacyRequest) -> list[PrivacyRequest]:
    """What was done at once beside a request, the newest first."""
    rows = PrivacyRequest.objects.filter(split_from=request).order_by("-received_at")
    return [row for row in rows if without_proof(row.rights)]


@transaction.atomic
def create_request(
    identifier: uuid.UUID,
    answers: Answers,
    *,
    received_at: datetime,
    actor: str,
    channel: str = PrivacyRequest.Channel.WEB,
    split_from: PrivacyRequest | None = None,
) -> PrivacyRequest:
    """The row, its first events and its letter; its rights all need proof, or none does.

    Without proof it is in effect when the transaction ends; else the letter asks to confirm.
    """
    keystore().create(identifier)
    request = PrivacyRequest(
        id=identifier,
        reference=new_reference(),
        role=answers.role,
        rights=sorted(set(answers.rights)),
        channel=channel,
        country=answers.country,
        state=answers.state,
        also_in=list(answers.also_in),
        language=answers.language,
        received_at=received_at,
        split_from=split_from,
    )
    set_email(request, answers.email)
    request.write("details", json.dumps(answers.details or {}))
    save_with_clocks(request)
    request.record("request.received", actor=actor, channel=channel, rights=request.rights)
    if without_proof(request.rights):
        opt_outs.begin(request, actor=actor)
    else:
        request.transition_to(Status.VERIFYING, actor=actor)
        mail.queue(request, "verify")
    agents.begin(request)
    return request


def change_email(request: PrivacyRequest, email: str) -> None:
    """A mistyped address, before it was confirmed. What was done at once for the wrong one is done
    for the right one too. Raises TooSoonError after too many letters.
    """
    with transaction.atomic():
        verification.change_email(request, email)
        request.refresh_from_db()
        parts = split_off(request)
        identifier = split_id(request, email)
        if not parts or request.email_index != email_index(email):
            return
        if not any(part.pk == identifier for part in parts):
            create_request(
                identifier,
                answers_of(parts[0], email),
                received_at=timezone.now(),
                actor=SUBJECT,
                channel=request.channel,
                split_from=request,
            )


def answers_of(request: PrivacyRequest, email: str) -> Answers:
    """What made a request, with another address."""
    return Answers(
        role=request.role,
        rights=request.rights,
        country=request.country,
        email=email,
        state=request.state,
        also_in=tuple(request.also_in),
        language=request.language,
        details=json.loads(request.read("details")),
    )
