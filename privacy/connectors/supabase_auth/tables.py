"""Auth's tables: what its API can't find, show or delete."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connections

from fluxrouter.foundation.crypto import fold_address
from privacy.connectors.base import Subject
from privacy.connectors.errors import PermanentError

AUDIT = """payload->>'actor_id' = ANY(%(users)s::text[])
  OR payload#>>'{traits,user_id}' = ANY(%(users)s::text[])
  OR lower((payload->>'actor_username') COLLATE "C") = %(email)s
  OR lower((payload#>>'{traits,user_email}') COLLATE "C") = %(email)s"""
OF_USER = "user_id = ANY(%(users)s::text[]::uuid[])"
OF_FACTOR = f"factor_id IN (SELECT id FROM auth.mfa_factors WHERE {OF_USER})"  # noqa: S608


class Export(NamedTuple):
    """One collection: its table, whose rows, and the columns that a person gets ("" is all).

    Hashes, tokens and codes stay out. Tables and columns differ between Auth's versions, so what
    isn't there is left out as well.
    """

    table: str
    where: str
    columns: str = ""


EXPORTS = {
    "identity": Export("identities", OF_USER),
    "session": Export("sessions", OF_USER, "id created_at updated_at aal user_agent ip tag"),
    "one_time_token": Export("one_time_tokens", OF_USER, "id token_type relates_to created_at"),
    "webauthn_credential": Export(
        "webauthn_credentials", OF_USER, "id friendly_name created_at updated_at last_used_at"
    ),
    "mfa_challenge": Export("mfa_challenges", OF_FACTOR, "id created_at verified_at ip_address"),
    "flow_state": Export(
        "flow_state",
        OF_USER,
        "id provider_type authentication_method referrer created_at updated_at",
    ),
    "audit_log_entry": Export("audit_log_entries", AUDIT),
}
TABLES = "relnamespace = 'auth'::regnamespace AND relkind IN ('r', 'p')"
# Foreign keys to users that would refuse a deletion: neither cascade nor set null nor default.
BLOCKING_KEYS = """SELECT count(*) FROM pg_constraint
  WHERE contype = 'f' AND confrelid = 'auth.users'::regclass AND confdeltype IN ('a', 'r')"""


def parameters(subject: Subject, users: list[str]) -> dict[str, Any]:
    return {"users": users, "email": fold_address(subject.email)}


def query(text: str, values: dict[str, Any] | None = None) -> list[Any]:
    with connections["supabase"].cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall() if cursor.description else [cursor.rowcount]


def check_readable() -> None:
    """A table that we can't read looks empty: better to stop than to find nobody there.

    No grant, or row level security without BYPASSRLS (supabase/auth: migrations).
    """
    hidden = query(
        f"SELECT count(*) FROM pg_class WHERE {TABLES} AND relname <> 'schema_migrations' "  # noqa: S608
        "AND (NOT has_table_privilege(oid, 'SELECT') OR row_security_active(oid))"
    )
    if hidden[0][0]:
        raise PermanentError("auth_unreadable")


def users_of(subject: Subject) -> list[str]:
    """Ids of users with exactly this address, in any case, and of those our accounts name."""
    rows = query(
        'SELECT id::text FROM auth.users WHERE lower(email COLLATE "C") = %(email)s '
        "OR id = ANY(%(users)s::text[]::uuid[]) ORDER BY created_at, id",
        parameters(subject, subject.refs.get("auth_users", [])),
    )
    return [identifier for (identifier,) in rows]


def other_sign_ins(subject: Subject, users: list[str]) -> int:
    """How many of these users sign in with another address than the one that was proved."""
    rows = query(
        "SELECT count(*) FROM auth.users WHERE id = ANY(%(users)s::text[]::uuid[]) "
        'AND deleted_at IS NULL AND lower(email COLLATE "C") IS DISTINCT FROM %(email)s',
        parameters(subject, users),
    )
    return int(rows[0][0])


def is_taken(user: str, contact: dict[str, str]) -> bool:
    """Whether another user has this e-mail address or phone number, in Auth's own form."""
    rows = query(
        "SELECT count(*) FROM auth.users WHERE id <> %(user)s::uuid "
        'AND (lower(email COLLATE "C") = %(email)s::text OR phone = %(phone)s::text)',
        {"user": user, "email": contact.get("email"), "phone": contact.get("phone")},
    )
    return bool(rows[0][0])


def blocking_keys() -> int:
    return int(query(BLOCKING_KEYS)[0][0])


def rows(subject: Subject, users: list[str]) -> dict[str, list[str]]:
    """The rows of every collection as JSON texts, by one look into all of their tables."""
    there = {name for (name,) in query(f"SELECT relname FROM pg_class WHERE {TABLES}")}  # noqa: S608
    parts, values = [], parameters(subject, users)
    for collection, (table, where, columns) in EXPORTS.items():
        if table in there:
            wanted = f"'{columns}' = '' OR key = ANY(string_to_array('{columns}', ' '))"
            parts.append(
                f"""SELECT '{collection}', (SELECT jsonb_object_agg(key, value)
                  FROM jsonb_each(to_jsonb(t)) WHERE {wanted})::text
                FROM auth.{table} AS t WHERE {where}"""  # noqa: S608
            )
    found: dict[str, list[str]] = {collection: [] for collection in EXPORTS}
    for collection, line in query(" UNION ALL ".join(parts), values):
        found[collection].append(line)
    return found


def end_sessions(users: list[str]) -> int:
    """By id: Auth's own sign-out wants the person's token. Refresh tokens go with the session."""
    values = {"users": users}
    query("DELETE FROM auth.refresh_tokens WHERE user_id = ANY(%(users)s::text[])", values)
    return int(
        query("DELETE FROM auth.sessions WHERE user_id = ANY(%(users)s::text[]::uuid[])", values)[
            0
        ]
    )


def purge(subject: Subject, users: list[str]) -> dict[str, int]:
    """Delete what no foreign key reaches; last, as the deletion of a user writes a row itself."""
    values = parameters(subject, users)
    # A token without a session has no foreign key to go with.
    end_sessions(users)
    audit = query(f"DELETE FROM auth.audit_log_entries WHERE {AUDIT}", values)[0]  # noqa: S608
    flows = query(
        "DELETE FROM auth.flow_state WHERE user_id = ANY(%(users)s::text[]::uuid[])", values
    )[0]
    return {"audit_log_entry": int(audit), "flow_state": int(flows)}


def pattern(text: str) -> str:
    """A regular expression for the whole word: `ann@` must not be found in `joann@`."""
    inside = "[a-z0-9._%+-]"
    return f"(^|(?!{inside}).){re.escape(text)}($|(?!{inside}).)"


def traces(subject: Subject, users: list[str]) -> dict[str, int]:
    """Rows that name the person anywhere in them, whatever the column."""
    words = [*users, subject.email.strip().lower()]
    values = {"pattern": "|".join(pattern(word) for word in words)}
    tables = query(
        f"SELECT relname FROM pg_class WHERE {TABLES} AND has_table_privilege(oid, 'SELECT')"  # noqa: S608
    )
    looks = [
        f"SELECT '{table}', count(*) FROM auth.\"{table}\" AS t WHERE lower(t::text) ~ %(pattern)s"  # noqa: S608
        for (table,) in tables
    ]
    return {table: number for table, number in query(" UNION ALL ".join(looks), values) if number}


class SignIn(NamedTuple):
    """A user of Auth, as far as a look through all of them needs."""

    id: str
    email: str
    created_at: datetime


def everybody(page: int = 2000) -> Iterator[SignIn]:
    """All users, page by page in the order of their ids."""
    last = "00000000-0000-0000-0000-000000000000"
    while True:
        rows = query(
            "SELECT id::text, coalesce(email, ''), created_at FROM auth.users "
            "WHERE id > %(last)s::uuid ORDER BY id LIMIT %(page)s",
            {"last": last, "page": page},
        )
        yield from (SignIn(*row) for row in rows)
        if len(rows) < page:
            return
        last = rows[-1][0]
