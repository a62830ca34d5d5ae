"""All that the systems hold on somebody, read past our own code; compared by `==`."""

from typing import Any

from django.db import connections

from fluxrouter.sandbox.stripe import StripeSandbox

# Table and condition; parameters are `account` and `email`.
OURS = {
    "accounts_account": "id = %(account)s",
    "accounts_apikey": "account_id = %(account)s",
    "accounts_supportmessage": "account_id = %(account)s OR lower(email) = lower(%(email)s)",
    "accounts_gatewayrequest": "account_id = %(account)s",
    "accounts_gatewaybody": "account_id = %(account)s",
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
