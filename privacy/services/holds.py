"""Legal holds, as far as requests are concerned."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from privacy.connectors.base import Subject
from privacy.connectors.database.find import count_rows, slices
from privacy.models import PrivacyRequest
from retention.models import LegalHold
from retention.schedule import BY_MODEL
from retention.selectors.holds import in_days
from retention.services.holds import lock_holds


def is_held(request: PrivacyRequest, *, lock: bool = False) -> bool:
    """Whether a hold stands in the way of erasing this person."""
    if lock:
        lock_holds()
    return any(holds_on(request))


def holds_on(request: PrivacyRequest) -> Iterator[LegalHold]:
    """The holds that name one of the accounts, and those on days in which the person has rows."""
    yield from naming(request.refs)
    ranges = in_force().filter(subject_id=None)
    if ranges:
        subject = subject_of(request)
        yield from (hold for hold in ranges if has_rows(subject, hold))


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
