"""Behind “this wasn’t me”."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from privacy.models import MailToken, PrivacyRequest
from privacy.services import tokens, withdrawal
from privacy.states import Status, TransitionError
from privacy.web.views.tokens import dead_link


def stop(request: HttpRequest, secret: str) -> HttpResponse:
    try:
        token = tokens.find(secret, MailToken.Kind.STOP)
    except tokens.TokenError as error:
        if error.token and error.token.request.status == Status.WITHDRAWN:
            return stopped(request, error.token.request)
        return dead_link(request, error)
    if token.request.status == Status.WITHDRAWN:
        return stopped(request, token.request)
    values = {"privacy_request": token.request}
    if not withdrawal.can_withdraw(token.request):
        return render(request, "privacy/web/too_late.html", values, status=409)
    if request.method == "POST":
        return carry_out(request, token)
    return render(request, "privacy/web/stop.html", values)


def carry_out(request: HttpRequest, token: MailToken) -> HttpResponse:
    try:
        return stopped(request, withdrawal.was_not_me(token))
    except tokens.TokenError as error:
        return dead_link(request, error)
    except TransitionError:
        values = {"privacy_request": token.request}
        return render(request, "privacy/web/too_late.html", values, status=409)


def stopped(request: HttpRequest, privacy_request: PrivacyRequest) -> HttpResponse:
    return render(request, "privacy/web/stopped.html", {"privacy_request": privacy_request})
