"""Downstream notices: the record of who was told of a change, and who confirmed it
(GDPR Art. 19; 11 CCR § 7022(b)(2)-(3)).

The record follows the ledger. Writing it twice, or late, gives the same rows; a run that is lost
costs nothing, because the end of the request writes it too.
"""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from privacy.letters.parts import Informed
from privacy.models import DownstreamNotice, FulfilmentStep, PrivacyRequest
from privacy.rights import RIGHTS
from privacy.selectors.laws import laws_of
from privacy.selectors.notices import CHANGES, Kind, Notice, Way, notices
from privacy.states import Status

State = FulfilmentStep.State
FIELDS = ["way", "told_at", "acknowledged_at"]
CHANGING = [right for right, row in RIGHTS.items() if row.executor in CHANGES]
# The letters that say who was told, and of what.
LETTERS = {
    "erased": Kind.ERASURE,
    "deferred_done": Kind.ERASURE,
    "corrected": Kind.CORRECTION,
    "restricted": Kind.RESTRICTION,
}


def sync(request: PrivacyRequest) -> int:
    """Bring the record up to the ledger. Returns how many rows changed."""
    with transaction.atomic():
        locked = request.lock()
        known = {(row.recipient, row.kind): row for row in locked.notices.all()}
        changed = []
        for each in notices(locked):
            row = known.get((each.recipient.key, each.kind))
            if row is None or values(row) != values(each):
                changed.append((row, each))
                write(locked, each)
        for kind in sorted({each.kind for _, each in changed}):
            record(locked, kind, [pair for pair in changed if pair[1].kind == kind])
    return len(changed)


def values(each: DownstreamNotice | Notice) -> list[Any]:
    return [getattr(each, name) for name in FIELDS]


def write(request: PrivacyRequest, each: Notice) -> None:
    DownstreamNotice.objects.update_or_create(
        request=request,
        recipient=each.recipient.key,
        kind=each.kind,
        defaults={name: getattr(each, name) for name in FIELDS},
    )


def record(
    request: PrivacyRequest, kind: str, changed: list[tuple[DownstreamNotice | None, Notice]]
) -> None:
    """One event for all that is new: who was told, who confirmed it."""
    told = [now for was, now in changed if now.told_at and not (was and was.told_at)]
    confirmed = [
        now for was, now in changed if now.acknowledged_at and not (was and was.acknowledged_at)
    ]
    if told or confirmed:
        request.record(
            "recipients.told",
            kind=kind,
            told=[each.recipient.key for each in told],
            confirmed=[each.recipient.key for each in confirmed],
        )


def behind() -> QuerySet[PrivacyRequest]:
    """Requests whose record may lag: under way, or closed while something was still to come."""
    unended = FulfilmentStep.objects.filter(request=OuterRef("pk")).exclude(
        state__in=[State.DONE, State.CANCELLED]
    )
    unwritten = Q(notices=None, closed_at__isnull=False)
    under_way = Q(status=Status.FULFILLING) | Q(Exists(unended))
    ended = (Status.FULFILLING, Status.COMPLETED, Status.PARTLY)
    rows = PrivacyRequest.objects.filter(status__in=ended, rights__overlap=CHANGING)
    return rows.filter(under_way | unwritten).distinct()


def sync_notices() -> dict[str, int]:
    """Every record that lags, brought up to the ledger."""
    return {"changed": sum(sync(request) for request in behind())}


def informed(request: PrivacyRequest, letter: str) -> tuple[Informed, ...]:
    """Whom a letter names as told of its change. Where nothing was to tell, an erasure says why;
    other changes reach few companies, so that the others stay unsaid.
    """
    kind = LETTERS[letter]
    return tuple(
        as_fact(each)
        for each in notices(request)
        if each.kind == kind and (kind is Kind.ERASURE or each.way is not Way.NOTHING)
    )


def as_fact(each: Notice) -> Informed:
    told, confirmed = each.told_at, each.acknowledged_at
    return Informed(
        each.recipient.title,
        timezone.localdate(told) if told else None,
        timezone.localdate(confirmed) if confirmed else None,
        each.excuse,
    )


def duties(request: PrivacyRequest) -> list[tuple[str, str]]:
    """The laws that make us tell others, by name, with where they say so."""
    rules = [(law.written.name, law.effective.duties.downstream) for law in laws_of(request).of]
    return [
        (name, rule.citation)
        for name, rule in rules
        if rule.value and (rule.value.processors or rule.value.recipients)
    ]
