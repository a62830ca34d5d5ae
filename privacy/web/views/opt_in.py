"""Allowing sale and sharing again after a browser's signal, in two steps (11 CCR § 7028(a)).

The person asks, and then confirms on a page of its own. Nobody is asked to do it.
"""

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from privacy.models import MailToken, PrivacyRequest
from privacy.services import signals
from privacy.web.views.tokens import with_status

ASKED = TimestampSigner(salt="allow sale again")
HOLDS = timedelta(hours=1)  # a first step that nobody confirms is over by then


def asked_before(request: HttpRequest, privacy_request: PrivacyRequest) -> bool:
    """Whether the first step was taken for this request, not long ago."""
    try:
        found = ASKED.unsign(request.POST.get("asked", ""), max_age=HOLDS)
    except BadSignature:
        return False
    return found == str(privacy_request.pk)


@with_status
def allow_sale(request: HttpRequest, token: MailToken, secret: str) -> HttpResponse:
    if not signals.stopped(token.request).exists():
        return redirect("privacy:status", secret=secret)
    values = {"secret": secret, "privacy_request": token.request}
    if request.method != "POST":
        return render(request, "privacy/web/allow_sale.html", values)
    values["asked"] = ASKED.sign(str(token.request.pk))
    return render(request, "privacy/web/allow_sale_confirm.html", values)


@with_status
def confirm_sale(request: HttpRequest, token: MailToken, secret: str) -> HttpResponse:
    if not asked_before(request, token.request):
        return redirect("privacy:allow_sale", secret=secret)
    signals.allow_again(token.request)
    return redirect("privacy:status", secret=secret)
