"""The `auth` and `storage` schemas: made, emptied and dropped; and where people's data can be."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]

TABLES = (
    "users",
    "identities",
    "sessions",
    "refresh_tokens",
    "mfa_factors",
    "mfa_challenges",
    "mfa_amr_claims",
    "one_time_tokens",
    "webauthn_credentials",
    "flow_state",
    "audit_log_entries",
)
STORAGE_TABLES = ("objects", "s3_multipart_uploads", "buckets")
_SCRIPTS = ("schema.sql", "storage_schema.sql")
_SCHEMAS = ("auth", "storage", "storage_backend")


def install(connection: Connection) -> None:
    """Make the schemas; making them again changes nothing."""
    with connection.transaction():
        for script in _SCRIPTS:
            connection.execute(Path(__file__).with_name(script).read_text(encoding="utf-8"))


def uninstall(connection: Connection) -> None:
    with connection.transaction():
        for name in _SCHEMAS:
            connection.execute(
                sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name))
            )


def truncate(connection: Connection) -> None:
    """Empty every table, and with them the tables elsewhere that reference them."""
    places = [("auth", table) for table in TABLES]
    places += [("storage", table) for table in STORAGE_TABLES]
    places += [("storage_backend", "files")]
    names = sql.SQL(", ").join(sql.Identifier(*place) for place in places)
    with connection.transaction():
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))


def enable_row_security(connection: Connection) -> None:
    """Lock the tables as the vendor does: row security on, and no policy at all.

    A role that neither owns them nor has BYPASSRLS then reads nothing, whatever it is granted
    (supabase/auth@bc32168:migrations/20240612123726_enable_rls_update_grants.up.sql).
    """
    with connection.transaction():
        for table in TABLES:
            name = sql.Identifier("auth", table)
            connection.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name))


_LINKS = frozenset({"id", "user_id", "actor_id", "sub"})


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """A place for personal data: a column, or a path into its JSON; and how it is tied to a user.

    `goes_with_user` says what a hard delete of the user does: False means that it stays.
    """

    table: str
    column: str
    path: tuple[str, ...] = ()
    goes_with_user: bool = True

    @property
    def is_link(self) -> bool:
        """Whether it holds the user's id, by which the row is found."""
        return (self.path or (self.column,))[-1] in _LINKS


def _of(table: str, *columns: str, goes: bool = True) -> tuple[PersonalColumn, ...]:
    """Write a JSON path as `column.key.key`."""
    split = (column.split(".") for column in columns)
    return tuple(
        PersonalColumn(f"auth.{table}", first, tuple(rest), goes) for first, *rest in split
    )


PERSONAL_COLUMNS: tuple[PersonalColumn, ...] = (
    *_of("users", "id", "email", "encrypted_password", "phone", "email_change", "phone_change"),
    *_of("users", "confirmation_token", "recovery_token", "reauthentication_token"),
    *_of("users", "email_change_token_new", "email_change_token_current", "phone_change_token"),
    *_of("users", "raw_user_meta_data.full_name", "raw_app_meta_data.company"),
    *_of("identities", "provider_id", "identity_data.sub", "identity_data.email"),
    *_of("identities", "identity_data.phone", "identity_data.full_name"),
    *_of("sessions", "user_agent", "ip", "tag"),
    *_of("refresh_tokens", "token", "parent", "user_id"),
    *_of("mfa_factors", "friendly_name", "secret", "phone"),
    *_of("mfa_factors", "web_authn_credential", "last_webauthn_challenge_data"),
    *_of("mfa_challenges", "ip_address", "otp_code", "web_authn_session_data"),
    *_of("one_time_tokens", "token_hash", "relates_to"),
    *_of("webauthn_credentials", "friendly_name", "credential_id", "public_key"),
    *_of("flow_state", "user_id", "auth_code", "code_challenge", goes=False),
    *_of("flow_state", "provider_access_token", "provider_refresh_token", goes=False),
    *_of("flow_state", "referrer", "invite_token", goes=False),
    *_of("audit_log_entries", "payload.actor_id", "payload.actor_username", goes=False),
    *_of("audit_log_entries", "payload.actor_name", "payload.traits.user_id", goes=False),
    *_of("audit_log_entries", "payload.traits.user_email", goes=False),
    *_of("audit_log_entries", "payload.traits.user_phone", "ip_address", goes=False),
)

# Columns that say nothing of a person. A test asks that every column of text, JSON, bytes or
# addresses be in one of the two lists; generated columns follow their source and are in neither.
IMPERSONAL_COLUMNS = frozenset(
    {
        ("auth.users", "aud"),
        ("auth.users", "role"),
        ("auth.identities", "provider"),
        ("auth.sessions", "aal"),
        ("auth.mfa_factors", "factor_type"),
        ("auth.mfa_factors", "status"),
        ("auth.mfa_amr_claims", "authentication_method"),
        ("auth.one_time_tokens", "token_type"),
        ("auth.flow_state", "code_challenge_method"),
        ("auth.flow_state", "provider_type"),
        ("auth.flow_state", "authentication_method"),
    }
)
