"""The stand-in for Supabase Auth and Storage: keys at the door, one transaction a request."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql

from fluxrouter.sandbox.faults import Fault
from fluxrouter.sandbox.kit import App, Request, Response, Route, Router
from fluxrouter.sandbox.supabase import (
    admin,
    errors,
    people,
    schema,
    sessions,
    storage,
    storage_errors,
    storage_files,
    users,
)
from fluxrouter.sandbox.supabase.credentials import Signer

Connect = Callable[[], schema.Connection]
_OPEN = frozenset({"/auth/v1/.well-known/jwks.json"})
_ADMIN = "/auth/v1/admin/"
_KEYED = ("/auth/v1/", storage.PREFIX)


def _now() -> datetime:
    return datetime.now(UTC)


class SupabaseSandbox(App):
    """Serves `/auth/v1` and `/storage/v1`; its state is the schemas that `connect` leads to.

    `restricted`: the organisation has used more than it paid for.
    """

    router = Router()
    router.include(admin.router)
    router.include(sessions.router)
    router.include(storage.router)

    def __init__(
        self,
        connect: Connect,
        *,
        secret_key: str,
        publishable_key: str,
        issuer: str,
        clock: Callable[[], datetime],
        broken: frozenset[str],
    ) -> None:
        super().__init__(broken)
        self.secret_key = secret_key
        self.publishable_key = publishable_key
        self.signer = Signer(secret_key, issuer)
        self.clock = clock
        self.restricted = False
        self._connect = connect
        self._own = threading.local()

    def receive(self, request: Request) -> Response | None:
        """The hosted gateway: it knows the keys, and lets nobody else near Auth and Storage."""
        if not request.path.startswith(_KEYED) or request.path in _OPEN:
            return None
        key = request.headers.get("apikey", "")
        if not key:
            return errors.gateway_refusal("No API key found in request", "Send it as `apikey`.")
        misplaced = request.bearer.startswith("sb_secret_") and self.rule("key_only_in_apikey")
        if key not in (self.secret_key, self.publishable_key) or misplaced:
            return errors.gateway_refusal("Invalid API key", "Check the key and its header.")
        if request.path.startswith(_ADMIN) and key != self.secret_key:
            return errors.error(403, "not_admin", "User not allowed")
        unpaid = self.restricted and self.rule("restricted_organisation_is_402")
        if request.path.startswith(storage.PREFIX) and unpaid:
            return storage_errors.restricted()
        return None

    def serve(self, request: Request, route: Route, slots: dict[str, str]) -> Response:
        connection = self.connection()
        try:
            with connection.transaction():
                return route.handler(self, request, connection, **slots)
        except psycopg.Error as problem:
            return errors.from_database(problem, "Database error")

    def finish(self, request: Request, response: Response, fault: Fault | None) -> Response:
        if not isinstance(response, errors.AuthErrorResponse):
            return response
        if request.path.startswith(storage.PREFIX):
            return storage_errors.of_fault(response.status)
        hide = self.rule("error_version_hides_the_database")
        return errors.in_form(response, request, hide=hide)

    def error_response(self, status: int, code: str) -> Response:
        return errors.from_fault(status, code)

    def connection(self) -> schema.Connection:
        """The calling thread's own connection."""
        kept: schema.Connection | None = getattr(self._own, "connection", None)
        if kept is None or kept.closed or kept.broken:
            kept = self._own.connection = self._connect()
        return kept

    def close(self) -> None:
        """Close the calling thread's connection; the other threads' end with their threads."""
        kept: schema.Connection | None = getattr(self._own, "connection", None)
        if kept is not None:
            kept.close()

    def reset(self) -> None:
        super().reset()
        self.restricted = False
        schema.truncate(self.connection())

    def dump(self) -> dict[str, Any]:
        """Every row of every table, as text."""
        connection = self.connection()
        query = sql.SQL("SELECT to_jsonb(t) AS row FROM {} AS t")
        places = [("auth", table) for table in schema.TABLES]
        places += [("storage", table) for table in schema.STORAGE_TABLES]
        with connection.transaction():
            found = {
                ".".join(place): users.rows(connection, query.format(sql.Identifier(*place)))
                for place in places
            }
            contents = users.rows(connection, storage_files.CONTENTS)
        dumped: dict[str, Any] = {
            place: [each["row"] for each in rows] for place, rows in found.items()
        }
        return dumped | {"files": [each["content"] for each in contents]}

    def seed(self, objects: Any) -> Any:
        """Store people: a list of keyword arguments of `people.add_user`.

        Or `{"files": [keyword arguments of storage_files.add_file, content as text],
        "restricted": bool}`.
        """
        connection = self.connection()
        with connection.transaction():
            if isinstance(objects, list):
                return [str(people.add_user(connection, **person).id) for person in objects]
            self.restricted = bool(objects.get("restricted", self.restricted))
            return [
                storage_files.add_file(connection, **{**each, "content": each["content"].encode()})
                for each in objects.get("files", [])
            ]


def create_app(
    database_url: str | None = None,
    *,
    connect: Connect | None = None,
    secret_key: str = "sb_secret_sandbox",  # noqa: S107 - a sandbox's key is no secret
    publishable_key: str = "sb_publishable_sandbox",
    issuer: str = "http://sandbox.invalid/auth/v1",
    clock: Callable[[], datetime] = _now,
    broken: frozenset[str] = frozenset(),
) -> SupabaseSandbox:
    """A sandbox over the database at `database_url`, or wherever `connect` leads."""
    if connect is None:
        if database_url is None:
            raise ValueError("give a database_url or a connect function")
        url = database_url

        def connect() -> schema.Connection:
            return psycopg.connect(url)

    return SupabaseSandbox(
        connect,
        secret_key=secret_key,
        publishable_key=publishable_key,
        issuer=issuer,
        clock=clock,
        broken=broken,
    )
