"""What the pages behind mailed links share."""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from privacy.models import MailToken
from privacy.services.tokens import TokenError, find


def with_status(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view the token of a status link that works; else a page says why it doesn't."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, secret: str) -> HttpResponse:
        try:
            token = find(secret, MailToken.Kind.STATUS)
        except TokenError as error:
            return dead_link(request, error)
        return view(request, token, secret)

    return wrapped


def dead_link(request: HttpRequest, error: TokenError) -> HttpResponse:
    """An unknown link is 404; one that we know and that no longer works is 410."""
    status = 404 if error.why == "unknown" else 410
    return render(request, "privacy/web/dead_link.html", {"why": error.why}, status=status)
