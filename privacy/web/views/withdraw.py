"""Taking a request back from its status page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from privacy.models import MailToken
from privacy.services import withdrawal
from privacy.states import TransitionError
from privacy.web.views.tokens import with_status


@with_status
def withdraw(request: HttpRequest, token: MailToken, secret: str) -> HttpResponse:
    privacy_request = token.request
    values = {"secret": secret, "privacy_request": privacy_request}
    if request.method == "POST":
        try:
            withdrawal.withdraw(privacy_request)
        except TransitionError:
            return render(request, "privacy/web/too_late.html", values, status=409)
        return redirect("privacy:status", secret=secret)
    if not withdrawal.can_withdraw(privacy_request):
        return redirect("privacy:status", secret=secret)
    return render(request, "privacy/web/withdraw.html", values)
