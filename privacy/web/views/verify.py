"""Behind the mailed link that confirms the address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from privacy.models import MailToken, PrivacyRequest
from privacy.rights import Right
from privacy.services import tokens, verification
from privacy.states import Status, TransitionError
from privacy.web.views.tokens import dead_link
from privacy.web.waiting import wait_text


def verify(request: HttpRequest, secret: str) -> HttpResponse:
    """GET changes nothing, so mail scanners may open the link; the button confirms."""
    try:
        token = tokens.find(secret, MailToken.Kind.VERIFY)
        if request.method == "POST":
            done = {"privacy_request": verification.confirm(token)}
            return render(request, "privacy/web/confirmed.html", done)
    except tokens.TokenError as error:
        return spent(request, secret, error)
    except TransitionError:
        return render(request, "privacy/web/moved_on.html", status=410)
    values = {"labels": [Right(right).label for right in token.request.rights]}
    return render(request, "privacy/web/verify.html", values)


def again(request: HttpRequest, secret: str) -> HttpResponse:
    """A new letter for somebody whose link no longer works."""
    if request.method != "POST":
        return redirect("privacy:verify", secret=secret)
    try:
        tokens.find(secret, MailToken.Kind.VERIFY)
    except tokens.TokenError as error:
        return spent(request, secret, error, send=True)
    return redirect("privacy:verify", secret=secret)


def letter_for(privacy_request: PrivacyRequest, why: str) -> str:
    """Which letter helps the holder of a dead link; "" when none does."""
    if privacy_request.verified_at:
        return "status_link"
    expired = why == "expired" and privacy_request.status == Status.VERIFYING
    return "verify" if expired else ""


def spent(
    request: HttpRequest, secret: str, error: tokens.TokenError, *, send: bool = False
) -> HttpResponse:
    if error.token is None:
        return dead_link(request, error)
    privacy_request = error.token.request
    letter, message = letter_for(privacy_request, error.why), ""
    if send and letter:
        try:
            verification.send_again(privacy_request, letter)
            message = "We have sent you an e-mail. It may take a minute to arrive."
        except verification.TooSoonError as too_soon:
            message = wait_text(too_soon)
    values = {"why": error.why, "letter": letter, "message": message, "secret": secret}
    return render(request, "privacy/web/link_spent.html", values, status=200 if message else 410)
