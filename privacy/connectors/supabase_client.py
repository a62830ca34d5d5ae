"""Supabase's client, as the connectors for its parts share it."""

from datetime import timedelta

import httpx
from django.conf import settings
from supabase import Client, ClientOptions, create_client

from privacy.connectors.errors import (
    ConnectorError,
    PermanentError,
    RetryError,
    UnknownOutcomeError,
)


def drop_bearer(request: httpx.Request) -> None:
    """A secret key is no JWT: in `Authorization` the hosted gateway refuses it.

    The client sends it there beside `apikey` (github.com/supabase/supabase-py, issue 1150).
    """
    if request.headers.get("authorization", "").startswith("Bearer sb_secret_"):
        del request.headers["authorization"]


def make_client(url: str, key: str, transport: httpx.BaseTransport | None = None) -> Client:
    http = httpx.Client(
        timeout=settings.PROCESSOR_TIMEOUT.total_seconds(),
        transport=transport,
        event_hooks={"request": [drop_bearer]},
        follow_redirects=False,
    )
    options = ClientOptions(httpx_client=http, auto_refresh_token=False, persist_session=False)
    return create_client(url, key, options=options)


def client_from_settings() -> Client:
    return make_client(settings.SUPABASE_URL, settings.SUPABASE_SECRET_KEY)


class GoneError(ConnectorError):
    """It isn't there (any more). For an erasure that is success."""


def by_status(status: int, code: str) -> ConnectorError:
    """What a status means at every part of Supabase; `code` is what it is called there."""
    if status == 404:
        return GoneError("not_found")
    if status == 429:
        return RetryError("rate_limit", after=timedelta(seconds=1))
    if status in (401, 403):
        return PermanentError("no_permission")
    if status >= 500:
        return UnknownOutcomeError("processor_error")
    return PermanentError(code)
