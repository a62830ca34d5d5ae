"""One client for all providers, and their errors in the ledger's words."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
from django.conf import settings

from privacy.connectors.errors import (
    ConnectorError,
    PermanentError,
    RetryError,
    UnknownOutcomeError,
    asked_seconds,
)
from privacy.connectors.model_providers.providers import Kind, Provider
from privacy.connectors.pulse import heartbeat

Json = dict[str, Any]
PAGE = 100
# Nothing that could lead to another path than the object's own.
IDENTIFIER = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,254}")
# 400 that means: the key is wrong (ai.google.dev/gemini-api/docs/troubleshooting).
BAD_KEY = frozenset({"API_KEY_INVALID"})


class GoneError(ConnectorError):
    """The object isn't there (any more). For an erasure that is success."""


class RefusedError(PermanentError):
    """403: the key may not; or, at some places, the object is gone."""


class Client:
    """A provider's API. Without a `transport` it goes over the network."""

    def __init__(
        self,
        provider: Provider,
        base_url: str,
        key: str,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.provider = provider
        self.http = httpx.Client(
            base_url=base_url,
            headers={**provider.headers, provider.key_header: provider.key_form.format(key)},
            timeout=settings.PROCESSOR_TIMEOUT.total_seconds(),
            transport=transport,
            follow_redirects=False,  # our key goes to the provider and nowhere else
        )

    def find(self, path: str, identifier: str) -> Json | None:
        """The object, or None when it isn't there."""
        kind = self.provider.kinds[path]
        try:
            found = self._call("GET", address(path, identifier), headers=kind.headers)
        except GoneError:
            return None
        except RefusedError:
            if not kind.refused_when_gone or self._is_listed(kind, path, identifier):
                raise
            return None
        if name_of(found) != identifier:
            raise UnknownOutcomeError("wrong_object")
        return found

    def _is_listed(self, kind: Kind, path: str, identifier: str) -> bool:
        """Whether the provider's own list names it. A key that may not list proves nothing."""
        params: dict[str, str | int] = {"pageSize": PAGE}
        while True:
            page = self._call("GET", path, params=params)
            if any(name_of(each) == identifier for each in page.get(kind.refused_when_gone, [])):
                return True
            if not page.get("nextPageToken"):
                return False
            params["pageToken"] = page["nextPageToken"]

    def parts(self, path: str, identifier: str) -> Iterator[Json]:
        """What lies inside the object, page by page; nothing when it isn't there."""
        kind = self.provider.kinds[path]
        if kind.parts is None:
            return
        params: dict[str, str | int] = {"limit": PAGE}
        where = f"{address(path, identifier)}/{kind.parts.path}"
        while True:
            try:
                page = self._call("GET", where, params=params)
            except GoneError:
                return
            yield from page.get("data", [])
            if not page.get("has_more"):
                return
            params["after"] = page["last_id"]

    def delete(self, path: str, identifier: str, part: str = "") -> bool:
        """Delete the object, or a part of it. False when it was gone already."""
        kind = self.provider.kinds[path]
        inner = f"/{kind.parts.path}/{checked(part)}" if kind.parts and part else ""
        try:
            self._call(
                "DELETE",
                f"{address(path, identifier)}{inner}",
                headers=kind.headers,
                params=kind.delete_params,
            )
        except GoneError:
            return False
        except RefusedError:
            if self.find(path, identifier) is not None:
                raise
            return False
        return True

    def cancel(self, path: str, identifier: str, suffix: str) -> None:
        """Tell it to stop. What has ended meanwhile can't be stopped: the next look tells."""
        try:
            self._call("POST", f"{address(path, identifier)}{suffix}")
        except GoneError:
            return
        except PermanentError as error:
            if error.code != "refused":
                raise

    def create(self, path: str, **options: Any) -> str:
        """Make an object; gives its id."""
        return name_of(
            self._call("POST", path, headers=self.provider.kinds[path].headers, **options)
        )

    def _call(self, method: str, path: str, **options: Any) -> Json:
        heartbeat()
        try:
            response = self.http.request(method, path, **options)
            body = response.json() if response.content else {}
        except (httpx.HTTPError, ValueError):
            raise UnknownOutcomeError("no_answer") from None
        if response.is_success and isinstance(body, dict):
            return body
        raise translate(response, body)


def checked(identifier: str) -> str:
    if not IDENTIFIER.fullmatch(identifier):
        raise PermanentError("strange_id")
    return identifier


def address(path: str, identifier: str) -> str:
    return f"{path}/{checked(identifier)}"


def name_of(found: Json) -> str:
    """OpenAI and Anthropic say `id`; Gemini says `name`, with the kind before it."""
    return str(found.get("id") or str(found.get("name", "")).rpartition("/")[2])


def translate(response: httpx.Response, body: Any) -> ConnectorError:
    """The answer as one of the ledger's kinds. Its text, which may name people, is dropped.

    Source: developers.openai.com/api/docs/guides/error-codes, platform.claude.com/docs/en/api/
    errors, ai.google.dev/gemini-api/docs/troubleshooting.
    """
    status = response.status_code
    if status == 404:
        return GoneError("not_found")
    if status == 403:
        return RefusedError("no_permission")
    if status == 401 or (status == 400 and reason_of(body) in BAD_KEY):
        return PermanentError("no_permission")
    if status == 429:
        return RetryError("rate_limit", after=retry_after(response))
    if status == 409:
        return RetryError("lock_timeout")
    if 400 <= status < 500:
        return PermanentError("refused")
    return UnknownOutcomeError("processor_error")


def reason_of(body: Any) -> str:
    """Google's reason, which tells a bad key from a bad request."""
    try:
        return str(body["error"]["details"][0]["reason"])
    except (KeyError, IndexError, TypeError):
        return ""


def retry_after(response: httpx.Response) -> timedelta:
    """What the answer asks for, or ten seconds."""
    return timedelta(seconds=asked_seconds(response.headers.get("retry-after", ""), 10))
