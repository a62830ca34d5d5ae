"""Rows of the `auth` schema as the JSON that Supabase Auth answers with."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

Row = Mapping[str, Any]
Json = dict[str, Any]

# What is left out when it is empty, and what it is called outside (internal/models/user.go).
_OPTIONAL = {
    "email_confirmed_at": "email_confirmed_at",
    "invited_at": "invited_at",
    "phone_confirmed_at": "phone_confirmed_at",
    "confirmation_sent_at": "confirmation_sent_at",
    "confirmed_at": "confirmed_at",
    "recovery_sent_at": "recovery_sent_at",
    "email_change": "new_email",
    "email_change_sent_at": "email_change_sent_at",
    "phone_change": "new_phone",
    "phone_change_sent_at": "phone_change_sent_at",
    "reauthentication_sent_at": "reauthentication_sent_at",
    "last_sign_in_at": "last_sign_in_at",
    "banned_until": "banned_until",
    "deleted_at": "deleted_at",
}


def moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _value(value: Any) -> Any:
    return moment(value) if isinstance(value, datetime) else value


def user_json(user: Row, identities: Iterable[Row] | None, factors: Iterable[Row] = ()) -> Json:
    """A user; `identities` is None in the listing, which doesn't load them."""
    shape: Json = {
        "id": str(user["id"]),
        "aud": user["aud"] or "",
        "role": user["role"] or "",
        "email": user["email"] or "",
        "phone": user["phone"] or "",
        "app_metadata": user["raw_app_meta_data"] or {},
        "user_metadata": user["raw_user_meta_data"] or {},
        "identities": None if identities is None else [identity_json(row) for row in identities],
        "created_at": moment(user["created_at"]),
        "updated_at": moment(user["updated_at"]),
        "is_anonymous": user["is_anonymous"],
    }
    shape |= {name: _value(user[column]) for column, name in _OPTIONAL.items() if user[column]}
    if listed := [factor_json(row) for row in factors]:
        shape["factors"] = listed
    return shape


def identity_json(identity: Row) -> Json:
    shape: Json = {
        "identity_id": str(identity["id"]),
        "id": identity["provider_id"],
        "user_id": str(identity["user_id"]),
        "identity_data": identity["identity_data"],
        "provider": identity["provider"],
        "created_at": moment(identity["created_at"]),
        "updated_at": moment(identity["updated_at"]),
    }
    optional = ("last_sign_in_at", "email")
    return shape | {name: _value(identity[name]) for name in optional if identity[name]}


def factor_json(factor: Row) -> Json:
    shape: Json = {
        "id": str(factor["id"]),
        "created_at": moment(factor["created_at"]),
        "updated_at": moment(factor["updated_at"]),
        "status": factor["status"],
        "factor_type": factor["factor_type"],
        "phone": factor["phone"] or "",
        "last_challenged_at": _value(factor["last_challenged_at"]),
    }
    if factor["friendly_name"]:
        shape["friendly_name"] = factor["friendly_name"]
    return shape


def audit_json(entry: Row) -> Json:
    return {
        "id": str(entry["id"]),
        "payload": entry["payload"],
        "created_at": moment(entry["created_at"]),
        "ip_address": entry["ip_address"],
    }
