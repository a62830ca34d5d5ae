"""Appeals and complaints as staff read them, on the page of their request and in the list."""

from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import User
from privacy.admin import masks
from privacy.admin.action_row import DECIDE
from privacy.admin.longer import Longer, longer
from privacy.admin.queue import SOON, Due, days
from privacy.models import Appeal, PrivacyRequest
from privacy.selectors import appeals

Outcome = Appeal.Outcome
FOR_DECIDERS = "Shown to those who decide appeals and complaints."
SHAPES = {Outcome.UPHELD: "✓", Outcome.PARTLY: "◑", Outcome.REJECTED: "–"}


class Card(NamedTuple):
    """One of them, opened."""

    appeal: Appeal
    due: Due
    state: str
    text: str
    decision: str
    longer: Longer | None


def cards(request: PrivacyRequest, user: User) -> list[Card]:
    """The open ones first, then the newest. What the person wrote is for those who decide."""
    found = sorted(appeals.of_request(request), key=lambda each: each.received_at, reverse=True)
    decides = user.has_perm(DECIDE)
    return [card(each, decides) for each in sorted(found, key=lambda each: not each.is_open)]


def card(appeal: Any, decides: bool) -> Card:
    text = appeals.opened(appeal, "text") or masks.GONE
    return Card(
        appeal,
        due(appeal),
        state(appeal),
        text if decides else FOR_DECIDERS,
        (appeals.opened(appeal, "decision") or masks.GONE) if appeal.decided_at else "",
        longer(appeal.request, appeal),
    )


def state(appeal: Appeal) -> str:
    if appeal.withdrawn_at:
        return "– Taken back"
    if appeal.decided_at:
        outcome = Outcome(appeal.outcome)
        return f"{SHAPES[outcome]} {outcome.label}"
    return "◔ To be decided"


def due(appeal: Any) -> Due:
    """`appeal` comes from `appeals.with_due()`."""
    ended = appeal.decided_at or appeal.withdrawn_at
    if ended or appeal.due_on is None:
        return Due("closed", "–", "Closed", (ended or appeal.received_at).date())
    return running(appeal.due_on, (appeal.due_on - timezone.now().date()).days)


def running(day: date, left: int) -> Due:
    if left < 0:
        return Due("overdue", "▲", f"Overdue by {days(-left)}", day)
    if left <= SOON.days:
        return Due("soon", "◆", f"{days(left)} left" if left else "Due today", day)
    return Due("later", "○", f"{days(left)} left", day)
