"""Requests of a customer's end users: passed on to the customer, and the help we owe with them.

What customers send through us is theirs to answer for (`privacy.regimes.roles`); what we hold
ourselves is answered in the same request (GDPR Art. 28(3)(e)).
"""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.identity import accounts_of
from accounts.models import Account, User
from fluxrouter.foundation.alarms import sync_alarms
from privacy.deadlines.working_days import WorkingDays, working_days_after
from privacy.models import Forwarding, PrivacyRequest
from privacy.services import mail
from privacy.services.people_facts import HELP_WITHIN
from privacy.services.review import ReviewError, write_note
from privacy.states import Status

State = Forwarding.State
BUSINESS_DAYS = 5  # after the address was confirmed, for “without undue delay”
MOST_FOUND = 10
SHORTEST_NAME = 3
NOT_CONFIRMED = (Status.RECEIVED, Status.VERIFYING, Status.WITHDRAWN)
NOTE = "forwarding"
# What may follow on each state.
NEXT: dict[str, tuple[str, ...]] = {
    State.FINDING: (State.FORWARDED, State.NOT_FOUND),
    State.NOT_FOUND: (State.FORWARDED,),
    State.FORWARDED: (State.ASSISTING, State.ENDED),
    State.ASSISTING: (State.ENDED,),
    State.ENDED: (State.ASSISTING,),
}


def concerned() -> QuerySet[PrivacyRequest]:
    """Requests of end users whose address is theirs, as far as it can be read."""
    rows = PrivacyRequest.objects.filter(role=PrivacyRequest.Role.END_USER, split_from=None)
    return rows.exclude(verified_at=None).exclude(status__in=NOT_CONFIRMED)


def is_concerned(request: PrivacyRequest) -> bool:
    return concerned().filter(pk=request.pk).exists()


def state_of(request: PrivacyRequest) -> str:
    row = Forwarding.objects.filter(request=request).first()
    return row.state if row else State.FINDING


def why_not(request: PrivacyRequest, new: str) -> str:
    """Why a request can't be moved to this state now; "" when it can."""
    if not is_concerned(request):
        return "Nobody asks here about a service of a customer’s, or the address isn’t confirmed."
    if request.key_destroyed_at:
        return "The key of this request is destroyed: nobody can say any more what was asked."
    if new not in NEXT[state_of(request)]:
        return f"This doesn’t follow on “{State(state_of(request)).label}”."
    return ""


def pass_on_by(request: PrivacyRequest) -> date:
    """The day by which the customer should have it."""
    begun = (request.verified_at or request.received_at).date()
    return working_days_after(begun, BUSINESS_DAYS, WorkingDays())


def find_customers(text: str) -> list[Account]:
    """Accounts by id, by a whole address or by a part of the company's name; some, not all."""
    wanted = text.strip()
    if account := by_id(wanted):
        return [account]
    if "@" in wanted:
        return accounts_of(wanted)
    if len(wanted) < SHORTEST_NAME:
        return []
    found = Account.objects.filter(company__icontains=wanted, closed_at=None)
    return list(found.order_by("company", "created_at")[:MOST_FOUND])


def by_id(text: str) -> Account | None:
    try:
        return Account.objects.filter(pk=UUID(text)).first()
    except ValueError:
        return None


def locked_row(request: PrivacyRequest, new: str) -> Forwarding:
    """The row, ours until the transaction ends, if it may move on. Raises ReviewError."""
    locked = request.lock()
    if problem := why_not(locked, new):
        raise ReviewError(problem)
    row, _ = Forwarding.objects.get_or_create(request=locked, defaults={"made_at": timezone.now()})
    return row


def forward(request: PrivacyRequest, *, account_id: UUID, actor: User) -> None:
    """Two letters: to the customer what was asked and by whom, to the person who decides."""
    with transaction.atomic():
        row = locked_row(request, State.FORWARDED)
        if not Account.objects.filter(pk=account_id).exists():
            raise ReviewError("This account doesn’t exist any more.")
        row.account_id, row.state = account_id, State.FORWARDED
        row.forwarded_at, row.handled_by = timezone.now(), actor
        row.save()
        request.record("forwarding.forwarded", actor=str(actor.pk), account=str(account_id))
        mail.queue(request, "forwarded_request")
        mail.queue(request, "forwarded")


def not_found(request: PrivacyRequest, *, actor: User, reason: str) -> None:
    """The person is told whom to turn to; a customer who is found later still gets it."""
    with transaction.atomic():
        row = locked_row(request, State.NOT_FOUND)
        row.state, row.handled_by = State.NOT_FOUND, actor
        row.save()
        request.record("forwarding.not_found", actor=str(actor.pk))
        write_note(request, author=actor, about=NOTE, text=reason)
        mail.queue(request, "not_forwarded")


def help_asked(request: PrivacyRequest, *, actor: User, what: str) -> None:
    """The customer needs something of us: from now on we have `HELP_WITHIN` for it."""
    with transaction.atomic():
        row = locked_row(request, State.ASSISTING)
        now = timezone.now()
        row.state, row.handled_by = State.ASSISTING, actor
        row.asked_at, row.due_on, row.ended_at = now, (now + HELP_WITHIN).date(), None
        add_text(row, what)
        row.save()
        request.record("forwarding.help_asked", actor=str(actor.pk), until=str(row.due_on))


def end(request: PrivacyRequest, *, actor: User, what: str) -> None:
    """What we did for the customer, or why nothing was to do."""
    with transaction.atomic():
        row = locked_row(request, State.ENDED)
        row.state, row.ended_at, row.handled_by = State.ENDED, timezone.now(), actor
        add_text(row, what)
        row.save()
        request.record("forwarding.ended", actor=str(actor.pk))


def add_text(row: Forwarding, text: str) -> None:
    """Sealed, one paragraph after the other."""
    row.write("assistance", "\n\n".join(filter(None, [row.read("assistance"), text])))


def begin_all() -> int:
    """A row for each request that has to be passed on and has none yet."""
    missing = concerned().filter(forwarding=None, key_destroyed_at=None)
    rows = [Forwarding(request=each, made_at=timezone.now()) for each in missing]
    return len(Forwarding.objects.bulk_create(rows, ignore_conflicts=True))


def late() -> set[str]:
    """References of what should be with the customer by now, or of help that is overdue."""
    today = timezone.now().date()
    finding = concerned().filter(forwarding__state=State.FINDING, key_destroyed_at=None)
    helping = Forwarding.objects.filter(state=State.ASSISTING, due_on__lt=today)
    return {each.reference for each in finding if pass_on_by(each) < today} | set(
        helping.values_list("request__reference", flat=True)
    )


def watch_forwarding() -> dict[str, int]:
    """Begin what is to be passed on, and one alarm for each that is late."""
    begun = begin_all()
    found = late()
    sync_alarms("forwarding_late", found)
    return {"begun": begun, "late": len(found)}
