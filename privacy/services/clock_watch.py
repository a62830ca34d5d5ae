"""What is looked after periodically: clocks that nobody brought up to date, and their alarms."""

import logging

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from fluxrouter.foundation.alarms import sync_alarms
from fluxrouter.foundation.models import TrailEvent
from privacy.models import PrivacyRequest, RequestClock
from privacy.regimes.resolver import changed_since
from privacy.selectors import extending
from privacy.selectors.clocks import ANSWERS, deemed_refused_on, unsettled
from privacy.services import clocks
from privacy.states import OPEN

log = logging.getLogger(__name__)

DEEMED = "request.deemed_refused"


def follow_clocks() -> dict[str, int]:
    """The periodic job: what `follow` was not called for. One that fails keeps no other waiting,
    and then fails the job, so that somebody looks.
    """
    lost: Exception | None = None
    found = unsettled(timezone.now().date())
    for pk in sorted(found):
        try:
            clocks.follow(pk)
        except Exception as error:
            log.error("clocks.lost %s", pk, exc_info=error)
            lost = error
    if lost:
        raise lost
    return {"followed": len(found)}


def watch_clocks() -> dict[str, int]:
    """One alarm for each of these, cleared when it is over; and an event in the request's trail
    when our silence became a refusal. Nothing here moves a date or closes a request.
    """
    found = {
        "clock_overdue": overdue(),
        "deemed_refused": refused_by_silence(),
        "extension_void": extended_in_vain(),
        "law_changed": measured_by_older_texts(),
    }
    for code, subjects in found.items():
        sync_alarms(code, subjects)
    return {code: len(subjects) for code, subjects in found.items()}


def open_requests() -> QuerySet[PrivacyRequest]:
    return PrivacyRequest.objects.filter(status__in=OPEN)


def overdue() -> set[str]:
    """Clocks other than those of the answer and of appeals, which have alarms of their own. A
    refusal that nobody has made isn't late.
    """
    today = timezone.now().date()
    late = RequestClock.objects.filter(about="", met_at=None, safe_due__lt=today)
    rows = late.exclude(clock__in=[*ANSWERS, "refuse"]).select_related("request")
    return {f"{row.request.reference} {row.clock}" for row in rows}


def refused_by_silence() -> set[str]:
    answers = RequestClock.objects.filter(request=OuterRef("pk"), about="", clock__in=ANSWERS)
    late = answers.filter(met_at=None, safe_due__lt=timezone.now().date())
    return {
        request.reference
        for request in open_requests().filter(Exists(late))
        if note_silence(request)
    }


def note_silence(request: PrivacyRequest) -> bool:
    """Whether our silence is a refusal by now; the trail says so once."""
    if (on := deemed_refused_on(request)) is None:
        return False
    with transaction.atomic():
        locked = request.lock()
        if not TrailEvent.objects.filter(chain_id=locked.pk, code=DEEMED).exists():
            locked.record(DEEMED, on=on.isoformat())
    return True


def extended_in_vain() -> set[str]:
    rows = open_requests().filter(extensions__about="").distinct()
    return {request.reference for request in rows if extending.is_void(request)}


def measured_by_older_texts() -> set[str]:
    rows = open_requests().values_list("reference", "laws")
    return {reference for reference, laws in rows if changed_since(laws.get("versions", {}))}
