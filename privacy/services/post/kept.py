"""Letters as they were sent: kept sealed with their request, without the secrets they carried."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from privacy.letters import LETTERS, Rendered
from privacy.models import FulfilmentStep, ProcessorEvent, SentLetter
from privacy.services import tokens
from privacy.services.post.states import RESEND, STATES, further

MASK = "…"
LOCK = 7_262_011  # advisory lock: a letter and what is said of it are written one after the other
LONGEST_SUBJECT = 200


class LetterGoneError(Exception):
    """The letter's key was destroyed."""


def keep(step: FulfilmentStep, letter: Rendered, message_id: str, *, language: str) -> None:
    """Write down that a letter went out. Another try that sends nothing new changes nothing.

    What the mail service said of that message before we were here counts too.
    """
    now = timezone.now()
    with transaction.atomic():
        lock()
        sent = SentLetter.objects.filter(step=step).first() or SentLetter(
            step=step,
            language=language,
            subject=letter.subject[:LONGEST_SUBJECT],
            sent_at=now,
            state_at=now,
        )
        if sent.text is None or message_id not in sent.message_ids:
            sent.write("text", masked(letter.text, step))
            sent.message_ids += filter(None, [message_id])
        sent.save()
        for kind, at in told(sent.message_ids):
            move_on(sent, STATES[kind], at)


def lock() -> None:
    """Until the transaction ends: else a letter and its event could each miss the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def move_on(sent: SentLetter, state: SentLetter.State, at: datetime) -> None:
    """The letter's new state, unless it is there or further. In the caller's transaction."""
    if further(sent, state, at):
        sent.save(update_fields=["state", "state_at"])
        sent.step.request.record(f"letter.{state}", step=sent.step.key)


def told(message_ids: list[str]) -> list[tuple[str, datetime]]:
    events = ProcessorEvent.objects.filter(processor=RESEND, object_id__in=message_ids)
    return list(events.order_by("received_at").values_list("kind", "received_at"))


def masked(text: str, step: FulfilmentStep) -> str:
    """The text without what opens anything: links keep their page and lose their secret."""
    for kind in LETTERS[step.action].links:
        text = text.replace(tokens.secret_for(step.request_id, kind, step.pk), MASK)
    return text


def open_letter(sent: SentLetter, *, actor: User) -> str:
    """The kept text, for staff's eyes; the trail says who read it. Raises LetterGoneError."""
    try:
        text = sent.read("text")
    except (KeyGoneError, SealError):
        text = ""
    if not text:
        raise LetterGoneError
    with transaction.atomic():
        sent.step.request.record("letter.opened", actor=str(actor.pk), step=sent.step.key)
    return text
