"""Requests and responses of a sandbox."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from fluxrouter.sandbox.forms import nested

Environ = dict[str, Any]
Body = dict[str, Any] | list[Any] | bytes | str | None


@dataclass
class Request:
    """One call; `query` is flat, `nested_query` and `form` know Stripe's brackets."""

    method: str
    path: str
    query_string: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    whole: bool = True  # False: the client was gone before its body had come

    @classmethod
    def of(cls, environ: Environ) -> "Request":
        headers = {
            key[5:].replace("_", "-").lower(): value
            for key, value in environ.items()
            if key.startswith("HTTP_")
        }
        headers["content-type"] = environ.get("CONTENT_TYPE", "")
        path = environ.get("PATH_INFO", "/").encode("latin-1").decode("utf-8", "replace")
        query = environ.get("QUERY_STRING", "")
        body = _read(environ)
        whole = len(body) >= int(environ.get("CONTENT_LENGTH") or 0)
        return cls(environ["REQUEST_METHOD"], path, query, headers, body, whole)

    @cached_property
    def query_pairs(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query_string, keep_blank_values=True)

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(self.query_pairs)

    @cached_property
    def nested_query(self) -> dict[str, Any]:
        return nested(self.query_pairs)

    @cached_property
    def form(self) -> dict[str, Any]:
        return nested(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @cached_property
    def json(self) -> Any:
        """The body as JSON; None when there is none; ValueError when it can't be read."""
        return json.loads(self.body) if self.body else None

    @property
    def bearer(self) -> str:
        """The token of `Authorization: Bearer …`, or an empty string."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme.lower() == "bearer" else ""


def _read(environ: Environ) -> bytes:
    length = environ.get("CONTENT_LENGTH") or ""
    stream = environ["wsgi.input"]
    if length:
        body: bytes = stream.read(int(length))
        return body
    chunked = environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"
    return b"".join(iter(lambda: stream.read(65536), b"")) if chunked else b""


@dataclass
class Response:
    """One answer; dictionaries and lists go out as JSON."""

    status: int = 200
    body: Body = None
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body, separators=(",", ":")).encode()

    def start(self, content: bytes) -> tuple[str, Iterable[tuple[str, str]]]:
        kind = "application/json" if isinstance(self.body, dict | list) else "text/plain"
        headers = {"Content-Type": kind, "Content-Length": str(len(content)), **self.headers}
        return f"{self.status} {_reason(self.status)}", list(headers.items())


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


class RefusedError(Exception):
    """A handler's way to answer early; nothing may have been changed before it is raised."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response
