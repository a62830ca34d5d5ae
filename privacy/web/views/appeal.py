"""“I don’t agree”: appeals and complaints from the status page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from privacy.models import Appeal, MailToken, PrivacyRequest
from privacy.rights import Right
from privacy.selectors import appeals, progress, refusals
from privacy.services import appeals as service
from privacy.web import against
from privacy.web.appeal_form import AppealForm
from privacy.web.views.tokens import with_status

Kind = Appeal.Kind


def page_values(request: PrivacyRequest, kind: str, secret: str) -> dict[str, Any]:
    return {
        "secret": secret,
        "privacy_request": request,
        "kind": kind,
        "rights": [Right(right).label for right in request.rights],
        "decided": progress.telling(request).text,
        "refused": refusals.told(request),
        "never_confirmed": progress.was_never_confirmed(request),
        "declined": progress.declined(request),
        **against.ways(request),
    }


def form_view(request: HttpRequest, token: MailToken, secret: str, kind: str) -> HttpResponse:
    """Sent twice, it is one; what comes too late is told where else to go, with 409."""
    form = AppealForm(request.POST if request.method == "POST" else None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            service.submit(token.request, kind, form.cleaned_data["text"])
        except service.AppealError as error:
            return not_now(request, token, secret, kind, error.why)
        return redirect("privacy:status", secret=secret)
    if why := service.why_not(token.request, kind):
        return not_now(request, token, secret, kind, why)
    values = {**page_values(token.request, kind, secret), "form": form}
    return render(request, "privacy/web/appeal.html", values)


def not_now(
    request: HttpRequest, token: MailToken, secret: str, kind: str, why: str
) -> HttpResponse:
    values = {**page_values(token.request, kind, secret), "why": str(why)}
    return render(request, "privacy/web/appeal_not_now.html", values, status=409)


@with_status
def appeal(request: HttpRequest, token: MailToken, secret: str) -> HttpResponse:
    return form_view(request, token, secret, Kind.APPEAL)


@with_status
def complaint(request: HttpRequest, token: MailToken, secret: str) -> HttpResponse:
    return form_view(request, token, secret, Kind.COMPLAINT)


def take_back(request: HttpRequest, token: MailToken, secret: str, kind: str) -> HttpResponse:
    if request.method == "POST":
        try:
            service.withdraw(token.request, kind)
        except service.AppealError as error:
            return not_now(request, token, secret, kind, error.why)
        return redirect("privacy:status", secret=secret)
    if appeals.open_appeal(token.request, kind) is None:
        return redirect("privacy:status", secret=secret)
    values = page_values(token.request, kind, secret)
    return render(request, "privacy/web/appeal_take_back.html", values)


@with_status
def take_back_appeal(request: HttpRequest, token: MailToken, secret: str) -> HttpResponse:
    return take_back(request, token, secret, Kind.APPEAL)


@with_status
def take_back_complaint(request: HttpRequest, token: MailToken, secret: str) -> HttpResponse:
    return take_back(request, token, secret, Kind.COMPLAINT)
