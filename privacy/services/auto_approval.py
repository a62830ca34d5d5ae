"""Approving what the table lets pass without a person; everything else waits for staff."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from privacy.auto_approval import rule
from privacy.connectors.base import Outcome
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Level
from privacy.selectors import refusals
from privacy.services.fulfilment import plan
from privacy.services.fulfilment.context import Context
from privacy.services.fulfilment.stages import add_fulfilment
from privacy.services.fulfilment.steps import Steps, asked
from privacy.services.nudge import nudge
from privacy.states import Status
from retention.services.holds import lock_holds

STEP = "request:auto_approve"
Role = PrivacyRequest.Role
# Who asks for themselves. Whether somebody may act for another is for people to judge.
FOR_THEMSELVES = (Role.ACCOUNT_HOLDER, Role.VISITOR)
Plan = dict[str, dict[str, Any]]


def offer(request: PrivacyRequest) -> None:
    """Let the table decide once every system has answered, if it has a rule for this request.

    Runs in the transaction that puts the request into review.
    """
    if rule_of(request):
        steps = Steps(request, timezone.now())
        steps.add(STEP, [f"{name}:discover" for name in asked(request)])
        steps.save()


def rule_of(request: PrivacyRequest) -> str:
    proved = Level.ADDRESS if request.verified_at else Level.NONE
    return rule(request.rights, settings.AUTO_APPROVE, proved)


def run(step: FulfilmentStep, context: Context) -> Outcome:
    """Approve, or leave it to staff: the receipt says why."""
    with transaction.atomic():
        request = context.request.lock()
        lock_holds()
        current = plan.current_plan(request)
        if why := for_staff(request, current):
            return Outcome(receipt={"left_to_staff": why})
        now = timezone.now()
        request.plan = current
        request.save(update_fields=["plan"])
        request.record("request.auto_approved", rule=rule_of(request))
        request.transition_to(Status.APPROVED, reason="auto_approved", approved_at=now)
        add_fulfilment(request, grace_ends=now)
        nudge()
    return Outcome(receipt={"rule": rule_of(request)})


def for_staff(request: PrivacyRequest, current: Plan) -> str:
    """Why a person has to look first, as a code; "" when nobody has to. A blocker that staff could
    let pass is one here.
    """
    blockers = sorted(code for part in current.values() for code in part["blockers"])
    reasons = {
        "moved_on": request.status != Status.IN_REVIEW or bool(request.proposed_by_id),
        "not_switched_on": not rule_of(request),
        "for_another": request.role not in FOR_THEMSELVES,
        "urgent": request.is_urgent,
        "looked_again": request.round != 1,
        "refused_part": refusals.in_force(request).exists(),
        "question": request.questions.filter(answered_at=None).exists(),
        "several_accounts": len(request.refs.get("accounts", [])) > 1,
        "plan_incomplete": not plan.is_complete(current, request),
        **dict.fromkeys(blockers, True),
    }
    return next((code for code, holds in reasons.items() if holds), "")
