"""The certificate of an erasure: printable, without the address."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from privacy.models import MailToken
from privacy.selectors import appeal_window, held, progress, systems, tasks
from privacy.selectors.notices import Kind, notices
from privacy.selectors.refusals import told
from privacy.selectors.waiting import deferred, expiring
from privacy.web.views.tokens import with_status


@with_status
def certificate(request: HttpRequest, token: MailToken, secret: str) -> HttpResponse:
    privacy_request = token.request
    finished_at = systems.erasure_finished_at(privacy_request)
    if finished_at is None:
        raise Http404
    found = systems.systems(privacy_request)
    values = {
        "secret": secret,
        "privacy_request": privacy_request,
        "finished_at": finished_at,
        "systems": found,
        "refused": told(privacy_request),
        "by_hand": tasks.outcomes(privacy_request),
        "told": [each for each in notices(privacy_request) if each.kind == Kind.ERASURE],
        "uncovered": tasks.unsearched_processors(privacy_request),
        "waiting": deferred(privacy_request),
        "expiring": expiring(privacy_request),
        "mail_log": systems.mail_log_ground(found),
        "fingerprint": progress.fingerprint(privacy_request),
        "backup_days": settings.KEYSTORE_BACKUP.days,
        "held": held.told(privacy_request),
        "key_goes_on": appeal_window.key_goes_on(privacy_request),
    }
    return render(request, "privacy/web/certificate.html", values)
