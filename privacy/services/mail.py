"""Letters: steps of the ledger, sent by it. A letter that is tried twice arrives once."""

from functools import cache
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from fluxrouter.foundation.crypto import fold_address
from privacy.connectors.base import Outcome, Subject
from privacy.connectors.errors import (
    ConnectorError,
    PermanentError,
    RetryError,
    UnknownOutcomeError,
)
from privacy.grounds import GROUNDS, Ground, GroundRow
from privacy.letters import LETTERS, Letter
from privacy.models import FulfilmentStep, MailToken, PrivacyRequest
from privacy.rights import Right
from privacy.selectors.progress import declined, denial_reason
from privacy.selectors.systems import System, systems
from privacy.services import tokens
from privacy.services.fulfilment import ledger
from privacy.services.fulfilment.context import Context
from privacy.services.nudge import nudge

Kind = MailToken.Kind
PAGES: dict[str, str] = {
    Kind.VERIFY: "privacy:verify",
    Kind.STATUS: "privacy:status",
    Kind.STOP: "privacy:stop",
}
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
        not_before=timezone.now(),
    )
    nudge()
    return step


def send(step: FulfilmentStep, context: Context) -> Outcome:
    """Send one letter to everybody it is for. The receipt counts, it doesn't name."""
    letter = LETTERS[step.action]
    addresses = recipients(letter, context.subject)
    if not addresses:
        return Outcome(receipt={"sent": 0})
    text = compose(step, letter, context.request)
    # After its links were made: whoever cancels a letter makes those that exist useless first.
    ledger.check_held(step)
    for place, address in enumerate(addresses):
        deliver(letter.subject, text, address, key=f"{step.pk}-{place}")
    return Outcome(receipt={"sent": len(addresses)})


def recipients(letter: Letter, subject: Subject) -> list[str]:
    if not letter.on_file:
        return [subject.email]
    accounts = Account.objects.filter(pk__in=subject.refs.get("accounts", []))
    on_file = set(accounts.values_list("email", flat=True))
    given = fold_address(subject.email)
    return sorted(email for email in on_file if fold_address(email) != given)


def compose(step: FulfilmentStep, letter: Letter, request: PrivacyRequest) -> str:
    """The letter's text, exactly as it is sent."""
    links = {kind: tokens.issue(request.pk, kind, step.pk) for kind in letter.links}
    urls = {
        f"{kind}_url": settings.PUBLIC_URL + reverse(PAGES[kind], args=[secret])
        for kind, secret in links.items()
        if kind in PAGES
    }
    values = {
        "request": request,
        "rights": [Right(right).label for right in request.rights],
        "code": links.get(Kind.DOWNLOAD, ""),
        "grace": settings.ERASURE_GRACE,
        "grace_hours": round(settings.ERASURE_GRACE.total_seconds() / 3600),
        "contact": settings.CONTACT_EMAIL,
        "site": settings.SITE_NAME,
        **outcome(request),
        **urls,
    }
    return render_to_string(f"privacy/mail/{step.action}.txt", values)


def outcome(request: PrivacyRequest) -> dict[str, Any]:
    """What became of the request, as far as letters tell it; looked up by those that do."""
    looked_at = cache(lambda: systems(request))
    return {
        "kept": lambda: kept_grounds(looked_at()),
        "reason": lambda: denial_reason(request),
        "declined": cache(lambda: declined(request)),
        "erased": lambda: [each.title for each in looked_at() if each.erased],
        "searched": lambda: [each.title for each in looked_at()],
        "paused": lambda: request.steps.filter(action="freeze", fence__gt=0).exists(),
    }


def kept_grounds(looked_at: list[System]) -> list[GroundRow]:
    """The grounds under which something stays, each once; the log of these letters among them."""
    found = {each.ground for system in looked_at for each in system.kept}
    return [*sorted(found), GROUNDS[Ground.MAIL_LOG]]


def deliver(subject: str, text: str, address: str, *, key: str) -> None:
    """Hand one mail to the processor, once: it keeps the key for a day and repeats its answer."""
    message = EmailMessage(
        subject=subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
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


def mail_error(status: int | None) -> ConnectorError:
    if status == 429:
        return RetryError("mail_rate_limit")
    if status is None or status >= 500:
        return UnknownOutcomeError("mail_no_answer")
    if status in (401, 403):
        return PermanentError("no_permission")
    return PermanentError("refused")
