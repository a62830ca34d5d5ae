"""Which encoding a form may come in."""

import codecs
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from fluxrouter.errors import bad_request

View = Callable[[HttpRequest], HttpResponseBase]


def utf8_only(get_response: View) -> View:
    """Refuse every other one, as Django itself does for forms that aren't multipart.

    In some of Python's one can write half a character (a lone surrogate), and a page that is to
    show it fails: staff could not read such a message.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        named = (request.content_params or {}).get("charset", "utf-8")
        return get_response(request) if is_utf8(named) else bad_request(request)

    return middleware


def is_utf8(name: str) -> bool:
    try:
        return codecs.lookup(name).name == "utf-8"
    except LookupError:
        return False
