"""What the mail service tells us of our letters: delivered, late, or come back."""

import re
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from fluxrouter.foundation.alarms import sync_alarms
from privacy.models import ProcessorEvent, SentLetter
from privacy.models.letter import CAME_BACK
from privacy.services.post.kept import lock, move_on
from privacy.services.post.states import RESEND, STATES

# What looks otherwise is no id of the mail service, and isn't kept.
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Head(NamedTuple):
    """What an event is about. Its body names a person, so nothing else is taken from it."""

    event_id: str
    kind: str
    message_id: str
    at: datetime | None


def take_in(head: Head) -> None:
    """Move the letter of this message on. Repeated, late and unknown events change nothing.

    The head of an event that comes before its letter is written down waits for it.
    """
    if head.kind not in STATES or not is_whole(head):
        return
    with transaction.atomic():
        lock()
        if not note(head):
            return
        sent = SentLetter.objects.select_related("step__request")
        for letter in sent.filter(message_ids__contains=[head.message_id]):
            move_on(letter, STATES[head.kind], head.at or timezone.now())
    watch_letters()


def is_whole(head: Head) -> bool:
    return all(IDENTIFIER.fullmatch(text) for text in (head.event_id, head.message_id))


def note(head: Head) -> bool:
    """Keep the head; False when it is known."""
    event = ProcessorEvent(
        processor=RESEND,
        event_id=head.event_id,
        kind=head.kind,
        object_id=head.message_id,
        received_at=timezone.now(),
    )
    if ProcessorEvent.objects.filter(processor=RESEND, event_id=head.event_id).exists():
        return False
    event.save(force_insert=True)
    return True


def watch_letters() -> dict[str, int]:
    """One alarm per request with a letter that came back and that nobody has dealt with."""
    back = SentLetter.objects.filter(state__in=CAME_BACK, settled_at=None)
    references = set(back.values_list("step__request__reference", flat=True))
    sync_alarms("letter_bounced", references)
    return {"letter_bounced": len(references)}
