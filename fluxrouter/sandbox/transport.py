"""The clients' libraries against an app in the same process, without a socket."""

import io
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from fluxrouter.sandbox.faults import LOST
from fluxrouter.sandbox.kit import App
from fluxrouter.sandbox.messages import Environ


class WSGIAdapter(HTTPAdapter):
    """A `requests` adapter; a lost reply is a time-out after the app has committed."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app = app

    def send(  # type: ignore[override]  # the five options of the base have no meaning here
        self, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        started: list[Any] = []
        chunks = self.app(_environ(request), lambda *start: started.extend(start))
        status, headers = started[:2]
        if LOST in headers:
            raise requests.exceptions.ReadTimeout("the sandbox lost the reply", request=request)
        raw = HTTPResponse(
            body=io.BytesIO(b"".join(chunks)),
            headers=HTTPHeaderDict(headers),
            status=int(status.split()[0]),
            reason=status.partition(" ")[2],
            preload_content=False,
        )
        return self.build_response(request, raw)


def _environ(request: requests.PreparedRequest) -> Environ:
    url = urlsplit(request.url or "")
    body = request.body or b""
    content = body.encode() if isinstance(body, str) else body
    headers = {
        "HTTP_" + name.upper().replace("-", "_"): value for name, value in request.headers.items()
    }
    return {
        **headers,
        "REQUEST_METHOD": request.method,
        "PATH_INFO": unquote(url.path).encode().decode("latin-1"),
        "QUERY_STRING": url.query,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(content)),
        "SERVER_NAME": url.hostname,
        "SERVER_PORT": str(url.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(content),
    }


def requests_session(app: App) -> requests.Session:
    """A session whose every call goes to the app, whatever the host."""
    session = requests.Session()
    session.trust_env = False
    for scheme in ("https://", "http://"):
        session.mount(scheme, WSGIAdapter(app))
    return session


class LossyTransport(httpx.WSGITransport):
    """httpx's own WSGI transport, with lost replies."""

    def __init__(self, app: App) -> None:
        def decoded(environ: Environ, start_response: Any) -> Any:
            # WSGI wants the path's bytes read as Latin-1; httpx gives it as text.
            environ["PATH_INFO"] = environ["PATH_INFO"].encode().decode("latin-1")
            return app(environ, start_response)

        super().__init__(app=decoded)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if response.headers.get(LOST[0]) == LOST[1]:
            raise httpx.ReadTimeout("the sandbox lost the reply", request=request)
        return response


def httpx_client(app: App, **options: Any) -> httpx.Client:
    """A client whose every call goes to the app; `options` are httpx.Client's."""
    options.setdefault("base_url", "http://sandbox.invalid")
    return httpx.Client(transport=LossyTransport(app), **options)
