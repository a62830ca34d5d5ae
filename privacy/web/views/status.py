"""The status page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from privacy.models import MailToken, PrivacyRequest
from privacy.rights import Right
from privacy.selectors import progress, restrictions, systems, tasks
from privacy.selectors.waiting import deferred, expiring
from privacy.services.package.read import package_on_offer
from privacy.services.withdrawal import can_withdraw
from privacy.states import TELLINGS, Status
from privacy.web.views.tokens import with_status


@with_status
def status(request: HttpRequest, token: MailToken, secret: str) -> HttpResponse:
    return status_page(request, token.request, secret)


def status_page(
    request: HttpRequest,
    privacy_request: PrivacyRequest,
    secret: str,
    *,
    message: str = "",
) -> HttpResponse:
    values: dict[str, Any] = {
        "secret": secret,
        "message": message,
        "privacy_request": privacy_request,
        "rights": [Right(right).label for right in privacy_request.rights],
        "telling": TELLINGS[Status(privacy_request.status)],
        "tracker": progress.tracker(privacy_request),
        "timeline": progress.timeline(privacy_request),
        "reason": progress.denial_reason(privacy_request),
        "declined": progress.declined(privacy_request),
        "never_confirmed": progress.was_never_confirmed(privacy_request),
        "package": package_on_offer(privacy_request),
        "package_was": hasattr(privacy_request, "package") and privacy_request.package.ready_at,
        "erasing": Right.ERASURE in privacy_request.rights,
        "can_withdraw": can_withdraw(privacy_request),
        "certified_at": systems.erasure_finished_at(privacy_request),
        "waiting": deferred(privacy_request),
        "expiring": expiring(privacy_request),
        "in_force": restrictions.in_force(privacy_request),
    }
    if privacy_request.verified_at:
        values["systems"] = systems.systems(privacy_request)
        values["by_hand"] = tasks.outcomes(privacy_request)
        values["uncovered"] = tasks.unsearched_processors(privacy_request)
    return render(request, "privacy/web/status.html", values)
