"""What people say against our answers: what is open, when it is due, and who may decide it."""

from datetime import date

from django.db.models import CharField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from fluxrouter.foundation.models import TrailEvent
from fluxrouter.foundation.sealed import SealedModel
from fluxrouter.foundation.trail import SUBJECT, SYSTEM
from privacy.models import Appeal, PrivacyRequest, RequestClock
from privacy.rights import Right
from privacy.selectors import refusals
from privacy.states import Status

OPEN = Q(decided_at=None, withdrawn_at=None)
IS_DECIDED = Q(decided_at__isnull=False)
# What can be appealed against. A request that was taken back was never decided.
DECIDED = (Status.COMPLETED, Status.PARTLY, Status.DENIED)
# Events whose author had a part in the decision, and notes that say the same.
DECISIONS = (
    *("request.proposed", "request.approved", "request.refused", "request.denied"),
    *("step.by_hand", "plan.extended", "appeal.decided"),
)
NOTES = ("proposed", "approved", "denied")


def with_due() -> QuerySet[Appeal]:
    """All appeals and complaints with `due_on`, the earliest safe date of their clocks."""
    clocks = RequestClock.objects.filter(
        request=OuterRef("request"), about=Cast(OuterRef("pk"), CharField())
    )
    first = clocks.order_by().values("about").annotate(first=Min("safe_due")).values("first")
    rows = Appeal.objects.select_related("request", "follow_up")
    return rows.annotate(due_on=Subquery(first))


def due_before(day: date) -> Q:
    """As a condition on `with_due`."""
    return Q(due_on__lt=day)


def overdue(today: date) -> QuerySet[Appeal]:
    return with_due().filter(OPEN & due_before(today))


def open_appeal(request: PrivacyRequest, kind: str) -> Appeal | None:
    return with_due().filter(OPEN, request=request, kind=kind).first()


def decided_appeal(request: PrivacyRequest) -> Appeal | None:
    """The appeal that we have decided: there is one, and after it the way leads elsewhere."""
    found = with_due().filter(request=request, kind=Appeal.Kind.APPEAL, decided_at__isnull=False)
    return found.first()


def of_request(request: PrivacyRequest) -> QuerySet[Appeal]:
    return with_due().filter(request=request)


def due_on(appeal: Appeal) -> date:
    """By when it is answered."""
    found = with_due().get(pk=appeal.pk)
    day: date = found.due_on  # type: ignore[attr-defined]
    return day


def refused_rights(request: PrivacyRequest) -> list[str]:
    """What an appeal can win: what was refused or declined, or else all that was asked for."""
    refused = set(refusals.in_force(request).values_list("right", flat=True))
    declined = request.steps.filter(connector="manual", receipt__declined=True)
    refused |= {each for each in declined.values_list("action", flat=True) if each in Right}
    return [right for right in request.rights if right in refused] or list(request.rights)


def involved(request: PrivacyRequest) -> set[str]:
    """The ids of staff who had a part in what was decided: they never decide the appeal."""
    people: set[object] = {request.proposed_by_id, request.approved_by_id}
    people.update(request.refusals.values_list("decided_by_id", flat=True))
    people.update(request.notes.filter(about__in=NOTES).values_list("author_id", flat=True))
    events = TrailEvent.objects.filter(chain_id=request.pk, code__in=DECISIONS)
    people.update(events.exclude(actor__in=[SUBJECT, SYSTEM]).values_list("actor", flat=True))
    return {str(each) for each in people if each}


def opened(row: SealedModel, field: str) -> str:
    """A sealed text, or "" when its key is destroyed."""
    try:
        return row.read(field)
    except (KeyGoneError, SealError):
        return ""
