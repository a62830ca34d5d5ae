"""Global Privacy Control on our pages: what the browser asks, and that we do it.

Without scripts: the header says it (docs/adr/0024-opt-outs-and-signals.md).
"""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from privacy.models import PrivacyRequest
from privacy.services import signals

COOKIE = "opt_out_signal"
HEADER = "Sec-GPC"
OURS = "privacy"  # the name space of the public pages
View = Callable[[HttpRequest], HttpResponseBase]


class Signal:
    """What a page says of it: `now`, the browser asks; `before`, it asked on an earlier visit."""

    def __init__(self, request: HttpRequest) -> None:
        self.now = signals.is_set(request.headers.get(HEADER, ""))
        self.kept = request.COOKIES.get(COOKIE, "")
        self.cookie = self.kept or secrets.token_urlsafe(24)

    @property
    def before(self) -> bool:
        return not self.now and bool(self.kept) and signals.is_known(self.kept)


def opt_out_signal(get_response: View) -> View:
    """Read the signal for the page, and remember the browser that sends it on one of ours."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        signal = Signal(request)
        request.opt_out_signal = signal  # type: ignore[attr-defined]
        response = get_response(request)
        match = request.resolver_match
        if match and match.app_name == OURS:
            # A page for one browser is not kept for another.
            patch_vary_headers(response, [HEADER, "Cookie"])
            if signal.now:
                remember(signal, response)
        return response

    return middleware


def remember(signal: Signal, response: HttpResponseBase) -> None:
    """A browser gets a row when it comes back with its cookie: who keeps none leaves none."""
    patch_cache_control(response, private=True)
    if signal.kept:
        signals.note_browser(signal.kept)
        return
    response.set_cookie(
        COOKIE,
        signal.cookie,
        max_age=signals.LIVES,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )


def tie(request: HttpRequest, privacy_request: PrivacyRequest) -> None:
    """The page is a known person's: what their browser asks holds for their accounts too."""
    signal: Signal = request.opt_out_signal  # type: ignore[attr-defined]
    if signal.now:
        signals.tie(signal.cookie, privacy_request)
