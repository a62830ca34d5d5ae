"""What a user does: sign in, refresh, ask who they are, sign out."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from fluxrouter.sandbox.kit import Request, Response, Router
from fluxrouter.sandbox.supabase import audit, changes, errors, users
from fluxrouter.sandbox.supabase.credentials import LIFETIME, password_matches, refresh_token
from fluxrouter.sandbox.supabase.schema import Connection
from fluxrouter.sandbox.supabase.shapes import Json

if TYPE_CHECKING:
    from fluxrouter.sandbox.supabase.app import SupabaseSandbox

router = Router()
_WRONG = "Invalid login credentials"


@router.route("POST", "/auth/v1/token", locked=False)
def token(app: "SupabaseSandbox", request: Request, connection: Connection) -> Response:
    grant = _GRANTS.get(request.query.get("grant_type", ""))
    if grant is None:
        errors.refuse(400, "invalid_credentials", "unsupported_grant_type")
    return Response(200, grant(app, connection, changes.read(request)))


def _password(app: "SupabaseSandbox", connection: Connection, given: Json) -> Json:
    provider = "email" if given.get("email") else "phone"
    user = users.find_by(connection, provider, str(given.get(provider, "")).lower().lstrip("+"))
    if user is None or not user["encrypted_password"]:
        errors.refuse(400, "invalid_credentials", _WRONG)
    if _banned(app, user) and app.rule("ban_refuses_sign_in"):
        errors.refuse(400, "user_banned", "User is banned")
    if not password_matches(given.get("password", ""), user["encrypted_password"]):
        errors.refuse(400, "invalid_credentials", _WRONG)
    if not user[f"{provider}_confirmed_at"]:
        errors.refuse(400, f"{provider}_not_confirmed", f"{provider.title()} not confirmed")
    now = app.clock()
    audit.write(connection, audit.Actor.of(user), "login", {"provider": provider}, now)
    session_id = uuid4()
    connection.execute(
        "INSERT INTO auth.sessions (id, user_id, created_at, updated_at, aal)"
        " VALUES (%s, %s, %s, %s, 'aal1')",
        (session_id, user["id"], now, now),
    )
    connection.execute(
        "INSERT INTO auth.mfa_amr_claims (id, session_id, created_at, updated_at,"
        " authentication_method) VALUES (%s, %s, %s, %s, 'password')",
        (uuid4(), session_id, now, now),
    )
    users.update_user(connection, user["id"], {"last_sign_in_at": now, "updated_at": now})
    return _issue(app, connection, user["id"], session_id, parent=None)


def _refresh(app: "SupabaseSandbox", connection: Connection, given: Json) -> Json:
    old = users.row(
        connection,
        "SELECT * FROM auth.refresh_tokens WHERE token = %s FOR UPDATE",
        (given.get("refresh_token"),),
    )
    user = users.find_user(connection, UUID(old["user_id"])) if old else None
    if old is None or user is None:
        errors.refuse(400, "refresh_token_not_found", "Invalid Refresh Token: Not Found")
    if _banned(app, user) and app.rule("ban_refuses_refresh"):
        errors.refuse(400, "user_banned", "Invalid Refresh Token: User Banned")
    if old["revoked"]:
        errors.refuse(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used")
    connection.execute("UPDATE auth.refresh_tokens SET revoked = true WHERE id = %s", (old["id"],))
    for action in ("token_refreshed", "token_revoked"):
        audit.write(connection, audit.Actor.of(user), action, None, app.clock())
    return _issue(app, connection, user["id"], old["session_id"], parent=old["token"])


_GRANTS = {"password": _password, "refresh_token": _refresh}


def _issue(
    app: "SupabaseSandbox",
    connection: Connection,
    user_id: UUID,
    session_id: UUID,
    *,
    parent: str | None,
) -> Json:
    now = app.clock()
    new = refresh_token()
    connection.execute(
        "INSERT INTO auth.refresh_tokens (instance_id, token, user_id, revoked, created_at,"
        " updated_at, parent, session_id) VALUES (%s, %s, %s, false, %s, %s, %s, %s)",
        (audit.NOBODY, new, str(user_id), now, now, parent, session_id),
    )
    user = users.find_user(connection, user_id) or {}
    return {
        "access_token": app.signer.issue(user, str(session_id), now),
        "token_type": "bearer",
        "expires_in": int(LIFETIME.total_seconds()),
        "expires_at": int((now + LIFETIME).timestamp()),
        "refresh_token": new,
        "user": users.whole_user(connection, user),
    }


@router.route("GET", "/auth/v1/user", locked=False)
def current_user(app: "SupabaseSandbox", request: Request, connection: Connection) -> Response:
    user, _ = _authenticated(app, request, connection)
    return Response(200, users.whole_user(connection, user))


@router.route("POST", "/auth/v1/logout", locked=False)
def logout(app: "SupabaseSandbox", request: Request, connection: Connection) -> Response:
    user, session_id = _authenticated(app, request, connection)
    condition = _SCOPES.get(request.query.get("scope") or "global")
    if condition is None:
        errors.refuse(400, "validation_failed", "Unsupported logout scope")
    audit.write(connection, audit.Actor.of(user), "logout", None, app.clock())
    values = {"user": user["id"], "session": session_id}
    connection.execute(f"DELETE FROM auth.sessions WHERE {condition}", values)  # noqa: S608
    return Response(204)


_SCOPES = {
    "global": "user_id = %(user)s",
    "local": "id = %(session)s",
    "others": "user_id = %(user)s AND id <> %(session)s",
}


@router.route("GET", "/auth/v1/.well-known/jwks.json", locked=False)
def key_set(app: "SupabaseSandbox", request: Request, connection: Connection) -> Response:
    return Response(200, app.signer.key_set(), {"Cache-Control": "public, max-age=600"})


def _authenticated(
    app: "SupabaseSandbox", request: Request, connection: Connection
) -> tuple[dict[str, Any], UUID]:
    """The token's user and session."""
    if not request.bearer:
        errors.refuse(401, "no_authorization", "This endpoint requires a valid Bearer token")
    claims = app.signer.read(request.bearer, app.clock())
    if claims is None:
        errors.refuse(403, "bad_jwt", "invalid JWT: unable to parse or verify signature")
    user = users.find_user(connection, UUID(claims["sub"]))
    if user is None:
        errors.refuse(403, "user_not_found", "User from sub claim in JWT does not exist")
    session_id = UUID(claims["session_id"])
    if not app.rule("token_outlives_ban_and_logout"):
        query = "SELECT id FROM auth.sessions WHERE id = %s"
        if users.row(connection, query, (session_id,)) is None:
            errors.refuse(403, "session_not_found", "Session in JWT does not exist")
        if _banned(app, user):
            errors.refuse(403, "user_banned", "User is banned")
    return user, session_id


def _banned(app: "SupabaseSandbox", user: dict[str, Any]) -> bool:
    return user["banned_until"] is not None and app.clock() < user["banned_until"]
