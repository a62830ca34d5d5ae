"""What a standing rule approves, and whether it still holds when the work begins."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Account
from fluxrouter.foundation.trail import SYSTEM
from privacy.connectors.base import Outcome
from privacy.connectors.errors import NeedsHumanError, RetryError
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import without_proof
from privacy.services import closed_accounts, dormant_accounts
from privacy.services.fulfilment import plan
from privacy.services.fulfilment.context import Context
from privacy.services.fulfilment.stages import add_fulfilment
from privacy.services.withdrawal import withdraw
from privacy.standing_rules import STANDING_RULES, scheduled
from privacy.states import Status
from retention.rules import RetentionRule
from retention.services.holds import lock_holds

WAIT = timedelta(minutes=5)  # for another request of the same person to end
ENDED = "rule_ended"  # why such a request is withdrawn

# Whose time is up by a rule of the schedule, whether a hold covers them or not.
UP: dict[str, Callable[[RetentionRule, datetime], QuerySet[Account]]] = {
    closed_accounts.REASON: closed_accounts.up,
    dormant_accounts.REASON: dormant_accounts.up,
}


def approve(step: FulfilmentStep, context: Context) -> Outcome:
    """Approve by the standing rule what every system has answered, unless something blocks it.

    Once a person has proposed it, another person approves it: what one of them let pass binds
    nobody yet.
    """
    with transaction.atomic():
        request = context.request.lock()
        if request.status != Status.IN_REVIEW or request.proposed_by_id:
            return Outcome()  # an earlier attempt did it, or staff were faster
        if has_ended(request):
            return Outcome()
        lock_holds()
        request.plan = free_plan(request)
        request.save(update_fields=["plan"])
        now = timezone.now()
        request.transition_to(Status.APPROVED, reason="standing_rule", approved_at=now)
        add_fulfilment(request, grace_ends=now + grace(request))
    return Outcome()


def free_plan(request: PrivacyRequest) -> plan.Plan:
    """The plan when nothing stands in its way, or the error that says what does."""
    current = plan.current_plan(request)
    codes = plan.blockers(current)
    if codes == ["other_erasure"] and without_proof(request.rights):
        raise RetryError(codes[0], after=WAIT)  # in effect already: the rest has time
    if codes:
        raise NeedsHumanError(codes[0])
    if not plan.is_complete(current, request):
        raise NeedsHumanError("plan_incomplete")
    return current


def grace(request: PrivacyRequest) -> timedelta:
    """The pause of any erasure; none where somebody decided before, or nobody is meant."""
    row = STANDING_RULES.get(request.standing_rule)
    return settings.ERASURE_GRACE if row and row.dispose else timedelta(0)


def has_ended(request: PrivacyRequest) -> bool:
    """Withdraw what the schedule filed and what its rule would file no more: days may lie between,
    and an account that was opened or used again must stay. In the caller's transaction, with the
    request's row locked; the accounts' rows are from here on.
    """
    if applies(request):
        return False
    withdraw(request, actor=SYSTEM, reason=ENDED)
    return True


def applies(request: PrivacyRequest) -> bool:
    if request.standing_rule not in UP:
        return True
    rule = scheduled(request.standing_rule)
    if rule is None:
        return False
    theirs = Account.objects.filter(pk__in=request.refs.get("accounts", []))
    here = {account.pk for account in theirs.select_for_update()}
    up = UP[request.standing_rule](rule, timezone.now())
    return here <= set(up.filter(pk__in=here).values_list("pk", flat=True))
