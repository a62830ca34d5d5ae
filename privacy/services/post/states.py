"""What the mail service says of a letter, and how far that is."""

from datetime import datetime

from anymail.signals import EventType

from privacy.models import SentLetter

RESEND = "resend"
State = SentLetter.State

# By anymail's name of an event. Opening and clicking are nobody's business: not kept, not counted.
STATES: dict[str, State] = {
    EventType.DEFERRED: State.DELAYED,
    EventType.DELIVERED: State.DELIVERED,
    EventType.COMPLAINED: State.COMPLAINED,
    EventType.FAILED: State.FAILED,
    EventType.REJECTED: State.FAILED,
    EventType.BOUNCED: State.BOUNCED,
}
# A letter's state only moves to the right, so it doesn't matter in which order events come, or how
# often. Of several addresses the one that needs a person counts.
ORDER = (
    State.ACCEPTED,
    State.DELAYED,
    State.DELIVERED,
    State.COMPLAINED,
    State.FAILED,
    State.BOUNCED,
)


def further(sent: SentLetter, state: State, at: datetime) -> bool:
    """Move the letter on, unless it is there or further. Saving is the caller's."""
    if ORDER.index(state) <= ORDER.index(State(sent.state)):
        return False
    sent.state, sent.state_at = state, at
    return True
