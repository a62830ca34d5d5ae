"""A letter that came back: sent once more, or settled in another way."""

from enum import StrEnum

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from privacy.letters import LETTERS
from privacy.models import FulfilmentStep, MailToken, SentLetter
from privacy.services import tokens
from privacy.services.nudge import nudge
from privacy.services.post.delivery import watch_letters
from privacy.services.review import ReviewError

NOT_BACK = "This letter didn’t come back, or somebody has dealt with it."
KEY_GONE = "The key of this request was destroyed: nobody knows the address any more."
A_CODE = "A code works for minutes only. Who needs one asks for it on their status page."
State = FulfilmentStep.State


class Settled(StrEnum):
    """How a letter that came back was dealt with. Codes of the trail."""

    OTHER_WAY = "other_way"
    NO_OTHER_ADDRESS = "no_other_address"
    NOT_NEEDED = "not_needed"


def why_not_settled(step: FulfilmentStep) -> str:
    """Why there is nothing to deal with, in words for staff; "" when there is."""
    sent = SentLetter.objects.filter(step=step).first()
    return "" if sent and sent.needs_staff else NOT_BACK


def why_not_again(step: FulfilmentStep) -> str:
    if refusal := why_not_settled(step):
        return refusal
    if step.request.key_destroyed_at:
        return KEY_GONE
    return A_CODE if MailToken.Kind.DOWNLOAD in LETTERS[step.action].links else ""


def send_again(step: FulfilmentStep, *, actor: User) -> None:
    """Let its step send the letter once more, to the address that we hold now.

    A new epoch makes it another mail for the mail service. Nobody got its links, so their time
    begins anew.
    """
    now = timezone.now()
    with transaction.atomic():
        request = step.request.lock()
        if refusal := why_not_again(step):
            raise ReviewError(refusal)
        request.record("letter.sent_again", actor=str(actor.pk), step=step.key)
        rows = FulfilmentStep.objects.filter(pk=step.pk, state=State.DONE)
        if not rows.update(state=State.READY, epoch=F("epoch") + 1, attempts=0, not_before=now):
            raise ReviewError(NOT_BACK)
        for kind in LETTERS[step.action].links:
            secret = tokens.secret_for(request.pk, kind, step.pk)
            found = MailToken.objects.filter(digest=tokens.digest_of(secret), used_at=None)
            found.update(expires_at=now + tokens.LIVES[kind].lasts)
        # What is still said of the mail that came back concerns nobody any more.
        SentLetter.objects.filter(step=step).update(
            state=SentLetter.State.ACCEPTED, state_at=now, message_ids=[]
        )
        nudge()
    watch_letters()


def settle(step: FulfilmentStep, *, how: Settled, actor: User) -> None:
    with transaction.atomic():
        request = step.request.lock()
        if refusal := why_not_settled(step):
            raise ReviewError(refusal)
        SentLetter.objects.filter(step=step).update(settled_at=timezone.now(), settled_by=actor)
        request.record("letter.settled", actor=str(actor.pk), step=step.key, settled=str(how))
    watch_letters()
