"""What letters say of corrections, restrictions and late erasures, as their facts."""

from datetime import date

from django.conf import settings
from django.utils import timezone

from privacy.connectors.registry import connectors
from privacy.correctable import OTHER, label_of
from privacy.letters.facts import Corrected, NotCorrected, StoppedUse
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Right
from privacy.selectors import restrictions
from privacy.selectors.progress import about_of, newest_note

State = FulfilmentStep.State
BY_HAND = "By hand"


def corrected(request: PrivacyRequest) -> tuple[Corrected, ...]:
    """Per system the fields that have their new value; fields that it doesn't hold stay unsaid."""
    written = request.corrected.exclude(applied_at=None)
    fields: dict[str, list[str]] = {}
    for name, field in written.values_list("connector", "field").distinct():
        fields.setdefault(name, []).append(label_of(field))
    found = [
        Corrected(connector.title, tuple(sorted(set(fields[name]))))
        for name, connector in connectors().items()
        if name in fields
    ]
    step = by_hand(request)
    if step and not step.receipt.get("declined"):
        found.append(Corrected(BY_HAND, (label_of(OTHER),)))
    return tuple(found)


def not_corrected(request: PrivacyRequest) -> tuple[NotCorrected, ...]:
    """What staff declined to put right by hand. A system that fails is retried until it's done."""
    step = by_hand(request)
    if step is None or not step.receipt.get("declined"):
        return ()
    return (NotCorrected(BY_HAND, label_of(OTHER), newest_note(request, about=about_of(step))),)


def by_hand(request: PrivacyRequest) -> FulfilmentStep | None:
    return request.steps.filter(
        connector="manual", action=Right.RECTIFICATION, state=State.DONE
    ).first()


def stopped(request: PrivacyRequest) -> tuple[StoppedUse, ...]:
    return tuple(
        StoppedUse(str(each.purpose.label), each.effect.stops, each.effect.goes_on)
        for each in restrictions.stops(request)
    )


def resuming(request: PrivacyRequest) -> tuple[str, ...]:
    found = restrictions.in_force(request)
    return tuple(str(each.purpose.label) for each in found.stopped) if found else ()


def resumes_on() -> date:
    """The notice counts from this very letter."""
    return timezone.localdate(timezone.now() + settings.LIFT_NOTICE)
