"""What is looked after periodically: clocks that nobody brought up to date, and their alarms."""

import logging
from collections import Counter

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from fluxrouter.foundation.alarms import open_alarms, sync_alarms
from fluxrouter.foundation.models import TrailEvent
from privacy.models import Appeal, Extension, PrivacyRequest, RequestClock
from privacy.regimes.loader import regime_files
from privacy.regimes.resolver import changed_since
from privacy.selectors import appeals, extending
from privacy.selectors.clocks import ANSWERS, deemed_refused_on, unsettled
from privacy.services import clocks
from privacy.states import OPEN

log = logging.getLogger(__name__)

DEEMED = "request.deemed_refused"
LAW_CHANGED = "law_changed"


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
        LAW_CHANGED: changed_laws(),
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
    """Of open requests, and of open appeals, whose request is closed."""
    of_requests = Q(about="", request__status__in=OPEN)
    undecided = Appeal.objects.filter(appeals.OPEN).values(about=Cast("pk", CharField()))
    rows = Extension.objects.filter(of_requests | Q(about__in=undecided))
    return {
        f"{row.request.reference} appeal" if row.about else row.request.reference
        for row in rows.select_related("request", "letter")
        if extending.is_void(row)
    }


def changed_laws() -> set[str]:
    """One for each new text of a law that open requests aren't measured by: regime, version, and
    how many requests. That number stays as it was when the alarm was raised: another would be
    another alarm, and another mail.
    """
    told = open_alarms().filter(code=LAW_CHANGED).values_list("about", flat=True)
    known = {about.partition(":")[0]: about for about in told}
    return {
        known.get(text, f"{text}: {number} open request{'' if number == 1 else 's'}")
        for text, number in measured_by_older_texts().items()
    }


def measured_by_older_texts() -> Counter[str]:
    """By regime and version of the new text: how many open requests have an older one."""
    files = regime_files()
    versions = {key: regime.version[:12] for key, regime in files.items()}
    rows = open_requests().values_list("laws", flat=True)
    return Counter(
        f"{regime} {versions.get(regime, 'gone')}"
        for laws in rows.iterator()
        for regime in changed_since(laws.get("versions", {}))
    )
