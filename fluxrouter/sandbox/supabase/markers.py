"""A trace of one person in every place that can hold one, to be looked for after an erasure."""

import hashlib
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from fluxrouter.sandbox.supabase.schema import PERSONAL_COLUMNS, Connection, PersonalColumn

_OWNERS = {
    "auth.users": "id = %s",
    "auth.refresh_tokens": "user_id = %s::text",
    "auth.mfa_challenges": "factor_id IN (SELECT id FROM auth.mfa_factors WHERE user_id = %s)",
    "auth.audit_log_entries": "payload ->> 'actor_id' = %s::text",
}
_EMAILS = frozenset({"email", "email_change", "user_email", "relates_to"})
_PHONES = frozenset({"phone", "phone_change", "user_phone"})
_ADDRESSES = frozenset({("auth.sessions", "ip"), ("auth.mfa_challenges", "ip_address")})
_BYTES = frozenset({"credential_id", "public_key"})


def plant_markers(connection: Connection, user_id: UUID, marker: str) -> dict[PersonalColumn, str]:
    """Fill every personal column of a person whom `add_user` made.

    Gives what to look for, as the database or a dump of it shows each value.
    """
    planted = {}
    for place in PERSONAL_COLUMNS:
        if not place.is_link:
            value = _value(place, marker)
            _set(connection, place, user_id, value)
            planted[place] = value.encode().hex() if place.column in _BYTES else value
    return planted


def _value(place: PersonalColumn, marker: str) -> str:
    """A different value for every place, that fits its type and its meaning."""
    leaf = (place.path or (place.column,))[-1]
    name = f"{marker}-{place.table.removeprefix('auth.')}-{leaf}"
    digest = hashlib.sha256(name.encode()).hexdigest()
    if (place.table, place.column) in _ADDRESSES:
        return f"2001:db8::{int(digest[:3], 16) + 0x1000:x}:{int(digest[3:6], 16) + 0x1000:x}"
    if leaf in _PHONES:
        return f"49{int(digest[:12], 16) % 10**12:012}"
    return f"{name}@example.org".lower() if leaf in _EMAILS else name


def _set(connection: Connection, place: PersonalColumn, user_id: UUID, value: str) -> None:
    table = sql.Identifier(*place.table.split("."))
    column = sql.Identifier(place.column)
    parameter: Any = value.encode() if place.column in _BYTES else value
    expression: sql.Composable = sql.SQL("%s")
    if place.path:
        expression = sql.SQL("jsonb_set({}::jsonb, {}, %s)").format(column, list(place.path))
        parameter = Jsonb(value)
    elif place.column.startswith(("web_authn", "last_webauthn")):
        parameter = Jsonb({"name": value})
    query = sql.SQL("UPDATE {} SET {} = {} WHERE {}").format(
        table, column, expression, sql.SQL(_OWNERS.get(place.table, "user_id = %s"))
    )
    if not connection.execute(query, (parameter, user_id)).rowcount:
        raise LookupError(f"no row of the person in {place.table}")
