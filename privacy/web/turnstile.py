"""Cloudflare Turnstile on the form's last page, where the settings turn it on.

Nobody is refused for it: docs/adr/0014-turnstile.md.
"""

import functools
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, cast
from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from fluxrouter.foundation.alarms import clear_alarm, raise_alarm
from privacy.connectors.turnstile import Verdict, verify
from privacy.models import Draft

ORIGIN = "https://challenges.cloudflare.com"
SCRIPT = f"{ORIGIN}/turnstile/v0/api.js"
ALARM = "turnstile_away"
FIELD = "cf-turnstile-response"  # the widget puts it into the form
WITHOUT = "without_check"  # the second button
# developers.cloudflare.com/turnstile/reference/content-security-policy
POLICY = {"script-src": [ORIGIN], "frame-src": [ORIGIN]}
View = Callable[..., HttpResponse]


class Way(Enum):
    """How a form that was sent goes on."""

    AT_ONCE = auto()
    SLOWLY = auto()  # its letter waits for its turn
    AGAIN = auto()  # the page comes back, with everything on it


def is_on() -> bool:
    return bool(settings.TURNSTILE_SITE_KEY)


def with_widget(view: View) -> View:
    """Let the view's page load the widget. Off, its policy is everybody's."""
    widened = csp_update(POLICY)(view)

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
        shown = widened if is_on() else view
        return cast("HttpResponse", shown(request, *args, **parts))

    return wrapped


def widget() -> dict[str, str]:
    """What the page needs for it; empty when it is off."""
    return {"script": SCRIPT, "site_key": settings.TURNSTILE_SITE_KEY} if is_on() else {}


def way(request: HttpRequest, draft: Draft) -> Way:
    return way_of(request, draft.pk)


def way_of(request: HttpRequest, submission: UUID) -> Way:
    """Slowly goes who chose to send without the check, and everybody while Cloudflare is away."""
    if not is_on():
        return Way.AT_ONCE
    if WITHOUT in request.POST:
        return Way.SLOWLY
    token = request.POST.get(FIELD, "")
    if not token:
        return Way.AGAIN
    verdict = verify(token, submission)
    if verdict is Verdict.AWAY:
        raise_alarm(ALARM)
        return Way.SLOWLY
    clear_alarm(ALARM)
    return Way.AT_ONCE if verdict is Verdict.PASSED else Way.AGAIN
