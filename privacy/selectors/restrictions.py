"""Restrictions in force: of which uses, since when, and what they mean."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Account, Restriction
from accounts.purposes import PURPOSES, Effect, Purpose
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import stopped_purposes

# An erasure's freeze is no restriction that a person asked for, and an account that is gone has
# nothing left to use.
IN_FORCE = Q(lifted_at=None, account_id__in=Account.objects.values("pk")) & ~Q(
    purpose=Purpose.SERVICE
)
ENDED = (FulfilmentStep.State.DONE, FulfilmentStep.State.CANCELLED)


class Stopped(NamedTuple):
    """A use that is, or will be, stopped."""

    purpose: Purpose
    effect: Effect


class InForce(NamedTuple):
    """What a request restricts now."""

    since: datetime
    stopped: list[Stopped]


def stops(request: PrivacyRequest) -> list[Stopped]:
    """The uses that the rights of this request stop."""
    return [Stopped(purpose, PURPOSES[purpose]) for purpose in stopped_purposes(request.rights)]


def rows(request: PrivacyRequest) -> QuerySet[Restriction]:
    return Restriction.objects.filter(IN_FORCE, request_id=request.pk)


def in_force(request: PrivacyRequest) -> InForce | None:
    found = list(rows(request))
    if not found:
        return None
    purposes = {row.purpose for row in found}
    stopped = [Stopped(each, PURPOSES[each]) for each in Purpose if each in purposes]
    return InForce(min(row.since for row in found), stopped)


def newer(request: PrivacyRequest) -> PrivacyRequest | None:
    """Another request that restricted the same accounts later, and has something to lift yet."""
    ours = Restriction.objects.filter(request_id=request.pk).order_by("since")
    if not (first := ours.first()):
        return None
    lifts = FulfilmentStep.objects.filter(action="lift_restriction").exclude(state__in=ENDED)
    restricts = IN_FORCE | Q(request_id__in=lifts.values("request_id"))
    accounts = ours.values_list("account_id", flat=True)
    later = Restriction.objects.filter(restricts, account_id__in=accounts, since__gt=first.since)
    others = later.exclude(request_id=request.pk).order_by("-since")
    newest = others.values_list("request_id", flat=True).first()
    return PrivacyRequest.objects.filter(pk=newest).first() if newest else None


def of_request() -> Exists:
    """Whether a request restricts something now, as a condition on `PrivacyRequest`."""
    return Exists(Restriction.objects.filter(IN_FORCE, request_id=OuterRef("pk")))
