"""People for tests and demonstrations: a user with something in every table."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg import sql
from psycopg.types.json import Jsonb

from fluxrouter.sandbox.supabase import audit, users
from fluxrouter.sandbox.supabase.credentials import hash_password, refresh_token
from fluxrouter.sandbox.supabase.schema import Connection

_HOME = "192.0.2.7"  # from the block kept for documentation (RFC 5737)


@dataclass(frozen=True, slots=True)
class Person:
    """Who was added, and the password to sign in with."""

    id: UUID
    email: str
    phone: str | None
    name: str
    password: str
    session_id: UUID | None = None
    factor_id: UUID | None = None
    refresh_token: str | None = None


def add_user(
    connection: Connection,
    *,
    email: str,
    id: UUID | str | None = None,  # noqa: A002 - the column's name
    phone: str | None = None,
    name: str = "Ann Example",
    password: str = "correct horse",  # noqa: S107 - nobody's password
    user_metadata: dict[str, Any] | None = None,
    app_metadata: dict[str, Any] | None = None,
    now: datetime | None = None,
    with_session: bool = True,
    with_factor: bool = True,
    with_traces: bool = True,
) -> Person:
    """Add a person as they would be after signing up, signing in and coming back."""
    now = now or datetime.now(UTC)
    user_id = UUID(str(id)) if id else uuid4()
    phone = phone.removeprefix("+") if phone else None
    person = Person(user_id, email.lower(), phone, name, password)
    _add_account(connection, person, user_metadata or {}, app_metadata or {}, now)
    if with_session:
        session_id, token = _add_session(connection, user_id, now)
        person = replace(person, session_id=session_id, refresh_token=token)
    if with_factor:
        person = replace(person, factor_id=_add_factor(connection, person, now))
    if with_traces:
        _add_traces(connection, person, now)
    return person


def _add_account(
    connection: Connection,
    person: Person,
    user_metadata: dict[str, Any],
    app_metadata: dict[str, Any],
    now: datetime,
) -> None:
    user = {
        "id": person.id,
        "email": person.email,
        "phone": person.phone,
        "encrypted_password": hash_password(person.password),
        "raw_user_meta_data": Jsonb({"full_name": person.name, **user_metadata}),
        "raw_app_meta_data": Jsonb({"provider": "email", **app_metadata}),
    }
    times = ("email_confirmed_at", "created_at", "updated_at", "last_sign_in_at")
    users.insert_user(connection, user | dict.fromkeys(times, now))
    identity = {"email": person.email, "full_name": person.name, "email_verified": True}
    users.set_identity(connection, person.id, "email", identity, now)


def _insert(connection: Connection, table: str, values: dict[str, Any]) -> None:
    query = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier("auth", table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Placeholder, values)),
    )
    connection.execute(query, values)


def _add_session(connection: Connection, user_id: UUID, now: datetime) -> tuple[UUID, str]:
    session_id, token = uuid4(), refresh_token()
    stamps = {"created_at": now, "updated_at": now}
    session = {"id": session_id, "user_id": user_id, "aal": "aal1", "ip": _HOME, **stamps}
    _insert(connection, "sessions", session | {"user_agent": "Mozilla/5.0 (sandbox)"})
    method = {"id": uuid4(), "session_id": session_id, "authentication_method": "password"}
    _insert(connection, "mfa_amr_claims", method | stamps)
    link = {"session_id": session_id, "user_id": str(user_id), "instance_id": audit.NOBODY}
    _insert(connection, "refresh_tokens", {**link, "token": token, "revoked": False, **stamps})
    return session_id, token


def _add_factor(connection: Connection, person: Person, now: datetime) -> UUID:
    factor_id = uuid4()
    kind = {"factor_type": "totp", "status": "verified", "friendly_name": "My telephone"}
    stamps = {"created_at": now, "updated_at": now}
    factor = {"id": factor_id, "user_id": person.id, "secret": uuid4().hex}
    _insert(connection, "mfa_factors", factor | kind | stamps | {"phone": person.phone})
    key = {"user_id": person.id, "credential_id": b"credential", "public_key": b"key", **stamps}
    _insert(connection, "webauthn_credentials", key | {"friendly_name": "My security key"})
    challenge = {"id": uuid4(), "factor_id": factor_id, "created_at": now, "ip_address": _HOME}
    _insert(connection, "mfa_challenges", challenge)
    return factor_id


def _add_traces(connection: Connection, person: Person, now: datetime) -> None:
    """Leave a token of a forgotten password, and what no foreign key will take along.

    That is a flow state with another provider's tokens, and a login in the audit log.
    """
    once = {"id": uuid4(), "user_id": person.id, "token_type": "recovery_token"}
    _insert(
        connection,
        "one_time_tokens",
        {**once, "token_hash": uuid4().hex, "relates_to": person.email},
    )
    flow = {
        "id": uuid4(),
        "user_id": person.id,
        "auth_code": str(uuid4()),
        "code_challenge_method": "s256",
        "code_challenge": uuid4().hex,
        "provider_type": "google",
        "provider_access_token": f"ya29.{uuid4().hex}",
        "provider_refresh_token": f"1//{uuid4().hex}",
        "authentication_method": "oauth",
        "created_at": now,
        "updated_at": now,
    }
    _insert(connection, "flow_state", flow)
    actor = audit.Actor(person.id, person.phone or person.email, person.name)
    audit.write(connection, actor, "login", {"provider": "email"}, now, _HOME)
