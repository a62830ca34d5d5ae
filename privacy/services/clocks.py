"""What the laws say of a request, written down: its laws, frozen, and when what is due.

The dates are computed anew from the request's facts (`privacy.selectors.laws`) whenever these
change, never moved by hand: doing it twice, or late, changes nothing.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from privacy.deadlines import Due, Facts, dues, earliest
from privacy.deadlines.periods import end_of_day
from privacy.models import Appeal, PrivacyRequest, RegimeText
from privacy.models import RequestClock as Row
from privacy.regimes.loader import text_of
from privacy.regimes.resolver import Laws
from privacy.rights import in_regimes
from privacy.selectors.clocks import (
    ANSWERS,
    AT_CLOSING,
    OF_REQUEST,
    is_ours,
    met_at,
    percent_over,
)
from privacy.selectors.laws import OF_APPEAL, facts_of, laws_found, laws_of, zones_of

__all__ = [  # what other rooms know by this name
    "ANSWERS",
    "computed",
    "facts_of",
    "follow",
    "freeze_laws",
    "frozen",
    "laws_of",
    "reckon",
    "safe_due",
    "zones_of",
]

# What `reckon` sets, and nobody else.
COMPUTED = (
    *("regime", "rule", "version", "bounded_by", "started_on"),
    *("legal_due", "safe_due", "internal_target", "extended"),
)


def frozen(laws: Laws) -> dict[str, Any]:
    """What a request keeps of its laws."""
    return {"regimes": [law.id for law in laws.of], "versions": laws.versions()}


def freeze_laws(request: PrivacyRequest) -> None:
    """Note which laws apply on the day of receipt, and keep their texts; saving is the caller's.

    A law that changes later moves no date of this request.
    """
    laws = laws_found(request)
    request.laws = frozen(laws)
    keep_texts(laws.versions())


def keep_texts(versions: dict[str, str]) -> None:
    rows = [
        RegimeText(version=version, regime=regime, text=text_of(regime))
        for regime, version in versions.items()
    ]
    RegimeText.objects.bulk_create(rows, ignore_conflicts=True)


def names_of(request: PrivacyRequest, appeal: Appeal | None) -> tuple[str, ...]:
    """The clocks that run. Where nobody asked, nobody waits for a letter that we have it."""
    if appeal:
        return (OF_APPEAL[Appeal.Kind(appeal.kind)][1],)
    return AT_CLOSING if is_ours(request) else OF_REQUEST


def computed(
    request: PrivacyRequest, appeal: Appeal | None = None, facts: Facts | None = None
) -> list[Row]:
    """Every clock of the request, or of one appeal, as the pure functions have it now; or as they
    would have it by other `facts`.
    """
    about, names = str(appeal.pk) if appeal else "", names_of(request, appeal)
    laws, known = laws_of(request), facts or facts_of(request, appeal)
    return [
        row_of(request, about, right, due)
        for right in in_regimes(request.rights)
        for name, due in earliest(dues(laws, right, known)).items()
        if name in names
    ]


def row_of(request: PrivacyRequest, about: str, right: str, due: Due) -> Row:
    return Row(
        request=request,
        about=about,
        clock=due.clock,
        right=right,
        regime=due.source.regime,
        rule=due.source.rule,
        version=due.source.version,
        bounded_by=due.bounded_by,
        started_on=due.start,
        legal_due=due.legal_due,
        safe_due=due.safe_due,
        internal_target=due.internal_target,
        extended=due.extended,
    )


def reckon(request: PrivacyRequest, appeal: Appeal | None = None) -> None:
    """Write down every clock of the request, or of one appeal, as its facts are now.

    Runs in the caller's transaction, with the request's row locked. A clock that was met stays as
    it was then; what already happened to another (reminded, missed) stays unless its date moved.
    """
    about, met = str(appeal.pk) if appeal else "", met_at(request, appeal)
    known = {(row.clock, row.right): row for row in request.clocks.filter(about=about)}
    with transaction.atomic():
        for row in computed(request, appeal):
            write(known.pop((row.clock, row.right), row), row, met.get(row.clock))
        # Of a right that isn't asked for any more.
        request.clocks.filter(pk__in=[row.pk for row in known.values()], met_at=None).delete()
        if not appeal:
            note_due(request)


def write(row: Row, now_is: Row, met: datetime | None) -> None:
    """Bring one row up to date, unless it was met before; a new row is its own `now_is`."""
    if row.met_at:
        return
    before = values_of(row)
    moved = (row.started_on, row.safe_due) != (now_is.started_on, now_is.safe_due)
    for name in COMPUTED:
        setattr(row, name, getattr(now_is, name))
    now, over_at, is_new = timezone.now(), end_of_day(row.safe_due), row._state.adding
    if moved:
        row.reminded = min(row.reminded, percent_over(row, now.date()))
    was_missed, row.met_at = row.missed_at, met
    row.missed_at = over_at if not is_new and (met or now) >= over_at else None
    if is_new or values_of(row) != before:
        row.save()
    if row.missed_at and not was_missed:
        row.request.record("clock.missed", clock=row.clock, right=row.right, law=row.regime)


def values_of(row: Row) -> list[Any]:
    return [getattr(row, name) for name in (*COMPUTED, "met_at", "reminded", "missed_at")]


def note_due(request: PrivacyRequest) -> None:
    """The queue's date: the earliest of what is still to be answered."""
    answers = request.clocks.filter(about="", clock__in=ANSWERS, met_at=None)
    first = answers.order_by("safe_due").first()
    if first is None or first.safe_due == request.due_on:
        return
    was, request.due_on = request.due_on, first.safe_due
    PrivacyRequest.objects.filter(pk=request.pk).update(due_on=request.due_on)
    request.record("request.due_moved", was=was.isoformat(), now=request.due_on.isoformat())


def safe_due(request: PrivacyRequest, facts: Facts | None = None) -> date:
    """When the first answer is due by the request's facts, or by others. Writes nothing."""
    rows = computed(request, facts=facts)
    return min(row.safe_due for row in rows if row.clock in ANSWERS)


def follow(request_id: UUID) -> None:
    """Bring all clocks of a request, and of its appeals, in line with what happened.

    Called after whatever meets or moves one. A lost call costs a minute: a job asks each minute.
    """
    with transaction.atomic():
        request = PrivacyRequest(pk=request_id).lock()
        if not request.laws:  # of an earlier release
            freeze_laws(request)
            request.save(update_fields=["laws"])
        reckon(request)
        for appeal in request.appeals.all():
            reckon(request, appeal)
