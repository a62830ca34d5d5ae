"""Restrictions in force: of which uses, since when, and what they mean."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Account, Restriction
from accounts.purposes import PURPOSES, Effect, Purpose
from fluxrouter.foundation.models import TrailEvent
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Right, in_order, without_proof
from privacy.selectors import interim
from privacy.selectors.refusals import grants
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
    return [Stopped(purpose, PURPOSES[purpose]) for purpose in interim.to_stop(request)]


def told_stopped(request: PrivacyRequest) -> list[Stopped]:
    """The same of somebody without an account, of whom no row says it: by itself or for good."""
    decided = interim.to_stop(request) if request.approved_at else ()
    purposes = in_order({*interim.in_force(request), *decided})
    return [Stopped(purpose, PURPOSES[purpose]) for purpose in purposes]


def rows(request: PrivacyRequest) -> QuerySet[Restriction]:
    return Restriction.objects.filter(IN_FORCE, request_id=request.pk)


def in_force(request: PrivacyRequest) -> InForce | None:
    found = list(rows(request))
    if not found:
        first = elsewhere().filter(request=request).order_by("finished_at").first()
        since = first.finished_at if first else None
        return InForce(since, told_stopped(request)) if since else None
    purposes = {row.purpose for row in found}
    stopped = [Stopped(each, PURPOSES[each]) for each in Purpose if each in purposes]
    return InForce(min(row.since for row in found), stopped)


def shown(request: PrivacyRequest) -> InForce | None:
    """What the person reads of it. Whoever proved nothing reads the same for any address."""
    if request.verified_at or not without_proof(request.rights):
        return in_force(request)
    lifted = request.steps.filter(action="lift_restriction", state=State.DONE).exists()
    if lifted or request.status in (Status.DENIED, Status.WITHDRAWN):
        return None
    events = TrailEvent.objects.filter(chain_id=request.pk, code="request.opted_out")
    since = events.values_list("at", flat=True).first()
    return InForce(since, stops(request)) if since else None


def newer(request: PrivacyRequest) -> PrivacyRequest | None:
    """Another request that restricted the same accounts later, and has something to lift yet."""
    ours = Restriction.objects.filter(request_id=request.pk).order_by("since")
    if not (first := ours.first()):
        return newer_elsewhere(request)
    lifts = FulfilmentStep.objects.filter(action="lift_restriction").exclude(state__in=ENDED)
    restricts = IN_FORCE | Q(request_id__in=lifts.values("request_id"))
    accounts = ours.values_list("account_id", flat=True)
    asked_for = Restriction.objects.filter(source=Restriction.Source.REQUEST)
    later = asked_for.filter(restricts, account_id__in=accounts, since__gt=first.since)
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
        grants(Right.ERASURE),
        email_index=OuterRef("request__email_index"),
        status__in=[Status.COMPLETED, Status.PARTLY],
        closed_at__gt=OuterRef("finished_at"),
    )
    return restricts.exclude(Exists(lifts) | Exists(accounts) | Exists(erasures))


def of_request() -> Q:
    """Whether a request restricts something now, as a condition on `PrivacyRequest`."""
    rows_of = Restriction.objects.filter(IN_FORCE, request_id=OuterRef("pk"))
    return Q(Exists(rows_of)) | Q(Exists(elsewhere().filter(request=OuterRef("pk"))))
