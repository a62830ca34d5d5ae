"""What became of a request's clocks: met, over in part, or over in silence."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from privacy.deadlines import refused_by_silence
from privacy.deadlines.reckon import CLOCK_OF, due
from privacy.models import (
    Appeal,
    Extension,
    FulfilmentStep,
    PrivacyRequest,
    Question,
    RequestClock,
)
from privacy.rights import in_regimes
from privacy.selectors.laws import OF_APPEAL, arrived, facts_of, laws_of
from privacy.states import OPEN, Status

# The clocks by which what was asked for is answered.
ANSWERS = ("respond", "opt_out", "profiling", "limit_sensitive", "withdrawal")
# What the end of a request meets.
AT_CLOSING = (*ANSWERS, "refuse", "compliance_notice")
OF_REQUEST = (*AT_CLOSING, "acknowledge")
# Letters that say that the request is here and when to expect an answer (11 CCR § 7021(a)).
ACKNOWLEDGES = ("verify", "confirmed", "opted_out", "child_report_received")
TITLES = {
    "respond": "The answer",
    "opt_out": "The opt-out",
    "profiling": "The end of profiling",
    "limit_sensitive": "The limit on sensitive data",
    "withdrawal": "The end of what rested on consent",
    "refuse": "A refusal, if it is one",
    "compliance_notice": "The notice that it is done",
    "acknowledge": "The letter that we have it",
    "appeal": "The decision on the appeal",
    "complaint": "The answer to the complaint",
}
REMIND_AT = (50, 75, 90)  # percent of the time


def is_ours(request: PrivacyRequest) -> bool:
    """Whether nobody asked for it, so that nobody waits for a letter."""
    return request.channel == PrivacyRequest.Channel.SYSTEM


def clock_title(name: str) -> str:
    """What is due, in words for staff."""
    return TITLES.get(name, name)


def met_at(request: PrivacyRequest, appeal: Appeal | None = None) -> dict[str, datetime | None]:
    """When each clock was met, by the facts; None: it runs."""
    if appeal:
        name = OF_APPEAL[Appeal.Kind(appeal.kind)][1]
        return {name: appeal.decided_at or appeal.withdrawn_at}
    told = arrived(request.steps.filter(action__in=ACKNOWLEDGES)).order_by("finished_at")
    first = told.values_list("finished_at", flat=True).first()
    ends = [at for at in (first, request.closed_at) if at]
    return {**dict.fromkeys(AT_CLOSING, request.closed_at), "acknowledge": min(ends, default=None)}


def percent_over(clock: RequestClock, today: date) -> int:
    """The last of REMIND_AT that a clock has reached on a day, 0 before the first.

    What is due on the day on which it began has reached them all.
    """
    left, whole = (clock.safe_due - today).days, (clock.safe_due - clock.started_on).days
    if whole <= 0 or left < 0:
        return REMIND_AT[-1]
    over = 100 * (whole - left) // whole
    return max((each for each in REMIND_AT if each <= over), default=0)


def unsettled(today: date) -> set[UUID]:
    """Requests of which a clock may run on, though what meets, moves or ends it has happened.

    Asked each minute, so that it begins with the clocks that run, which are few.
    """
    of_request = {"request": OuterRef("request")}
    acknowledged = arrived(FulfilmentStep.objects.filter(**of_request, action__in=ACKNOWLEDGES))
    may_move = Exists(Question.objects.filter(**of_request)) | Exists(
        Extension.objects.filter(**of_request)
    )
    running = RequestClock.objects.filter(met_at=None).filter(
        Q(about="") & (Q(request__closed_at__isnull=False) | may_move)
        | Q(clock="acknowledge") & Exists(acknowledged)
        | ~Q(about="")
        | Q(safe_due__lt=today, missed_at=None)
    )
    appeals = Appeal.objects.filter(decided_at=None, withdrawn_at=None)
    without_laws = PrivacyRequest.objects.filter(status__in=OPEN, laws={})
    return {
        *running.values_list("request_id", flat=True),
        *appeals.values_list("request_id", flat=True),
        *without_laws.values_list("pk", flat=True),
    }


def silences(request: PrivacyRequest) -> list[tuple[str, date]]:
    """The laws under which no answer counts as a refusal, and the last day for one by each."""
    laws, facts = laws_of(request), facts_of(request)
    answers = [
        (law, due(law, CLOCK_OF.get(right, "respond"), right, facts))
        for law in laws.of
        for right in in_regimes(request.rights)
    ]
    lasts = [(law.id, refused_by_silence(law, answer)) for law, answer in answers if answer]
    return sorted({(law, last) for law, last in lasts if last})


def deemed_refused_on(request: PrivacyRequest) -> date | None:
    """The first day on which our silence counts as a refusal, so that the person may go to the
    authority; None while it doesn't. An answer that came too late doesn't undo it.
    """
    if is_ours(request) or request.status == Status.WITHDRAWN:
        return None
    ended = (request.closed_at or timezone.now()).date()
    over = [last for _, last in silences(request) if last < ended]
    return min(over) + timedelta(days=1) if over else None
