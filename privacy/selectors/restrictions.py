"""Restrictions in force: of which uses, since when, and what they mean."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Account, Restriction
from accounts.purposes import PURPOSES, Effect, Purpose
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Right, stopped_purposes
from privacy.states import Status

# An erasure's freeze is no restriction that a person asked for, and an account that is gone has
# nothing left to use.
IN_FORCE = Q(lifted_at=None, account_id__in=Account.objects.values("pk")) & ~Q(
    purpose=Purpose.SERVICE
)
State = FulfilmentStep.State
ENDED = (State.DONE, State.CANCELLED)


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
        first = elsewhere().filter(request=request).order_by("finished_at").first()
        return InForce(first.finished_at, stops(request)) if first and first.finished_at else None
    purposes = {row.purpose for row in found}
    stopped = [Stopped(each, PURPOSES[each]) for each in Purpose if each in purposes]
    return InForce(min(row.since for row in found), stopped)


def newer(request: PrivacyRequest) -> PrivacyRequest | None:
    """Another request that restricted the same accounts later, and has something to lift yet."""
    ours = Restriction.objects.filter(request_id=request.pk).order_by("since")
    if not (first := ours.first()):
        return newer_elsewhere(request)
    lifts = FulfilmentStep.objects.filter(action="lift_restriction").exclude(state__in=ENDED)
    restricts = IN_FORCE | Q(request_id__in=lifts.values("request_id"))
    accounts = ours.values_list("account_id", flat=True)
    later = Restriction.objects.filter(restricts, account_id__in=accounts, since__gt=first.since)
    others = later.exclude(request_id=request.pk).order_by("-since")
    newest = others.values_list("request_id", flat=True).first()
    return PrivacyRequest.objects.filter(pk=newest).first() if newest else None


def newer_elsewhere(request: PrivacyRequest) -> PrivacyRequest | None:
    """The same for somebody without an account, who is known by the address alone."""
    ours = elsewhere().filter(request=request).order_by("finished_at").first()
    if ours is None or request.email_index is None:
        return None
    later = elsewhere().filter(request__email_index=request.email_index)
    newest = later.filter(finished_at__gt=ours.finished_at).exclude(request=request)
    step = newest.order_by("-finished_at").first()
    return step.request if step else None


def elsewhere() -> QuerySet[FulfilmentStep]:
    """What requests of people without an account stopped at processors and didn't give back yet.

    An erasure of the same address leaves nothing there to use.
    """
    restricts = FulfilmentStep.objects.filter(
        action="restrict", state=State.DONE, receipt__has_key="before"
    ).exclude(receipt__before={})
    lifts = FulfilmentStep.objects.filter(
        request=OuterRef("request"),
        connector=OuterRef("connector"),
        action="lift_restriction",
        state=State.DONE,
    )
    accounts = Restriction.objects.filter(request_id=OuterRef("request"))
    erasures = PrivacyRequest.objects.filter(
        email_index=OuterRef("request__email_index"),
        rights__contains=[Right.ERASURE],
        status__in=[Status.COMPLETED, Status.PARTLY],
        closed_at__gt=OuterRef("finished_at"),
    )
    return restricts.exclude(Exists(lifts) | Exists(accounts) | Exists(erasures))


def of_request() -> Q:
    """Whether a request restricts something now, as a condition on `PrivacyRequest`."""
    rows_of = Restriction.objects.filter(IN_FORCE, request_id=OuterRef("pk"))
    return Q(Exists(rows_of)) | Q(Exists(elsewhere().filter(request=OuterRef("pk"))))
