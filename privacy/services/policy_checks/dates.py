"""By when we answer, and that nothing we promised is later than that."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from django.db.models import F, OuterRef, Subquery

from privacy.models import PrivacyRequest, RequestClock
from privacy.regimes.resolver import resolve
from privacy.rights import Right
from privacy.selectors.laws import received_on
from privacy.services import clocks
from privacy.services.policy_checks.promise import require, require_none
from privacy.states import OPEN

LONGEST = timedelta(days=30)
SAMPLE = range(800)  # days from the start of 2027: leap February and every end of a month
# Under laws of different kinds, on fewer days, as each is bound by what binds us anywhere.
RESIDENCES = ("DE", "GB", "US-CA", "CA-QC", "JP")
FEWER = 11


def a_month_later(day: date) -> date:
    """By the calendar alone, not by the library that `due_on` uses."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def due_dates_are_lawful() -> None:
    """What intake would promise on any day anywhere, and what is promised to everybody now."""
    for residence, days in {"": SAMPLE, **dict.fromkeys(RESIDENCES, SAMPLE[::FEWER])}.items():
        for offset in days:
            received = datetime(2027, 1, 1, 23, 59, tzinfo=UTC) + timedelta(days=offset)
            latest = min(received.date() + LONGEST, a_month_later(received.date()))
            due = clocks.safe_due(asked_from(residence, received))
            where = f"from {residence or 'anywhere else'} of {received:%d %B %Y}"
            require(due <= latest, f"A request {where} is due on {due:%d %B %Y}.")
    written = RequestClock.objects.filter(safe_due__gt=F("legal_due"))
    require_none(written.values_list("request__reference", flat=True), "Later than its law is")
    running = RequestClock.objects.filter(about="", clock__in=clocks.ANSWERS, met_at=None)
    first = running.filter(request=OuterRef("pk")).order_by("safe_due").values("safe_due")[:1]
    promised = PrivacyRequest.objects.filter(status__in=OPEN).annotate(first=Subquery(first))
    later = promised.filter(due_on__gt=F("first")).values_list("reference", flat=True)
    require_none(later, "Due later than its clocks say is")


def asked_from(residence: str, received_at: datetime) -> PrivacyRequest:
    """A request for a copy, not saved, measured by the laws of that day."""
    country, _, state = residence.partition("-")
    request = PrivacyRequest(
        country=country, state=state, rights=[Right.ACCESS], received_at=received_at
    )
    laws = resolve(country, state, on=received_on(request))
    request.laws = clocks.frozen(laws)
    return request
