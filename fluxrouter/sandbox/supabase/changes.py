"""What the admin API does to a user's rows."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from fluxrouter.sandbox.kit import Request
from fluxrouter.sandbox.supabase import audit, errors, users
from fluxrouter.sandbox.supabase.credentials import hash_password
from fluxrouter.sandbox.supabase.schema import Connection
from fluxrouter.sandbox.supabase.shapes import Json

if TYPE_CHECKING:
    from fluxrouter.sandbox.supabase.app import SupabaseSandbox

_ADMIN = audit.Actor()
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_METADATA = {"user_metadata": "raw_user_meta_data", "app_metadata": "raw_app_meta_data"}


def read(request: Request) -> Json:
    """The body as an object."""
    try:
        body = request.json
    except ValueError:
        body = None
    if not isinstance(body, dict):
        errors.refuse(400, "bad_json", "Could not parse request body as JSON")
    return body


def create(app: "SupabaseSandbox", connection: Connection, wanted: Json) -> UUID:
    now = app.clock()
    contact = _contact(app, wanted)
    _check_new(connection, contact)
    user_id = _wanted_id(wanted)
    providers = list(contact)
    app_metadata = {"provider": providers[0], "providers": providers}
    user: Json = {
        **contact,
        "id": user_id,
        "encrypted_password": hash_password(wanted.get("password") or uuid4().hex),
        "raw_user_meta_data": Jsonb(wanted.get("user_metadata") or {}),
        "raw_app_meta_data": Jsonb(app_metadata | (wanted.get("app_metadata") or {})),
        "created_at": now,
        "updated_at": now,
    }
    users.insert_user(connection, user | _confirmations(wanted, now) | _ban(wanted, now))
    for provider, value in contact.items():
        data = {provider: value, f"{provider}_verified": False}
        users.set_identity(connection, user_id, provider, data, now)
    traits = audit.person_traits({"email": None, "phone": None, **user})
    traits["provider"] = providers[0]
    audit.write(connection, _ADMIN, "user_signedup", traits, now)
    return user_id


def _check_new(connection: Connection, contact: Json) -> None:
    if not contact:
        message = "Cannot create a user without either an email or phone"
        errors.refuse(400, "validation_failed", message)
    for column, value in contact.items():
        if users.find_by(connection, column, value):
            message = f"A user with this {column} has already been registered"
            errors.refuse(422, f"{column}_exists", message)


def _wanted_id(wanted: Json) -> UUID:
    try:
        return UUID(wanted.get("id") or str(uuid4()))
    except ValueError:
        errors.refuse(400, "validation_failed", "ID must conform to the uuid v4 format")


def update(app: "SupabaseSandbox", connection: Connection, user: Json, wanted: Json) -> None:
    now = app.clock()
    contact = _contact(app, wanted)
    changed: Json = {**contact, "updated_at": now}
    changed |= _confirmations(wanted, now) | _ban(wanted, now)
    if wanted.get("role"):
        changed["role"] = wanted["role"]
    if wanted.get("password"):
        changed["encrypted_password"] = hash_password(wanted["password"])
    for name, column in _METADATA.items():
        if wanted.get(name) is not None:
            merge = app.rule("update_merges_metadata")
            base = (user[column] or {}) if merge else {}
            changed[column] = Jsonb(_merged(base, wanted[name]))
    for provider, value in contact.items():
        data = {provider: value, f"{provider}_verified": bool(wanted.get(f"{provider}_confirm"))}
        users.set_identity(connection, user["id"], provider, data, now)
    users.update_user(connection, user["id"], changed)
    # The log gets the new address beside the old one's earlier rows.
    traits = audit.person_traits({**user, **contact})
    audit.write(connection, _ADMIN, "user_modified", traits, now)


def delete(app: "SupabaseSandbox", connection: Connection, user: Json, *, soft: bool) -> None:
    now = app.clock()
    if app.rule("delete_writes_the_person_into_the_log"):
        audit.write(connection, _ADMIN, "user_deleted", audit.person_traits(user), now)
    if soft:
        if user["deleted_at"] is None:
            _soft_delete(app, connection, user, now)
        return
    users.hard_delete(connection, user["id"])
    if not app.rule("delete_leaves_the_log"):
        connection.execute(
            "DELETE FROM auth.audit_log_entries WHERE payload ->> 'actor_id' = %s",
            (str(user["id"]),),
        )
    if not app.rule("delete_leaves_flow_state"):
        connection.execute("DELETE FROM auth.flow_state WHERE user_id = %s", (user["id"],))


def _soft_delete(
    app: "SupabaseSandbox", connection: Connection, user: Json, now: datetime
) -> None:
    if app.rule("delete_soft_is_a_hash"):
        users.soft_delete(connection, user, now)
    else:
        users.update_user(connection, user["id"], {"deleted_at": now})


def _contact(app: "SupabaseSandbox", wanted: Json) -> Json:
    """The e-mail and phone that are given, as they are stored; an empty one isn't given."""
    contact = {name: wanted[name] for name in ("email", "phone") if wanted.get(name)}
    if "email" in contact and "@" not in contact["email"]:
        message = "Unable to validate email address: invalid format"
        errors.refuse(400, "validation_failed", message)
    digits = contact.get("phone", "1").replace(" ", "").removeprefix("+")
    if not re.fullmatch(r"[1-9]\d{1,14}|1", digits):
        message = "Invalid phone number format (E.164 required)"
        errors.refuse(400, "validation_failed", message)
    if app.rule("contact_is_normalised"):
        if "email" in contact:
            contact["email"] = contact["email"].lower()
        if "phone" in contact:
            contact["phone"] = digits
    return contact


def _confirmations(wanted: Json, now: datetime) -> Json:
    return {
        f"{name}_confirmed_at": now for name in ("email", "phone") if wanted.get(f"{name}_confirm")
    }


def _ban(wanted: Json, now: datetime) -> Json:
    """`ban_duration` is a Go duration such as `876000h`, or `none`, which lifts the ban."""
    text = wanted.get("ban_duration") or ""
    if not text:
        return {}
    parts = _DURATION.findall(text)
    if text != "none" and "".join(map("".join, parts)) != text:
        errors.refuse(400, "validation_failed", "invalid format for ban duration")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    return {"banned_until": now + timedelta(seconds=seconds) if seconds else None}


def _merged(base: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    both = base | new
    return {key: value for key, value in both.items() if value is not None}
