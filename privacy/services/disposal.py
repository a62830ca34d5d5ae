"""The end of a closed request's record: its rows and its chain of events go; the seal stays."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Restriction
from fluxrouter.foundation.models import TrailChain
from fluxrouter.foundation.trail.seal import dispose_chain
from privacy.deadlines import record_until
from privacy.models import Drill, PrivacyRequest
from privacy.selectors import restrictions
from privacy.selectors.held import is_named
from privacy.services.clocks import laws_of
from retention.dispositions import register
from retention.rules import RetentionRule
from retention.schedule import BY_MODEL
from retention.selectors.holds import covered, over
from retention.services.holds import lock_holds
from retention.services.rows import delete_with_children
from retention.services.tally import count


def closed(rule: RetentionRule, now: datetime) -> QuerySet[PrivacyRequest]:
    """Those whose contact key is gone and that restrict nothing any more. What they restricted
    goes with them, so that a hold on that keeps them as well.
    """
    rows = over(rule, now).filter(~restrictions.of_request(), key_destroyed_at__isnull=False)
    held = covered(BY_MODEL["accounts.Restriction"])
    theirs = Restriction.objects.filter(held, request_id__isnull=False)
    return rows.exclude(pk__in=theirs.values("request_id")) if held else rows


def ready(rule: RetentionRule, now: datetime) -> list[PrivacyRequest]:
    return [request for request in closed(rule, now) if may_go(request, now.date())]


@register(
    "delete_request",
    due=lambda rule, now: len(ready(rule, now)),
    unties=("privacy.Drill.request",),
)
def delete_requests(rule: RetentionRule, now: datetime) -> int:
    return sum(delete_request(request, rule, now) for request in ready(rule, now))


def may_go(request: PrivacyRequest, today: date) -> bool:
    """Whether no hold names its accounts, its chain is sealed to the end, and its own law wants no
    longer record (some want three years).
    """
    if request.closed_at is None or is_named(request.refs) or not is_sealed(chain_of(request)):
        return False
    ends = [record_until(law, request.closed_at.date()) for law in laws_of(request).of]
    return all(end is None or end <= today for end in ends)


def chain_of(request: PrivacyRequest) -> TrailChain | None:
    return TrailChain.objects.filter(pk=request.pk).first()


def is_sealed(chain: TrailChain | None) -> bool:
    return chain is None or chain.sealed_seq == chain.head_seq


def delete_request(request: PrivacyRequest, rule: RetentionRule, now: datetime) -> bool:
    """All or nothing. False: its chain isn't sealed to the end yet; the next run does it. Or a
    hold was placed meanwhile.
    """
    chain = chain_of(request)
    if not is_sealed(chain):
        return False
    with transaction.atomic(using="owner"):
        lock_holds(using="owner")
        if is_named(request.refs) or not closed(rule, now).filter(pk=request.pk).exists():
            return False
        if chain:
            dispose_chain(request.pk, because="retention.rule")
        Restriction.objects.using("owner").filter(request_id=request.pk).delete()
        Drill.objects.using("owner").filter(request_id=request.pk).update(request=None)
        delete_with_children(PrivacyRequest.objects.using("owner").filter(pk=request.pk))
        count(rule.name, 1, using="owner")
    return True
