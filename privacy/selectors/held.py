"""Legal holds on what a request is about, and what the person is told of them."""

from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from psycopg import sql

from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from privacy.connectors.base import Subject
from privacy.connectors.database.find import count_rows, slices
from privacy.grounds import GROUNDS, Ground
from privacy.models import PrivacyRequest
from privacy.selectors.recourse import is_refused
from retention.models import LegalHold
from retention.schedule import BY_MODEL
from retention.selectors.holds import in_days


class Held(NamedTuple):
    """Why data must stay for now, where that stands, and until when as far as that is known."""

    reason: str
    citation: str
    until: date | None


def holds_on(request: PrivacyRequest) -> list[LegalHold]:
    """The holds that stand in the way of an erasure: those that name one of the accounts, and
    those on days in which the person has rows.

    A request's own hold doesn't stop its own erasure: that begins when the copy is made. But if
    the copy is refused, the data stays.
    """
    named = naming(request.refs)
    found = named if is_refused(request) else named.exclude(Q(request_id=request.pk))
    ranges = list(in_force().filter(subject_id=None))
    subject = subject_of(request) if ranges else None
    return [*found, *(hold for hold in ranges if subject and has_rows(subject, hold))]


def in_force() -> QuerySet[LegalHold]:
    return LegalHold.objects.filter(released_at=None).select_related("placed_by")


def naming(refs: dict[str, list[str]]) -> QuerySet[LegalHold]:
    return in_force().filter(subject_id__in=refs.get("accounts", []))


def is_named(refs: dict[str, list[str]]) -> bool:
    return naming(refs).exists()


def subject_of(request: PrivacyRequest) -> Subject:
    """With an address only while its key is there: what is found by address may be older."""
    try:
        email = request.read("email")
    except (KeyGoneError, SealError):
        email = ""
    return Subject(request.pk, email, request.refs)


def has_rows(subject: Subject, hold: LegalHold) -> bool:
    """Whether the person has rows in the days of a hold that names nobody."""
    days = in_days(BY_MODEL[hold.model], hold.since, hold.until)
    conditions = {
        part.table: sql.SQL("{} AND {}").format(part.condition, days)
        for part in slices(subject)
        if part.row.model == hold.model
    }
    with connection.cursor() as cursor:
        return bool(count_rows(cursor, conditions))


def told(request: PrivacyRequest) -> list[Held]:
    """The same for the person, each once. Of a claim or an order they learn that there is one."""
    found = {held(hold) for hold in holds_on(request)}
    return sorted(found, key=lambda each: (each.reason, each.citation))


def held(hold: LegalHold) -> Held:
    if hold.ground == LegalHold.Ground.RECOURSE:
        return Held(GROUNDS[Ground.RECOURSE].reason, hold.citation, hold.review_on)
    row = GROUNDS[Ground.LEGAL_HOLD]
    return Held(row.reason, row.citation, None)
