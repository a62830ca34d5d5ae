"""The admin API: what the holder of the secret key may do to users."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

import psycopg

from fluxrouter.sandbox.kit import RefusedError, Request, Response, Router
from fluxrouter.sandbox.supabase import audit, changes, errors, users
from fluxrouter.sandbox.supabase.schema import Connection
from fluxrouter.sandbox.supabase.shapes import audit_json, factor_json, user_json

if TYPE_CHECKING:
    from fluxrouter.sandbox.supabase.app import SupabaseSandbox

router = Router()
_USERS = "/auth/v1/admin/users"
_USER = _USERS + "/<user_id>"
PER_PAGE = 50


def load_user(connection: Connection, user_id: str) -> dict[str, Any]:
    user = users.find_user(connection, _uuid(user_id, "user_id"))
    if user is None:
        errors.refuse(404, "user_not_found", "User not found")
    return user


def _uuid(text: str, name: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        errors.refuse(404, "validation_failed", f"{name} must be an UUID")


def _page(app: "SupabaseSandbox", request: Request) -> tuple[int, int]:
    usual = PER_PAGE if app.rule("list_fifty_a_page") else 10**6
    try:
        page = int(request.query.get("page") or 1)
        per_page = int(request.query.get("per_page") or usual)
    except ValueError:
        page = per_page = 0
    if page < 1 or per_page < 1:
        errors.refuse(400, "validation_failed", "Bad Pagination Parameters")
    return page, per_page


def _page_headers(request: Request, page: int, per_page: int, total: int) -> dict[str, str]:
    last = -(-total // per_page)
    wanted = {"next": page + 1} if last > page else {}
    links = [
        f'<{request.path}?{urlencode({**request.query, "page": number})}>; rel="{name}"'
        for name, number in {**wanted, "last": last}.items()
    ]
    return {"X-Total-Count": str(total), "Link": ", ".join(links)}


@router.route("GET", _USERS, locked=False)
def list_users(app: "SupabaseSandbox", request: Request, connection: Connection) -> Response:
    page, per_page = _page(app, request)
    pattern = users.LIKE if app.rule("list_filter_is_like") else users.EQUAL
    search = users.Search(request.query.get("filter", ""), pattern)
    found, total = users.list_users(connection, page, per_page, search)
    body = {"users": [user_json(user, None) for user in found], "aud": "authenticated"}
    return Response(200, body, _page_headers(request, page, per_page, total))


@router.route("POST", _USERS, locked=False)
def create_user(app: "SupabaseSandbox", request: Request, connection: Connection) -> Response:
    user_id = changes.create(app, connection, changes.read(request))
    return Response(200, users.whole_user(connection, load_user(connection, str(user_id))))


@router.route("GET", _USER, locked=False)
def get_user(
    app: "SupabaseSandbox", request: Request, connection: Connection, user_id: str
) -> Response:
    return Response(200, users.whole_user(connection, load_user(connection, user_id)))


@router.route("PUT", _USER, locked=False)
def update_user(
    app: "SupabaseSandbox", request: Request, connection: Connection, user_id: str
) -> Response:
    user = load_user(connection, user_id)
    try:
        changes.update(app, connection, user, changes.read(request))
    except psycopg.Error as problem:
        raise RefusedError(errors.from_database(problem, "Error updating user")) from None
    return Response(200, users.whole_user(connection, load_user(connection, user_id)))


@router.route("DELETE", _USER, locked=False)
def delete_user(
    app: "SupabaseSandbox", request: Request, connection: Connection, user_id: str
) -> Response:
    user = users.find_user(connection, _uuid(user_id, "user_id"))
    if user is None and not app.rule("delete_again_is_not_found"):
        return Response(200, {})
    user = load_user(connection, user_id)
    soft = bool(request.body and changes.read(request).get("should_soft_delete"))
    try:
        with connection.transaction():
            changes.delete(app, connection, user, soft=soft)
    except psycopg.Error as problem:
        if app.rule("delete_blocked_by_foreign_key"):
            refusal = errors.from_database(problem, "Database error deleting user")
            raise RefusedError(refusal) from None
    return Response(200, {})


@router.route("GET", _USER + "/factors", locked=False)
def list_factors(
    app: "SupabaseSandbox", request: Request, connection: Connection, user_id: str
) -> Response:
    user = load_user(connection, user_id)
    return Response(200, [factor_json(row) for row in users.factors_of(connection, user["id"])])


@router.route("DELETE", _USER + "/factors/<factor_id>", locked=False)
def delete_factor(
    app: "SupabaseSandbox", request: Request, connection: Connection, user_id: str, factor_id: str
) -> Response:
    user = load_user(connection, user_id)
    wanted = _uuid(factor_id, "factor_id")
    factors = [row for row in users.factors_of(connection, user["id"]) if row["id"] == wanted]
    if not factors:
        errors.refuse(404, "mfa_factor_not_found", "Factor not found")
    traits = {"user_id": str(user["id"]), "factor_id": str(wanted)}
    audit.write(connection, audit.Actor.of(user), "factor_deleted", traits, app.clock())
    connection.execute("DELETE FROM auth.mfa_factors WHERE id = %s", (wanted,))
    return Response(200, factor_json(factors[0]))


@router.route("GET", "/auth/v1/admin/audit", locked=False)
def list_audit(app: "SupabaseSandbox", request: Request, connection: Connection) -> Response:
    page, per_page = _page(app, request)
    total = connection.execute("SELECT count(*) FROM auth.audit_log_entries").fetchone()
    entries = users.rows(
        connection,
        "SELECT * FROM auth.audit_log_entries ORDER BY created_at DESC, id LIMIT %s OFFSET %s",
        (per_page, (page - 1) * per_page),
    )
    headers = _page_headers(request, page, per_page, total[0] if total else 0)
    return Response(200, [audit_json(entry) for entry in entries], headers)
