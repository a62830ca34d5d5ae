"""The audit log: who is named in it, and that nothing ever leaves it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Json

from fluxrouter.sandbox.supabase.schema import Connection
from fluxrouter.sandbox.supabase.shapes import Row

NOBODY = UUID(int=0)
_LOG_TYPES = {
    "login": "account",
    "logout": "account",
    "user_signedup": "team",
    "user_deleted": "team",
    "user_modified": "user",
    "token_refreshed": "token",
    "token_revoked": "token",
    "factor_deleted": "factor",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Whom a log row names; the secret key acts as a nobody of the role `service_role`."""

    id: UUID = NOBODY
    username: str = "service_role"
    name: str | None = None
    via_sso: bool = False

    @classmethod
    def of(cls, user: Row) -> "Actor":
        """A phone number wins over the e-mail (internal/models/audit_log_entry.go)."""
        name = (user["raw_user_meta_data"] or {}).get("full_name")
        username = user["phone"] or user["email"] or ""
        return cls(user["id"], username, name, user["is_sso_user"])


def write(
    connection: Connection,
    actor: Actor,
    action: str,
    traits: dict[str, Any] | None,
    now: datetime,
    ip_address: str = "",
) -> None:
    payload: dict[str, Any] = {
        "actor_id": str(actor.id),
        "actor_via_sso": actor.via_sso,
        "actor_username": actor.username,
        "action": action,
        "log_type": _LOG_TYPES[action],
    }
    if actor.name:
        payload["actor_name"] = actor.name
    if traits is not None:
        payload["traits"] = traits
    connection.execute(
        "INSERT INTO auth.audit_log_entries (instance_id, id, payload, created_at, ip_address)"
        " VALUES (%s, %s, %s, %s, %s)",
        (NOBODY, uuid4(), Json(payload), now, ip_address),
    )


def person_traits(user: Row) -> dict[str, Any]:
    """What a row about a user says of them, the deletion row included."""
    return {
        "user_id": str(user["id"]),
        "user_email": user["email"] or "",
        "user_phone": user["phone"] or "",
    }
