"""What the letters about an appeal or a complaint say of it."""

from datetime import date
from typing import Any

from privacy.letters.parts import FollowUp, Office
from privacy.models import Appeal, FulfilmentStep, PrivacyRequest
from privacy.rights import Right
from privacy.selectors import appeals
from privacy.selectors.remedies import remedies


def appeal_of(step: FulfilmentStep) -> Appeal:
    """The appeal that this letter is about."""
    found = getattr(step, "appeal_received", None) or getattr(step, "appeal_decided", None)
    if not isinstance(found, Appeal):
        raise LookupError("no appeal belongs to this letter")
    return found


def is_appeal(step: FulfilmentStep) -> bool:
    return appeal_of(step).kind == Appeal.Kind.APPEAL


def answer_on(step: FulfilmentStep) -> date:
    return appeals.due_on(appeal_of(step))


def has_outcome(step: FulfilmentStep, outcome: str) -> bool:
    return appeal_of(step).outcome == outcome


def decision(step: FulfilmentStep) -> str:
    return appeals.opened(appeal_of(step), "decision")


def follow_up(step: FulfilmentStep) -> tuple[FollowUp, ...]:
    new = appeal_of(step).follow_up
    if new is None:
        return ()
    labels = tuple(str(Right(right).label) for right in new.rights)
    return (FollowUp(labels, new.reference, new.due_on),)


def offices(request: PrivacyRequest) -> tuple[Office, ...]:
    return tuple(Office(*each) for each in remedies(request).offices)


def courts(request: PrivacyRequest) -> tuple[str, ...]:
    return remedies(request).courts


def first_reference(request: PrivacyRequest) -> str:
    return request.split_from.reference if request.split_from else ""


# By fact, from the letter's step; and from its request.
OF_STEP: dict[str, Any] = {
    "is_appeal": is_appeal,
    "answer_on": answer_on,
    "upheld": lambda step: has_outcome(step, Appeal.Outcome.UPHELD),
    "partly_upheld": lambda step: has_outcome(step, Appeal.Outcome.PARTLY),
    "rejected": lambda step: has_outcome(step, Appeal.Outcome.REJECTED),
    "decision": decision,
    "follow_up": follow_up,
}
OF_REQUEST: dict[str, Any] = {
    "offices": offices,
    "courts": courts,
    "first_reference": first_reference,
}
