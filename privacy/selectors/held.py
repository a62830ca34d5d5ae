"""Legal holds on what a request is about, and what the person is told of them."""

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from psycopg import sql

from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from privacy.connectors.base import Subject
from privacy.connectors.database.find import count_rows, slices
from privacy.connectors.errors import RetryError
from privacy.grounds import GROUNDS, Ground, Held
from privacy.models import PrivacyRequest
from privacy.selectors.recourse import is_refused
from retention.models import LegalHold
from retention.partitions import day_of
from retention.schedule import BY_MODEL
from retention.selectors.holds import in_days

LOOKS = 10  # days go one at a time, each in seconds


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
    """Whether the person has rows in the days of a hold that names nobody.

    A day may go between our look at the catalogue and our look into it; the next look at the
    catalogue doesn't name it any more, and what it held is where held rows are.
    """
    for _ in range(LOOKS - 1):
        try:
            return look(subject, hold)
        except RetryError:
            continue
    return look(subject, hold)


def look(subject: Subject, hold: LegalHold) -> bool:
    """Only where the hold's days may be: in the tables of those days, and in those of no day."""
    days = in_days(BY_MODEL[hold.model], hold.since, hold.until)
    conditions = {
        part.table: sql.SQL("{} AND {}").format(part.condition, days)
        for part in slices(subject)
        if part.row.model == hold.model and may_have(part.table, hold)
    }
    with transaction.atomic(), connection.cursor() as cursor:  # so that one can look again
        return bool(count_rows(cursor, conditions))


def may_have(table: str, hold: LegalHold) -> bool:
    day = day_of(table)
    return day is None or (hold.since or day) <= day <= (hold.until or day)


def that_may_be_told(request: PrivacyRequest) -> list[LegalHold]:
    """Without those of which an order or a law forbids to speak."""
    return [hold for hold in holds_on(request) if not hold.secrecy]


def is_held_in_secret(request: PrivacyRequest) -> bool:
    """Whether there is a hold, and none of which the person may learn."""
    found = holds_on(request)
    return bool(found) and all(hold.secrecy for hold in found)


def told(request: PrivacyRequest) -> list[Held]:
    """The same for the person, each once. Of a claim or an order they learn that there is one."""
    found = {held(hold) for hold in that_may_be_told(request)}
    return sorted(found, key=lambda each: (each.reason, each.citation))


def held(hold: LegalHold) -> Held:
    if hold.ground == LegalHold.Ground.RECOURSE:
        return Held(GROUNDS[Ground.RECOURSE].reason, hold.citation, hold.review_on)
    row = GROUNDS[Ground.LEGAL_HOLD]
    return Held(row.reason, row.citation, None)
