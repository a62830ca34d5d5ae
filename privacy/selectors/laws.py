"""What a request's dates follow from: its laws, as they were frozen, and what happened to it."""

from datetime import date
from typing import cast

from babel.core import get_global
from django.conf import settings
from django.db.models import QuerySet

from privacy.deadlines import ExtensionNotice, Facts, Stop
from privacy.deadlines.periods import earliest_day, latest_day
from privacy.models import (
    Appeal,
    Extension,
    FulfilmentStep,
    PrivacyRequest,
    RegimeText,
)
from privacy.models.letter import CAME_BACK
from privacy.regimes.loader import in_force, regime_files
from privacy.regimes.resolver import Law, Laws, as_frozen, resolve
from privacy.regimes.spans import Reason, Start

DONE = FulfilmentStep.State.DONE
# Per kind of appeal the event that starts its clock, and the clock's name.
OF_APPEAL = {
    Appeal.Kind.APPEAL: (Start.APPEAL, "appeal"),
    Appeal.Kind.COMPLAINT: (Start.COMPLAINT, "complaint"),
}


def laws_of(request: PrivacyRequest) -> Laws:
    """The laws that the request is measured by, whatever their files say today.

    One of an earlier release has none yet, until `privacy.services.clocks` has seen it.
    """
    if not request.laws:
        return laws_found(request)
    versions: dict[str, str] = request.laws["versions"]
    ids: list[str] = request.laws["regimes"]
    files, on = regime_files(), received_on(request)
    if all(each in files and files[each].version == version for each, version in versions.items()):
        return Laws(tuple(Law(files[each], in_force(each, on)) for each in ids))
    kept = RegimeText.objects.filter(version__in=versions.values())
    return as_frozen(ids, dict(kept.values_list("regime", "text")), on)


def zones_of(country: str) -> tuple[str, ...]:
    """The time zones of the place where the person lives, and ours."""
    return (*get_global("territory_zones").get(country, ()), settings.CONTROLLER_ZONE)


def laws_found(request: PrivacyRequest) -> Laws:
    """The laws of where the person lives, on the day of receipt."""
    also_in = tuple(request.also_in)
    return resolve(request.country, request.state, also_in=also_in, on=received_on(request))


def received_on(request: PrivacyRequest) -> date:
    return earliest_day(request.received_at, zones_of(request.country))


def facts_of(request: PrivacyRequest, appeal: Appeal | None = None) -> Facts:
    """All that the dates of a request, or of an appeal in it, follow from."""
    events = {OF_APPEAL[Appeal.Kind(appeal.kind)][0]: appeal.received_at} if appeal else {}
    saved = not request._state.adding
    return Facts(
        received_at=request.received_at,
        zones=zones_of(request.country),
        events=events,
        stops=tuple(stops(request)) if saved else (),
        notice=notice(request, "") if saved else None,
        appeal_notice=notice(request, str(appeal.pk)) if appeal else None,
        acting_in=settings.REPRESENTATIVE_COUNTRY or None,
    )


def arrived(steps: QuerySet[FulfilmentStep]) -> QuerySet[FulfilmentStep]:
    """Letters that went out and didn't come back, or that staff delivered another way."""
    out = steps.filter(connector="mail", state=DONE).exclude(finished_at=None)
    # By `contains`, as a receipt without the key would fall out too.
    return out.exclude(receipt__contains={"declined": True}).exclude(sent__state__in=CAME_BACK)


def stops(request: PrivacyRequest) -> list[Stop]:
    """What we asked, from the day on which the question was sent."""
    zones = zones_of(request.country)
    asked = request.questions.filter(letter__in=arrived(request.steps.all()))
    return [
        Stop(
            cast("Reason", each.reason),
            latest_day(each.letter.finished_at, zones),
            earliest_day(each.answered_at, zones) if each.answered_at else None,
        )
        for each in asked.select_related("letter")
        if each.letter.finished_at
    ]


def notice(request: PrivacyRequest, about: str) -> ExtensionNotice | None:
    """The extension that the person was told of. One that isn't sent gives no time."""
    told = arrived(request.steps.all())
    row = Extension.objects.filter(request=request, about=about, letter__in=told).first()
    sent_at = row.letter.finished_at if row else None
    if row is None or sent_at is None:
        return None
    day = latest_day(sent_at, zones_of(request.country))
    return ExtensionNotice(day, tuple(row.reasons), row.until)
