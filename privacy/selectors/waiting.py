"""What of an erasure still has to wait by law, or by a processor's own terms, and until when."""

from datetime import date

from django.utils import timezone

from privacy.connectors.registry import connectors
from privacy.letters.parts import Finished, Waiting
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.processors import BY_KEY

State = FulfilmentStep.State
CLOSE = "request:close"
ENDED = (State.DONE, State.CANCELLED)
NOT_SOONER = "Its rules don’t let it go sooner."
BY_ITSELF = "The company drops it by itself then; nobody can make it sooner."


def deferred_keys(request: PrivacyRequest) -> set[str]:
    """The steps that the answer didn't wait for: what the late end of the request requires."""
    ends = request.steps.filter(connector="request", action="finish")
    required = {key for requires in ends.values_list("requires", flat=True) for key in requires}
    return required - {CLOSE}


def deferred(request: PrivacyRequest) -> list[Waiting]:
    """What we shall erase later: a line for each system."""
    late = deferred_keys(request)
    first: dict[str, Waiting] = {}
    for step in request.steps.exclude(state__in=ENDED):
        if step.key in late and step.connector in connectors():
            part = Waiting(
                connectors()[step.connector].title,
                title_of(step),
                NOT_SOONER,
                earliest(step, request.plan.get(step.connector, {})),
            )
            first.setdefault(step.connector, part)
    return list(first.values())


def expiring(request: PrivacyRequest) -> list[Waiting]:
    """What processors keep for a fixed time after the last use."""
    found = []
    for step in request.steps.filter(connector="expiry").exclude(state__in=ENDED):
        row = BY_KEY[step.action]
        what = row.expiry.what if row.expiry else row.title
        found.append(Waiting(row.title, what, BY_ITSELF, timezone.localdate(step.not_before)))
    return found


def waiting(request: PrivacyRequest) -> list[Waiting]:
    return [*deferred(request), *expiring(request)]


def finished(request: PrivacyRequest) -> list[Finished]:
    """What had to wait and is gone: a line for each system."""
    late = deferred_keys(request)
    last: dict[str, Finished] = {}
    for step in request.steps.filter(state=State.DONE).exclude(action="verify"):
        if step.key in late and step.connector in connectors() and step.finished_at:
            on = timezone.localdate(step.finished_at)
            part = Finished(connectors()[step.connector].title, title_of(step), on)
            last.setdefault(step.connector, part)
    return list(last.values())


def title_of(step: FulfilmentStep) -> str:
    titles = {action.name: action.title for action in connectors()[step.connector].erasure}
    return titles.get(step.action, "The last look")


def earliest(step: FulfilmentStep, part: dict[str, dict[str, str]]) -> date:
    """Not before the step may run, nor before the day on which the chosen action was offered."""
    offers = part.get("offers", {})
    days = [date.fromisoformat(offers[each]) for each in part.get("chosen", []) if each in offers]
    return max([timezone.localdate(step.not_before), *days])
