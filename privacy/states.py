"""The life of a data-subject request, as one table. Pure data: no database, no clock."""

from typing import NamedTuple

from django.db.models import TextChoices


class Status(TextChoices):
    RECEIVED = "received", "Received"
    VERIFYING = "verifying", "Waiting for confirmation"
    IN_REVIEW = "in_review", "Being checked"
    APPROVED = "approved", "Approved"
    FULFILLING = "fulfilling", "In progress"
    COMPLETED = "completed", "Completed"
    PARTLY = "partly", "Completed in part"
    DENIED = "denied", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


TRANSITIONS: dict[Status, frozenset[Status]] = {
    # What needs no proof of who asks is looked up at once.
    Status.RECEIVED: frozenset({Status.VERIFYING, Status.IN_REVIEW, Status.WITHDRAWN}),
    Status.VERIFYING: frozenset({Status.IN_REVIEW, Status.DENIED, Status.WITHDRAWN}),
    Status.IN_REVIEW: frozenset({Status.APPROVED, Status.DENIED, Status.WITHDRAWN}),
    Status.APPROVED: frozenset({Status.FULFILLING, Status.DENIED, Status.WITHDRAWN}),
    # Once fulfilment starts, data may already be gone: there is no way back.
    Status.FULFILLING: frozenset({Status.COMPLETED, Status.PARTLY}),
    Status.COMPLETED: frozenset(),
    # What had to wait by law is done at last.
    Status.PARTLY: frozenset({Status.COMPLETED}),
    Status.DENIED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}

CLOSED = frozenset({Status.COMPLETED, Status.PARTLY, Status.DENIED, Status.WITHDRAWN})
OPEN = frozenset(Status) - CLOSED


class Telling(NamedTuple):
    """What the person is told about a status."""

    stage: str  # the tracker's step
    who: str  # who acts next
    text: str


TELLINGS: dict[Status, Telling] = {
    Status.RECEIVED: Telling("Received", "You", "We have your request."),
    Status.VERIFYING: Telling(
        "Received", "You", "Please confirm your address with the link in our e-mail."
    ),
    Status.IN_REVIEW: Telling(
        "Checking", "We do", "You confirmed your address. We are looking up what we hold."
    ),
    Status.APPROVED: Telling(
        "Approved", "We do", "We approved your request. The work starts when the pause is over."
    ),
    Status.FULFILLING: Telling("In progress", "We do", "We are doing what you asked for."),
    Status.COMPLETED: Telling("Closed", "Nobody", "We have done what you asked for."),
    Status.PARTLY: Telling(
        "Closed", "Nobody", "We have done a part of what you asked for. The list says which part."
    ),
    Status.DENIED: Telling("Closed", "Nobody", "We could not do what you asked for."),
    Status.WITHDRAWN: Telling("Closed", "Nobody", "You withdrew this request."),
}
# Where nobody had to prove who they are.
IN_EFFECT = "It is in effect. We are telling every system where a use must stop."
AT_ONCE_TELLINGS: dict[Status, Telling] = {
    status: TELLINGS[status]._replace(text=IN_EFFECT)
    for status in (Status.IN_REVIEW, Status.APPROVED, Status.FULFILLING)
}
TRACKER = ("Received", "Checking", "Approved", "In progress", "Closed")


class TransitionError(Exception):
    """The move is not in the table, or somebody else moved the request first."""


def check_transition(old: Status, new: Status) -> None:
    if new not in TRANSITIONS[old]:
        raise TransitionError(f"A request that is “{old.label}” cannot become “{new.label}”.")
