"""What becomes of a mail: a person decides, once."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from privacy.models import InboundMail, PrivacyRequest
from privacy.services.inbound.reading import record
from privacy.services.inbound.watch import watch_mail
from privacy.services.review import ReviewError

State = InboundMail.State
SETTLED = "Somebody has dealt with this mail already."
NO_REQUEST = "No request that is still worked on has this reference."


class Why(StrEnum):
    """Why a mail is no request. Codes of the trail."""

    NOT_PRIVACY = "not_privacy"
    SPAM = "spam"
    AUTOMATIC = "automatic"
    TWICE = "twice"


@contextmanager
def settling(mail: InboundMail, actor: User) -> Iterator[InboundMail]:
    """The mail under its lock, still waiting; what becomes of it is saved. Raises ReviewError."""
    with transaction.atomic():
        row = InboundMail.objects.select_for_update().get(pk=mail.pk)
        if row.state != State.WAITING:
            raise ReviewError(SETTLED)
        yield row
        row.settled_at, row.settled_by = timezone.now(), actor
        row.save(update_fields=["state", "request", "settled_at", "settled_by"])
    watch_mail()


def taken_in(mail: InboundMail, request: PrivacyRequest, *, actor: User) -> None:
    """It became this request, which staff entered; the address is still to be confirmed."""
    with settling(mail, actor) as row:
        row.state, row.request = State.TAKEN_IN, request
        record(row, "mail.taken_in", actor, request=str(request.pk))
        request.record("mail.belongs", actor=str(actor.pk), mail=str(row.pk))


def join(mail: InboundMail, reference: str, *, actor: User) -> PrivacyRequest:
    """It belongs to a request that is there. That changes nothing of the request."""
    found = PrivacyRequest.objects.filter(
        reference=reference.strip().upper(), key_destroyed_at=None
    ).first()
    if found is None:
        raise ReviewError(NO_REQUEST)
    with settling(mail, actor) as row:
        row.state, row.request = State.JOINED, found
        record(row, "mail.joined", actor, request=str(found.pk))
        found.record("mail.belongs", actor=str(actor.pk), mail=str(row.pk))
    return found


def discard(mail: InboundMail, why: Why, *, actor: User) -> None:
    with settling(mail, actor) as row:
        row.state = State.DISCARDED
        record(row, "mail.discarded", actor, why=str(why))
