"""All that the systems hold on somebody, read past our own code; compared by `==`."""

import json
from typing import Any

from django.db import connections

from fluxrouter.sandbox.stripe import StripeSandbox
from tests.support.world import World

# Table and condition; parameters are `account` and `email`.
OURS = {
    "accounts_account": "id = %(account)s",
    "accounts_apikey": "account_id = %(account)s",
    "accounts_supportmessage": "account_id = %(account)s OR lower(email) = lower(%(email)s)",
    "accounts_gatewayrequest": "account_id = %(account)s",
    "accounts_gatewaybody": "account_id = %(account)s",
    "accounts_providerobject": "account_id = %(account)s",
    "accounts_billingrecord": "account_id = %(account)s",
    "accounts_restriction": "account_id = %(account)s AND lifted_at IS NULL",
}
AUTH = {
    "users": "id = %(user)s::uuid OR lower(email) = lower(%(email)s)",
    "identities": "user_id = %(user)s::uuid",
    "sessions": "user_id = %(user)s::uuid",
    "refresh_tokens": "user_id = %(user)s",
    "mfa_factors": "user_id = %(user)s::uuid",
    "webauthn_credentials": "user_id = %(user)s::uuid",
    "one_time_tokens": "user_id = %(user)s::uuid",
    "flow_state": "user_id = %(user)s::uuid",
    "audit_log_entries": "lower(payload::text) LIKE '%%' || %(user)s || '%%'"
    " OR position(lower(%(email)s) in lower(payload::text)) > 0",
}

STORAGE = {
    "objects": "owner_id = %(user)s OR name LIKE %(user)s || '/%%'",
    "s3_multipart_uploads": "owner_id = %(user)s OR key LIKE %(user)s || '/%%'",
}
CONTENTS = {
    "files": "(bucket_id, name) IN (SELECT bucket_id, name FROM storage.objects WHERE "
    + STORAGE["objects"]
    + ")"
}


def read(schema: str, tables: dict[str, str], **values: Any) -> dict[str, list[str]]:
    """Per table its matching rows as text, sorted; tables without any are left out."""
    found = {}
    with connections["owner"].cursor() as cursor:
        for table, where in tables.items():
            query = f"SELECT to_jsonb(t)::text FROM {schema}.{table} AS t WHERE {where} ORDER BY 1"
            cursor.execute(query, values)
            if rows := [row for (row,) in cursor.fetchall()]:
                found[table] = rows
    return found


def our_rows(account: Any, email: str) -> dict[str, list[str]]:
    return read("fluxrouter", OURS, account=account, email=email)


def auth_rows(user: Any, email: str) -> dict[str, list[str]]:
    return read("auth", AUTH, user=str(user), email=email)


def stripe_objects(sandbox: StripeSandbox, customer: str) -> dict[str, list[Any]]:
    """The customer and all that names it, as Stripe stores them."""
    return {
        kind: [one for one in rows if customer in (one["id"], one.get("customer"))]
        for kind, rows in sandbox.dump().items()
    }


def everything(sandbox: StripeSandbox, planted: Any) -> dict[str, Any]:
    """One person's data in all systems."""
    email = planted.account.email
    return {
        "ours": our_rows(planted.account.pk, email),
        "auth": auth_rows(planted.user.id, email),
        "stripe": stripe_objects(sandbox, planted.customer),
    }


def stored_files(user: Any) -> dict[str, Any]:
    return {
        **read("storage", STORAGE, user=str(user)),
        **read("storage_backend", CONTENTS, user=str(user)),
    }


def naming(value: Any, names: set[str]) -> list[Any]:
    """The records in a sandbox's dump that name one of these."""
    if isinstance(value, dict) and all(isinstance(item, dict | list) for item in value.values()):
        pairs = [{key: item} for key, item in value.items() if any(name in key for name in names)]
        return pairs + [found for item in value.values() for found in naming(item, names)]
    records = value if isinstance(value, list) else [value]
    texts = [json.dumps(record, sort_keys=True) for record in records]
    return [text for text in texts if any(name in text.lower() for name in names)]


def everywhere(world: World, planted: Any) -> dict[str, Any]:
    """One person's data in really all systems, letters to them included."""
    account = planted.account
    objects = our_rows(account.pk, account.email).get("accounts_providerobject", [])
    names = {account.email.lower(), str(planted.user.id), str(account.pk)}
    names |= {json.loads(row)["object_id"] for row in objects}
    return everything(world.stripe, planted) | {
        "storage": stored_files(planted.user.id),
        **{
            name: naming(app.dump(), names)
            for name, app in world.apps.items()
            if name not in ("stripe", "supabase")
        },
    }
