from collections.abc import Callable
from typing import Any

import httpx
import psycopg
import pytest
from supabase import Client, create_client
from supabase.lib.client_options import SyncClientOptions

from fluxrouter.sandbox.supabase.app import SupabaseSandbox, create_app
from fluxrouter.sandbox.supabase.people import Person, add_user
from fluxrouter.sandbox.transport import httpx_client

Connect = Callable[[], psycopg.Connection[Any]]


@pytest.fixture
def ann(auth_database: Connect) -> Person:
    with auth_database() as connection:
        return add_user(
            connection, email="ann@example.org", phone="+4930123456", name="Ann Example"
        )


@pytest.fixture
def auth(auth_database: Connect) -> SupabaseSandbox:
    return create_app(connect=auth_database)


def without_secret_bearer(request: httpx.Request) -> None:
    if request.headers.get("authorization", "").startswith("Bearer sb_secret_"):
        del request.headers["authorization"]


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """The vendor's client with an app behind it instead of a network."""

    def build(app: SupabaseSandbox, **hooks: Any) -> Client:
        event_hooks = {"request": [without_secret_bearer], **hooks}
        options = SyncClientOptions(
            httpx_client=httpx_client(app, event_hooks=event_hooks),
            auto_refresh_token=False,
            persist_session=False,
        )
        return create_client("http://sandbox.invalid", app.secret_key, options=options)

    return build


@pytest.fixture
def supabase(auth: SupabaseSandbox, client_of: Callable[..., Client]) -> Client:
    return client_of(auth)


@pytest.fixture
def rows(auth_database: Connect) -> Callable[..., list[Any]]:
    """Run a statement, and give its rows."""

    def run(query: str, *values: Any) -> list[Any]:
        with auth_database() as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    return run
