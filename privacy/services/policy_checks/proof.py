"""Who must prove what before we act, and what is done at once for anybody."""

from datetime import timedelta

from django.db.models import Exists, OuterRef

from accounts.models import Account, Restriction
from accounts.purposes import Purpose
from privacy.models import MailToken, PrivacyRequest
from privacy.rights import RIGHTS, Executor, Right, needs_proof
from privacy.services import tokens
from privacy.services.policy_checks.promise import require, require_none
from privacy.services.policy_checks.rights import uses_are_stopped
from privacy.states import TRANSITIONS, Status

MOST_TRIES = 10
LONGEST_LINK = timedelta(days=7)
WORKED_ON = (Status.APPROVED, Status.FULFILLING, Status.COMPLETED, Status.PARTLY)
ENDED_EARLY = (Status.DENIED, Status.WITHDRAWN)
NEVER_WITHOUT_PROOF = {Purpose.SERVICE, Purpose.BILLING}  # what stopping could cost somebody


def ways_to(status: Status) -> set[Status]:
    return {old for old, exits in TRANSITIONS.items() if status in exits}


def only_verified_requests_are_worked_on() -> None:
    """But for what only stops uses, which the law lets us ask no proof for."""
    require(ways_to(Status.APPROVED) == {Status.IN_REVIEW}, "Requests are approved unseen.")
    require(ways_to(Status.FULFILLING) == {Status.APPROVED}, "Requests start unapproved.")
    require_none(loose(), "No proof of the address is asked for")
    require_none(unproved(), "Worked on without proof")
    life = tokens.LIVES[MailToken.Kind.VERIFY]
    require(life.single_use and life.lasts <= LONGEST_LINK, "The mailed link works too often.")
    require(tokens.MAX_ATTEMPTS <= MOST_TRIES, "A code may be guessed too often.")


def loose() -> list[str]:
    """Rights without proof that do more than to stop uses which cost nobody anything."""
    return [
        right
        for right, row in RIGHTS.items()
        if not needs_proof(right)
        and (row.executor is not Executor.RESTRICT or NEVER_WITHOUT_PROOF & {*row.stops})
    ]


def unproved() -> list[str]:
    """References of requests that need proof, have none, and are, or were, worked on. A report
    about a child asks for nothing itself.
    """
    proved = [right for right in Right if needs_proof(right)]
    rows = PrivacyRequest.objects.filter(
        verified_at=None, rights__overlap=proved, status__in=WORKED_ON
    )
    rows = rows.exclude(role=PrivacyRequest.Role.CHILD_REPORT)
    return list(rows.values_list("reference", flat=True))


def opt_out_is_carried_out() -> None:
    """Planned as other stops are, and in effect from the moment of asking, without proof."""
    uses_are_stopped(Right.OPT_OUT)
    require(not needs_proof(Right.OPT_OUT), "An opt-out waits for a proof.")
    require_none(without_effect(), "Not in effect")


def without_effect() -> list[str]:
    """References of opt-outs whose accounts were never stopped."""
    at_once = [right for right in Right if not needs_proof(right)]
    stopped = Restriction.objects.filter(request_id=OuterRef("pk"))
    asked = PrivacyRequest.objects.filter(rights__contained_by=at_once).exclude(
        status__in=ENDED_EARLY
    )
    return [
        request.reference
        for request in asked.exclude(Exists(stopped))
        if Account.objects.filter(pk__in=request.refs.get("accounts", [])).exists()
    ]
