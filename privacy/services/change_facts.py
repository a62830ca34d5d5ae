"""What letters say of corrections, restrictions and late erasures, as their facts."""

from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.purposes import Purpose
from privacy.connectors.registry import connectors
from privacy.correctable import OTHER, label_of
from privacy.letters.parts import Corrected, NotCorrected, StoppedUse
from privacy.models import CorrectedValue, FulfilmentStep, PrivacyRequest
from privacy.rights import Right
from privacy.selectors import interim, restrictions
from privacy.selectors.progress import about_of, newest_note
from privacy.words import kind_name

State = FulfilmentStep.State
BY_HAND = "By hand"
FINAL = "It shows what was true at its time. Nobody can change it afterwards."


def corrected(request: PrivacyRequest) -> tuple[Corrected, ...]:
    """Per system the fields that have their new value; fields that it doesn't hold stay unsaid."""
    found = []
    for name, connector in connectors().items():
        task = by_hand(request, name)
        rows = request.corrected.filter(connector=name)
        if task is None or is_declined(task):
            rows = rows.exclude(applied_at=None)
        if fields := labels(rows):
            found.append(Corrected(connector.title, fields))
    step = by_hand(request, Right.RECTIFICATION)
    if step and not is_declined(step):
        found.append(Corrected(BY_HAND, (label_of(OTHER),)))
    return tuple(found)


def not_corrected(request: PrivacyRequest) -> tuple[NotCorrected, ...]:
    """What staff declined to put right by hand, and copies that nobody can change. A system that
    fails is retried until it's done.
    """
    found = []
    for name, connector in connectors().items():
        task = by_hand(request, name)
        if task and is_declined(task):
            left = labels(request.corrected.filter(connector=name, applied_at=None))
            why = newest_note(request, about=about_of(task))
            found += [NotCorrected(connector.title, field, why) for field in left]
        found += [
            NotCorrected(connector.title, kind_name(kind), FINAL)
            for kind in final_copies(request, name)
        ]
    step = by_hand(request, Right.RECTIFICATION)
    if step and is_declined(step):
        why = newest_note(request, about=about_of(step))
        found.append(NotCorrected(BY_HAND, label_of(OTHER), why))
    return tuple(found)


def final_copies(request: PrivacyRequest, name: str) -> list[str]:
    """Kinds of records in which a system keeps the old values, as its receipt counts them."""
    steps = request.steps.filter(connector=name, action="correct", state=State.DONE)
    return sorted({kind for step in steps for kind in step.receipt.get("final_copies", {})})


def labels(rows: QuerySet[CorrectedValue]) -> tuple[str, ...]:
    return tuple(sorted({label_of(field) for field in rows.values_list("field", flat=True)}))


def by_hand(request: PrivacyRequest, what: str) -> FulfilmentStep | None:
    steps = request.steps.filter(connector="manual", action=what, state=State.DONE)
    return steps.exclude(object="erasure").first()


def is_declined(step: FulfilmentStep) -> bool:
    return bool(step.receipt.get("declined"))


def stopped(request: PrivacyRequest) -> tuple[StoppedUse, ...]:
    return tuple(
        StoppedUse(str(each.purpose.label), each.effect.stops, each.effect.goes_on)
        for each in restrictions.stops(request)
    )


def resuming(request: PrivacyRequest) -> tuple[str, ...]:
    """What the announced lifting gives back; without one, all that stands."""
    gates = request.steps.filter(connector="request", action="lift")
    gate = gates.exclude(state__in=[State.DONE, State.CANCELLED]).first()
    if gate and (purposes := gate.cursor.get("purposes")):
        return tuple(str(Purpose(each).label) for each in purposes)
    found = restrictions.in_force(request)
    return tuple(str(each.purpose.label) for each in found.stopped) if found else ()


def stopped_meanwhile(request: PrivacyRequest) -> tuple[str, ...]:
    """What stopped by itself until the request is decided."""
    return tuple(str(each.label) for each in interim.in_force(request))


def resumes_on() -> date:
    """The notice counts from this very letter."""
    return timezone.localdate(timezone.now() + settings.LIFT_NOTICE)
