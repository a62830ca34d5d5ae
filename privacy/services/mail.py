"""Letters: steps of the ledger, sent by it. A letter that is tried twice arrives once."""

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Max

from accounts.models import Account
from fluxrouter.foundation.crypto import fold_address
from privacy.connectors.base import Outcome, Subject
from privacy.connectors.errors import (
    ConnectorError,
    PermanentError,
    RetryError,
    UnknownOutcomeError,
)
from privacy.letters import LETTERS, Addressee, Letter, Rendered
from privacy.letters.texts import ENGLISH
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.selectors import people
from privacy.services import slow_letters
from privacy.services.fulfilment import ledger
from privacy.services.fulfilment.context import Context
from privacy.services.letters import compose
from privacy.services.nudge import nudge
from privacy.services.post import releases
from privacy.services.post.kept import keep

FIRST_MAIL_POSITION = 100  # letters outside the plan are listed after its steps


def queue(request: PrivacyRequest, letter: str) -> FulfilmentStep:
    """Write a letter down in the ledger, in the caller's transaction; it is sent after commit.

    Each call is another letter.
    """
    letters = request.steps.filter(connector="mail", action=letter)
    number = letters.aggregate(last=Max("position"))["last"] or FIRST_MAIL_POSITION
    step = FulfilmentStep.objects.create(
        request=request,
        connector="mail",
        action=letter,
        object=str(letters.count() + 1),
        position=number + 1,
        state=FulfilmentStep.State.READY,
        **slow_letters.pace(request),
    )
    nudge()
    return step


def send(step: FulfilmentStep, context: Context) -> Outcome:
    """Send one letter to everybody it is for. The receipt counts, it doesn't name."""
    subject = context.subject._replace(email=people.answered_at(context.request))
    addresses = recipients(LETTERS[step.action], subject)
    if not addresses or is_ours(context.request):
        return Outcome(receipt={"sent": 0})
    language = releases.language_of(step.action, context.request)
    letter = compose(step, context.request, language)
    # After its links were made: whoever cancels a letter makes those that exist useless first.
    ledger.check_held(step)
    for place, address in enumerate(addresses):
        post(step, letter, address, place=place, language=language)
    return Outcome(receipt={"sent": len(addresses)})


def post(
    step: FulfilmentStep,
    letter: Rendered,
    address: str,
    *,
    place: int = 0,
    language: str = ENGLISH,
    reply_to: str = "",
) -> None:
    """Hand a step's letter over for one address, and keep it with the request."""
    key = f"{step.pk}-{place}-{step.epoch}" if step.epoch else f"{step.pk}-{place}"
    message_id = deliver(letter.subject, letter.text, address, key=key, reply_to=reply_to)
    keep(step, letter, message_id, language=language)


def is_ours(request: PrivacyRequest) -> bool:
    """Whether nobody asked for it, so that nobody waits for a letter."""
    return request.channel == PrivacyRequest.Channel.SYSTEM


def recipients(letter: Letter, subject: Subject) -> list[str]:
    if letter.to is Addressee.PROCESSOR:
        raise ValueError("A letter to a processor is never sent to the person.")
    if letter.to is Addressee.PERSON:
        return [subject.email]
    if letter.to in (Addressee.CUSTOMER, Addressee.REPRESENTATIVE):
        return people.addresses(subject.request_id, letter.to)
    accounts = Account.objects.filter(pk__in=subject.refs.get("accounts", []))
    on_file = set(accounts.values_list("email", flat=True))
    given = fold_address(subject.email)
    return sorted(email for email in on_file if fold_address(email) != given)


def deliver(subject: str, text: str, address: str, *, key: str, reply_to: str = "") -> str:
    """Hand one mail to the processor, once: it keeps the key for a day and repeats its answer.

    The id that it gave the message; "" when it gave none.
    """
    message = EmailMessage(
        subject=subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        reply_to=[reply_to] if reply_to else None,
        headers={"Idempotency-Key": key},
    )
    try:
        message.send()
    except AnymailRequestsAPIError as error:
        raise mail_error(error.status_code) from None
    except AnymailAPIError:
        raise UnknownOutcomeError("mail_no_answer") from None
    except AnymailError:  # what the client itself refuses to send, an address most likely
        raise PermanentError("refused") from None
    status = getattr(message, "anymail_status", None)
    return str((status and status.message_id) or "")


def mail_error(status: int | None) -> ConnectorError:
    if status == 429:
        return RetryError("mail_rate_limit")
    if status is None or status >= 500:
        return UnknownOutcomeError("mail_no_answer")
    if status in (401, 403):
        return PermanentError("no_permission")
    return PermanentError("refused")
