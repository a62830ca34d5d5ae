"""Proving that the address is theirs."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.identity import accounts_of
from fluxrouter.foundation.trail import SUBJECT
from privacy.models import FulfilmentStep, MailToken, PrivacyRequest
from privacy.services import agents, auto_approval, auto_restriction, mail, recourse, tokens
from privacy.services.fulfilment.steps import add_discovery
from privacy.services.new_request import set_email
from privacy.services.nudge import nudge
from privacy.services.refusal_rows import Decision, write
from privacy.states import Status, TransitionError

COOL_DOWN = timedelta(minutes=1)
TIME_TO_CONFIRM = timedelta(days=3)
TO_BE_SENT = (FulfilmentStep.State.READY, FulfilmentStep.State.RUNNING)
MOST_LETTERS = 10  # of one kind, per request


class TooSoonError(Exception):
    """A letter went out just now. `again_at` is when the next may be asked for; None: no more."""

    def __init__(self, again_at: datetime | None) -> None:
        super().__init__("too soon")
        self.again_at = again_at


def confirm(token: MailToken) -> PrivacyRequest:
    """The button behind the mailed link: the address is proved, the look-up begins.

    Raises TokenError when the link was used, or TransitionError when the request has moved on.
    """
    with transaction.atomic():
        request = token.request.lock()
        tokens.use_up(token)
        begin_review(request, actor=SUBJECT)
        agents.note_confirmed(request)
    return request


def begin_review(
    request: PrivacyRequest, *, actor: str, reason: str = "", letter: str = "confirmed"
) -> None:
    """It is proved that whoever asks may: every system is asked what it holds.

    Runs in the caller's transaction, with the request's row locked.
    """
    refs = known_refs(request.read("email"))
    request.transition_to(
        Status.IN_REVIEW,
        actor=actor,
        reason=reason,
        verified_at=timezone.now(),
        refs=refs,
        round=1,
    )
    add_discovery(request)
    auto_restriction.begin(request)
    auto_approval.offer(request)
    recourse.settle(request)
    mail.queue(request, letter)
    nudge()


def known_refs(email: str) -> dict[str, list[str]]:
    """Ids that our own accounts name; connectors look for more by the address."""
    found = accounts_of(email)
    return {
        "accounts": [str(account.pk) for account in found],
        "auth_users": [str(each.supabase_user_id) for each in found if each.supabase_user_id],
        "customers": [each.stripe_customer_id for each in found if each.stripe_customer_id],
    }


def send_again(request: PrivacyRequest, letter: str) -> None:
    """Write the letter once more, or raise TooSoonError."""
    with transaction.atomic():
        request.lock()
        letters = request.steps.filter(connector="mail", action=letter)
        if letters.count() >= MOST_LETTERS:
            raise TooSoonError(None)
        for step in letters:
            if (again_at := free_again(step)) > timezone.now():
                raise TooSoonError(again_at)
        mail.queue(request, letter)
        request.record(f"mail.{letter}_again", actor=SUBJECT)


def free_again(step: FulfilmentStep) -> datetime:
    """When a letter's cool-down is over. One that isn't sent yet counts from now."""
    return (step.finished_at or timezone.now()) + COOL_DOWN


def change_email(request: PrivacyRequest, email: str) -> None:
    """A mistyped address, before it was confirmed: the old links stop working.

    Raises TooSoonError after MOST_LETTERS, or one request could be used to mail everybody.
    """
    with transaction.atomic():
        locked = request.lock()
        if locked.status != Status.VERIFYING:
            return
        if locked.steps.filter(connector="mail", action="verify").count() >= MOST_LETTERS:
            raise TooSoonError(None)
        set_email(locked, email)
        locked.save(update_fields=["email", "email_index"])
        locked.record("request.address_changed", actor=SUBJECT)
        locked.tokens.filter(used_at=None).update(used_at=timezone.now())
        unsent = locked.steps.filter(connector="mail", action="verify").exclude(state="done")
        unsent.update(state=FulfilmentStep.State.CANCELLED)
        mail.queue(locked, "verify")


def end_unverified() -> dict[str, int]:
    """Requests that nobody confirmed end before they are due, with a letter that says so.

    But nobody has less than three days to answer the last letter: a request on paper may reach us,
    or be entered, late. One that still waits to be sent has asked nobody.
    """
    now = timezone.now()
    due = PrivacyRequest.objects.filter(
        status=Status.VERIFYING, due_on__lte=now.date() + TIME_TO_CONFIRM
    )
    asked_lately = FulfilmentStep.objects.filter(
        Q(finished_at__gt=now - TIME_TO_CONFIRM) | Q(state__in=TO_BE_SENT),
        connector="mail",
        action="verify",
    )
    ended = 0
    for request in due.exclude(pk__in=asked_lately.values("request_id")):
        try:
            with transaction.atomic():
                request.transition_to(Status.DENIED, reason="unconfirmed")
                write(request, Decision(tuple(request.rights), "ID_NOT_VERIFIED", ""), actor=None)
                mail.queue(request, "unconfirmed")
        except TransitionError:  # confirmed or withdrawn in this very moment
            continue
        ended += 1
    return {"ended": ended}
