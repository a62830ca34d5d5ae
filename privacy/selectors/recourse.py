"""Until when data must stay because somebody asked for it, by the request's own laws."""

from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from privacy.models import Appeal, PrivacyRequest
from privacy.rights import Right
from privacy.selectors import appeal_window, appeals, refusals
from privacy.selectors.laws import laws_of
from privacy.states import Status
from retention.models import LegalHold

# Rights whose answer needs the data, and whose refusal can be taken to an authority.
HOLDING = frozenset(
    {Right.ACCESS, Right.KNOW, Right.PORTABILITY, Right.RECIPIENTS, Right.RECTIFICATION}
)
# Where a law names no number: the longest time to complain that any of them gives (PIPEDA
# s. 11(2)).
NO_NUMBER = relativedelta(months=6)
CITATION_FITS = LegalHold._meta.get_field("citation").max_length or 200


class Rule(NamedTuple):
    """What the laws of a request say together: where, and how many days after a refusal."""

    citation: str
    days: int | None


def rule_of(request: PrivacyRequest) -> Rule | None:
    """None: no law has data kept because of this request."""
    if not request.laws or not HOLDING & set(request.rights):
        return None
    found = [law.effective.duties.hold for law in laws_of(request).of]
    holding = [rule for rule in found if rule and rule.value and rule.value.holds]
    if not holding:
        return None
    days = [rule.value.days for rule in holding if rule.value]
    numbers = [each for each in days if each is not None]
    citation = "; ".join(dict.fromkeys(rule.citation for rule in holding))
    return Rule(citation[:CITATION_FITS], max(numbers) if len(numbers) == len(days) else None)


def held_until(request: PrivacyRequest, rule: Rule) -> date | None:
    """The last day on which the data has to be there; None when nothing is held (any more).

    While it is open that is a forecast: it is answered when it is due, and refused.
    """
    if request.verified_at is None or request.status == Status.WITHDRAWN:
        return None
    if request.is_open:
        return after(request, request.due_on, rule)
    pending = appeals.open_appeal(request, Appeal.Kind.APPEAL)
    if pending:
        return after(request, appeals.due_on(pending), rule)
    refused_on = last_refusal(request)
    return after(request, refused_on, rule) if refused_on else None


def after(request: PrivacyRequest, refused_on: date, rule: Rule) -> date:
    """The end of the way to the authority after a refusal, and of the time to appeal to us."""
    end = refused_on + (NO_NUMBER if rule.days is None else timedelta(days=rule.days))
    return max(end, appeal_window.last_day(request) or end)


def last_refusal(request: PrivacyRequest) -> date | None:
    """The day of our last no to a right that holds data; None when all of these were answered."""
    decided = appeals.decided_appeal(request)
    if decided and decided.outcome == Appeal.Outcome.UPHELD:
        return None  # it is answered by the request that followed, which holds for itself
    if request.closed_at is None or not is_refused(request):
        return None
    moments = [request.closed_at, decided.decided_at if decided else None]
    return max(moment.date() for moment in moments if moment)


def is_refused(request: PrivacyRequest) -> bool:
    """Whether a right that holds data was refused, whole or in part, or declined by hand."""
    if request.status == Status.DENIED:
        return True
    refused = set(refusals.in_force(request).values_list("right", flat=True))
    declined = request.steps.filter(connector="manual", receipt__declined=True)
    return bool(HOLDING & (refused | set(declined.values_list("action", flat=True))))
