"""The status page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from privacy.models import Forwarding, MailToken, PrivacyRequest
from privacy.rights import Right
from privacy.selectors import clocks, held, progress, restrictions, systems, tasks
from privacy.selectors.questions import open_question
from privacy.selectors.refusals import granted_rights, told
from privacy.selectors.waiting import deferred, expiring
from privacy.services import signals
from privacy.services.package.read import package_on_offer
from privacy.services.withdrawal import can_withdraw
from privacy.web import against, signal, standing
from privacy.web.views.tokens import with_status


@with_status
def status(request: HttpRequest, token: MailToken, secret: str) -> HttpResponse:
    signal.tie(request, token.request)
    return status_page(request, token.request, secret)


def status_page(
    request: HttpRequest,
    privacy_request: PrivacyRequest,
    secret: str,
    *,
    message: str = "",
) -> HttpResponse:
    granted = granted_rights(privacy_request)
    stays = Right.ERASURE in granted and privacy_request.verified_at
    values: dict[str, Any] = {
        "secret": secret,
        "message": message,
        "privacy_request": privacy_request,
        "rights": [Right(right).label for right in privacy_request.rights],
        "standing": standing.standing(privacy_request),
        "longer": against.longer(privacy_request),
        "question": open_question(privacy_request),
        "said": against.said(privacy_request),
        "held": held.told(privacy_request) if stays else [],
        "forwarding": Forwarding.objects.filter(request=privacy_request).first(),
        "is_late": clocks.deemed_refused_on(privacy_request) is not None,
        **against.ways(privacy_request),
        "tracker": progress.tracker(privacy_request),
        "timeline": progress.timeline(privacy_request),
        "refused": told(privacy_request),
        "declined": progress.declined(privacy_request),
        "never_confirmed": progress.was_never_confirmed(privacy_request),
        "package": package_on_offer(privacy_request),
        "package_was": hasattr(privacy_request, "package") and privacy_request.package.ready_at,
        "erasing": Right.ERASURE in granted,
        "can_withdraw": can_withdraw(privacy_request),
        "certified_at": systems.erasure_finished_at(privacy_request),
        "waiting": deferred(privacy_request),
        "expiring": expiring(privacy_request),
        "in_force": restrictions.shown(privacy_request),
        "signalled_since": signals.since(privacy_request),
    }
    if privacy_request.verified_at:
        values["systems"] = systems.systems(privacy_request)
        values["by_hand"] = tasks.outcomes(privacy_request)
        values["uncovered"] = tasks.unsearched_processors(privacy_request)
    return render(request, "privacy/web/status.html", values)
