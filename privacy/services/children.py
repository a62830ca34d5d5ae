"""Reports that a child gave us data: an intake of its own, first in the queue.

The report is about somebody else than its sender, so that nothing is ever looked up by the
sender's address. Staff find the account; it is frozen at once, and a request of our own erases it
with two people, like any other.
"""

import json
import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Account, User
from fluxrouter.foundation.alarms import raise_alarm, sync_alarms
from fluxrouter.foundation.keystore import keystore
from fluxrouter.foundation.trail import SUBJECT, SYSTEM
from privacy.connectors.registry import connectors
from privacy.models import PrivacyRequest
from privacy.rights import Right
from privacy.services import mail, slow_letters
from privacy.services.fulfilment.steps import Steps
from privacy.services.new_request import new_reference, save_with_clocks
from privacy.services.nudge import nudge
from privacy.services.review import ReviewError, write_note
from privacy.services.system import file_erasure
from privacy.services.verification import known_refs
from privacy.states import Status

ALARM = "child_report"
RECEIVED, DONE = "child_report_received", "child_report_closed"
NOTE = "child_report"
GIVEN_UP = (Status.DENIED, Status.WITHDRAWN)  # then the report waits for staff again
Role = PrivacyRequest.Role


def report(
    identifier: uuid.UUID, *, email: str, what: str, slowly: bool = False
) -> PrivacyRequest:
    """Take a report in; a second call with the same id finds the first one's."""
    known = PrivacyRequest.objects.filter(pk=identifier).first()
    if known:
        return known
    try:
        return take_in(identifier, email, what, slowly=slowly)
    except IntegrityError:  # it was sent twice at this very moment
        return PrivacyRequest.objects.get(pk=identifier)


def take_in(identifier: uuid.UUID, email: str, what: str, *, slowly: bool) -> PrivacyRequest:
    """The sender's address has no index: it isn't the address of whom the report is about."""
    with transaction.atomic():
        keystore().create(identifier)
        request = PrivacyRequest(
            id=identifier,
            reference=new_reference(),
            role=Role.CHILD_REPORT,
            rights=[Right.ERASURE],
            is_urgent=True,
            received_at=timezone.now(),
        )
        request.write("email", email.strip())
        request.write("details", json.dumps({"message": what}))
        save_with_clocks(request)
        request.record("request.received", actor=SUBJECT, channel=request.channel)
        request.transition_to(Status.IN_REVIEW, reason=ALARM)
        mail.queue(request, RECEIVED)
        if slowly:
            slow_letters.slow_down(request)
        raise_alarm(ALARM, request.reference)
    return request


def filed(request: PrivacyRequest) -> PrivacyRequest | None:
    """The newest erasure that was filed for a report."""
    rows = PrivacyRequest.objects.filter(split_from=request, channel=PrivacyRequest.Channel.SYSTEM)
    return rows.order_by("-received_at").first()


def why_not(request: PrivacyRequest) -> str:
    """Why nothing can be decided on a report now; "" when it can."""
    if request.role != Role.CHILD_REPORT:
        return "This isn’t a report about a child."
    if not request.is_open:
        return "This report is closed."
    erasure = filed(request)
    if erasure and erasure.status not in GIVEN_UP:
        return f"{erasure.reference} erases this account already."
    return ""


def locked_report(request: PrivacyRequest) -> PrivacyRequest:
    locked = request.lock()
    if problem := why_not(locked):
        raise ReviewError(problem)
    return locked


def identify(
    request: PrivacyRequest, *, account_id: uuid.UUID, actor: User, reason: str
) -> PrivacyRequest:
    """The account is a child's: freeze it now, and file its erasure for two people to approve.

    If they refuse it, what was frozen is given back, and the report waits for staff again.
    """
    with transaction.atomic():
        locked = locked_report(request)
        account = Account.objects.filter(pk=account_id).first()
        if account is None:
            raise ReviewError("This account doesn’t exist any more.")
        erasure = file_erasure(
            account.email, known_refs(account.email), reason=ALARM, standing=False
        )
        PrivacyRequest.objects.filter(pk=erasure.pk).update(split_from=locked, is_urgent=True)
        freeze(erasure)
        locked.record("report.frozen", actor=str(actor.pk), account=str(account.pk))
        write_note(locked, author=actor, about=NOTE, text=reason)
    return erasure


def freeze(erasure: PrivacyRequest) -> None:
    """Ahead of the approval, whose own steps leave these as they are."""
    steps = Steps(erasure, timezone.now())
    for name, connector in connectors().items():
        if connector.freezes:
            steps.add(f"{name}:freeze")
    steps.save()
    nudge()


def close_unfounded(request: PrivacyRequest, *, actor: User, reason: str) -> None:
    """No account, or not a child's. The sender's letter is the same as for an erasure."""
    with transaction.atomic():
        locked = locked_report(request)
        locked.record("report.unfounded", actor=str(actor.pk))
        write_note(locked, author=actor, about=NOTE, text=reason)
        close(locked, actor=str(actor.pk), reason="unfounded")


def close(request: PrivacyRequest, *, actor: str, reason: str) -> None:
    """The report is answered. In the caller's transaction, with the row locked."""
    for status in (Status.APPROVED, Status.FULFILLING, Status.COMPLETED):
        request.transition_to(status, actor=actor, reason=reason)
    mail.queue(request, DONE)


def close_done() -> int:
    """Close each report whose erasure has ended."""
    ended = PrivacyRequest.objects.filter(
        split_from__role=Role.CHILD_REPORT,
        split_from__status=Status.IN_REVIEW,
        status__in=[Status.COMPLETED, Status.PARTLY],
    )
    return sum(close_with(erasure) for erasure in ended.select_related("split_from"))


def close_with(erasure: PrivacyRequest) -> bool:
    if erasure.split_from is None:
        return False
    with transaction.atomic():
        locked = erasure.split_from.lock()
        if locked.status != Status.IN_REVIEW:
            return False
        close(locked, actor=SYSTEM, reason="erased")
    return True


def waiting() -> set[str]:
    """References of reports on which staff have to decide."""
    rows = PrivacyRequest.objects.filter(role=Role.CHILD_REPORT, status=Status.IN_REVIEW)
    return {request.reference for request in rows if not why_not(request)}


def watch_reports() -> dict[str, int]:
    """Close what is done, and one alarm for each report that waits for staff."""
    closed = close_done()
    found = waiting()
    sync_alarms(ALARM, found)
    return {"closed": closed, "waiting": len(found)}
