"""A processor's JSON interface: one call, and its errors in the ledger's words."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
from django.conf import settings

from privacy.connectors.errors import (
    ConnectorError,
    PermanentError,
    RetryError,
    UnknownOutcomeError,
    asked_seconds,
)
from privacy.connectors.pulse import heartbeat

Json = dict[str, Any]
LONGEST_PAUSE = 10.0  # seconds; much less than a lease


class GoneError(PermanentError):
    """There is no such object (any more). For an erasure that is success; a list never is gone."""


class ConflictError(RetryError):
    """Something else stands in the way: a change under way, or a rule of the processor."""


class Api:
    """Calls one processor with one key. It retries nothing, the ledger does."""

    def __init__(
        self,
        base_url: str,
        key: str,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self.pause = pause
        self._wait = 0.0
        self._http = httpx.Client(
            base_url=base_url,
            headers={"Authorization": f"Bearer {key}"},
            timeout=settings.PROCESSOR_TIMEOUT.total_seconds(),
            transport=transport,
            follow_redirects=False,  # our key goes to the processor and nowhere else
        )

    def call(
        self, method: str, path: str, *, query: Json | None = None, body: Json | None = None
    ) -> Json:
        """The answer's object; an empty one when there is none."""
        self._keep_pace()
        heartbeat()
        try:
            response = self._http.request(method, path, params=query, json=body)
        except httpx.HTTPError:
            raise UnknownOutcomeError("no_answer") from None
        self._wait = asked_pause(response)
        if not response.is_success:
            raise translate(response)
        answer = parsed(response) if response.content else {}
        if not isinstance(answer, dict):
            raise UnknownOutcomeError("no_answer")
        return answer

    def _keep_pace(self) -> None:
        """Wait rather than be refused: a long list would never come to its end."""
        if self._wait:
            self.pause(self._wait)


def asked_pause(response: httpx.Response) -> float:
    """Seconds until the window of a used-up rate limit ends.

    Source: resend.com/docs/api-reference/rate-limit (the IETF's draft for such headers).
    """
    if response.headers.get("ratelimit-remaining") != "0":
        return 0.0
    return min(asked_seconds(response.headers.get("ratelimit-reset", ""), 1.0), LONGEST_PAUSE)


def translate(response: httpx.Response) -> ConnectorError:
    """An answer as one of the ledger's kinds. Its text is dropped: it may name a person."""
    status = response.status_code
    if status == 404:
        return GoneError("not_found")
    if status == 429:
        after = asked_seconds(response.headers.get("retry-after", ""), 1.0)
        return RetryError("rate_limit", after=timedelta(seconds=after))
    if status == 409:
        return ConflictError("conflict")
    if status in (401, 403):
        return PermanentError("no_permission")
    if 400 <= status < 500:
        return PermanentError(code_of(response))
    # A redirect as well: nobody knows what stands behind it.
    return UnknownOutcomeError("processor_error" if status >= 500 else "no_answer")


def code_of(response: httpx.Response) -> str:
    """The processor's own code: in `name`, or in `code` of `error`."""
    try:
        answer = parsed(response)
    except UnknownOutcomeError:
        answer = None
    if isinstance(answer, dict):
        inner = answer.get("error")
        code = inner.get("code") if isinstance(inner, dict) else answer.get("name")
        if code:
            return str(code)
    return "refused"


def parsed(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        raise UnknownOutcomeError("no_answer") from None


def rows(answer: Json, name: str) -> list[Json]:
    """A list of objects in an answer; anything else is no answer that makes sense."""
    found = answer.get(name)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise UnknownOutcomeError("no_answer")
    return found


def segment(text: str) -> str:
    """One part of a path, whatever is in it."""
    if text in ("", ".", ".."):
        raise PermanentError("strange_id")
    return quote(text, safe="")
