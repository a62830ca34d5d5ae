"""Users in the `auth` schema: found, made, changed, deleted."""

import base64
import hashlib
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from fluxrouter.sandbox.supabase.audit import NOBODY
from fluxrouter.sandbox.supabase.schema import Connection
from fluxrouter.sandbox.supabase.shapes import Json, Row, user_json

LIKE = "(email LIKE %(like)s OR raw_user_meta_data ->> 'full_name' ILIKE %(like)s)"
EQUAL = "lower(email) = lower(%(exact)s)"


class Search(NamedTuple):
    """The value of `filter`, and the condition that it goes into."""

    text: str
    condition: str


def rows(connection: Connection, query: Any, values: Any = ()) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, values).fetchall()


def row(connection: Connection, query: Any, values: Any = ()) -> dict[str, Any] | None:
    return next(iter(rows(connection, query, values)), None)


def find_user(connection: Connection, user_id: UUID) -> dict[str, Any] | None:
    return row(connection, "SELECT * FROM auth.users WHERE id = %s", (user_id,))


def find_by(connection: Connection, column: str, value: str) -> dict[str, Any] | None:
    """Look a user up by `email` or `phone`, outside single sign-on."""
    query = sql.SQL("SELECT * FROM auth.users WHERE {} = %s AND NOT is_sso_user")
    return row(connection, query.format(sql.Identifier(column)), (value,))


def identities_of(connection: Connection, user_id: UUID) -> list[dict[str, Any]]:
    query = "SELECT * FROM auth.identities WHERE user_id = %s ORDER BY created_at, id"
    return rows(connection, query, (user_id,))


def factors_of(connection: Connection, user_id: UUID) -> list[dict[str, Any]]:
    query = "SELECT * FROM auth.mfa_factors WHERE user_id = %s ORDER BY created_at, id"
    return rows(connection, query, (user_id,))


def whole_user(connection: Connection, user: Row) -> Json:
    factors = factors_of(connection, user["id"])
    return user_json(user, identities_of(connection, user["id"]), factors)


def list_users(
    connection: Connection, page: int, per_page: int, search: Search
) -> tuple[list[dict[str, Any]], int]:
    """One page, newest first, and how many there are in all."""
    where = f" WHERE {search.condition}" if search.text else ""
    values: Json = {"like": f"%{search.text}%", "exact": search.text}
    values |= {"limit": per_page, "offset": (page - 1) * per_page}
    total = row(connection, f"SELECT count(*) AS total FROM auth.users{where}", values)  # noqa: S608
    page_rows = rows(
        connection,
        f"SELECT * FROM auth.users{where} ORDER BY created_at DESC"  # noqa: S608
        " LIMIT %(limit)s OFFSET %(offset)s",
        values,
    )
    return page_rows, total["total"] if total else 0


def insert_user(connection: Connection, user: Json) -> None:
    """Insert the columns that `user` names."""
    values = {"instance_id": NOBODY, "aud": "authenticated", "role": "authenticated", **user}
    query = sql.SQL("INSERT INTO auth.users ({}) VALUES ({})").format(
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Placeholder, values)),
    )
    connection.execute(query, values)


def update_user(connection: Connection, user_id: UUID, changes: Json) -> None:
    if not changes:
        return
    query = sql.SQL("UPDATE auth.users SET {} WHERE id = {}").format(
        sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name))
            for name in changes
        ),
        sql.Placeholder("__id"),
    )
    connection.execute(query, {**changes, "__id": user_id})


def set_identity(
    connection: Connection, user_id: UUID, provider: str, data: Json, now: datetime
) -> None:
    """Update the identity at `provider`, or make it."""
    merged = {"sub": str(user_id), **data}
    changed = connection.execute(
        "UPDATE auth.identities SET identity_data = identity_data || %s, updated_at = %s"
        " WHERE user_id = %s AND provider = %s",
        (Jsonb(merged), now, user_id, provider),
    ).rowcount
    if not changed:
        connection.execute(
            "INSERT INTO auth.identities (provider_id, user_id, identity_data, provider,"
            " last_sign_in_at, created_at, updated_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (str(user_id), user_id, Jsonb(merged), provider, now, now, now),
        )


def hard_delete(connection: Connection, user_id: UUID) -> None:
    """One DELETE: the foreign keys do the rest, or refuse."""
    connection.execute("DELETE FROM auth.users WHERE id = %s", (user_id,))


def obscure(user_id: UUID, value: str) -> str:
    """The hash of a soft delete; its only salt is the id beside it, so a guess can be tried."""
    digest = hashlib.sha256(f"{user_id}{value}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def soft_delete(connection: Connection, user: Row, now: datetime) -> None:
    """Hash what identifies, empty the metadata, keep the row."""
    user_id = user["id"]
    tokens = ("confirmation_token", "recovery_token", "email_change_token_current")
    changes: Json = dict.fromkeys((*tokens, "email_change_token_new", "phone_change_token"), "")
    changes |= {name: obscure(user_id, user[name] or "") for name in ("email", "email_change")}
    # The phone column was once 15 characters wide, and its hash still is.
    changes |= {
        name: obscure(user_id, user[name] or "")[:15] for name in ("phone", "phone_change")
    }
    changes |= {"encrypted_password": None, "deleted_at": now}
    changes |= {"raw_user_meta_data": Jsonb({}), "raw_app_meta_data": Jsonb({})}
    update_user(connection, user_id, changes)
    for identity in identities_of(connection, user_id):
        hashed = obscure(user_id, f"{identity['provider']}:{identity['provider_id']}")
        connection.execute(
            "UPDATE auth.identities SET provider_id = %s, identity_data = '{}' WHERE id = %s",
            (hashed, identity["id"]),
        )
    for table in ("one_time_tokens", "mfa_factors", "webauthn_credentials", "sessions"):
        query = sql.SQL("DELETE FROM {} WHERE user_id = %s")
        connection.execute(query.format(sql.Identifier("auth", table)), (user_id,))
