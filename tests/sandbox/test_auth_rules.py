"""Every rule of the Supabase stand-in can be broken, and its probe sees the difference."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from fluxrouter.sandbox.supabase.app import create_app
from fluxrouter.sandbox.supabase.people import Person, add_user
from fluxrouter.sandbox.supabase.rules import RULES
from fluxrouter.sandbox.transport import httpx_client

pytestmark = pytest.mark.acceptance("SBX-02")

Rows = Callable[..., list[Any]]
Probe = Callable[[httpx.Client, Person, Rows], Any]
USERS = "/auth/v1/admin/users"
EMAIL = "ann@example.org"


def _delete(http: httpx.Client, ann: Person, **body: Any) -> httpx.Response:
    return http.request("DELETE", f"{USERS}/{ann.id}", json=body)


def _change(http: httpx.Client, ann: Person, **changes: Any) -> Any:
    return http.put(f"{USERS}/{ann.id}", json=changes).json()


def _sign_in(http: httpx.Client, ann: Person) -> httpx.Response:
    body = {"email": EMAIL, "password": ann.password}
    return http.post("/auth/v1/token?grant_type=password", json=body)


def blocked(http: httpx.Client, ann: Person, rows: Rows) -> Any:
    rows("CREATE TABLE auth.keeper (id uuid REFERENCES auth.users)")
    rows("INSERT INTO auth.keeper VALUES (%s)", ann.id)
    try:
        return _delete(http, ann).status_code, len(rows("SELECT id FROM auth.users"))
    finally:
        rows("DROP TABLE auth.keeper")


def hidden(http: httpx.Client, ann: Person, rows: Rows) -> Any:
    http.headers["x-supabase-api-version"] = "2024-01-01"
    http.post(USERS, json={"email": "bea@example.org"})
    return _change(http, ann, email="bea@example.org")["code"]


def again(http: httpx.Client, ann: Person, rows: Rows) -> Any:
    return _delete(http, ann).status_code, _delete(http, ann).status_code


def logged(http: httpx.Client, ann: Person, rows: Rows) -> Any:
    _delete(http, ann)
    return rows("SELECT payload ->> 'action' FROM auth.audit_log_entries ORDER BY 1")


def flows(http: httpx.Client, ann: Person, rows: Rows) -> Any:
    _delete(http, ann)
    return rows("SELECT count(*) FROM auth.flow_state")


def softened(http: httpx.Client, ann: Person, rows: Rows) -> Any:
    _delete(http, ann, should_soft_delete=True)
    return rows("SELECT email = %s FROM auth.users", EMAIL)


def banned_sign_in(http: httpx.Client, ann: Person, rows: Rows) -> Any:
    _change(http, ann, ban_duration="1h")
    return _sign_in(http, ann).status_code


def banned_refresh(http: httpx.Client, ann: Person, rows: Rows) -> Any:
    _change(http, ann, ban_duration="1h")
    body = {"refresh_token": ann.refresh_token}
    return http.post("/auth/v1/token?grant_type=refresh_token", json=body).status_code


def old_token(http: httpx.Client, ann: Person, rows: Rows) -> Any:
    bearer = {"authorization": f"Bearer {_sign_in(http, ann).json()['access_token']}"}
    _change(http, ann, ban_duration="1h")
    return http.get("/auth/v1/user", headers=bearer).status_code


def page_length(http: httpx.Client, ann: Person, rows: Rows) -> Any:
    for number in range(50):
        http.post(USERS, json={"email": f"person{number}@example.org"})
    return len(http.get(USERS).json()["users"])


def filtered(http: httpx.Client, ann: Person, rows: Rows) -> Any:
    return len(http.get(USERS, params={"filter": "nn@"}).json()["users"])


def bearer_key(http: httpx.Client, ann: Person, rows: Rows) -> Any:
    bearer = {"authorization": f"Bearer {http.headers['apikey']}"}
    return http.get(USERS, headers=bearer).status_code


def merged(http: httpx.Client, ann: Person, rows: Rows) -> Any:
    return _change(http, ann, user_metadata={"town": "Kiel"})["user_metadata"]


def normalised(http: httpx.Client, ann: Person, rows: Rows) -> Any:
    return _change(http, ann, email="Ann@Example.org")["email"]


PROBES: dict[str, tuple[Probe, Any, Any]] = {
    "delete_blocked_by_foreign_key": (blocked, (500, 1), (200, 1)),
    "delete_again_is_not_found": (again, (200, 404), (200, 200)),
    "delete_writes_the_person_into_the_log": (
        logged,
        [("login",), ("user_deleted",)],
        [("login",)],
    ),
    "delete_leaves_the_log": (logged, [("login",), ("user_deleted",)], [("user_deleted",)]),
    "delete_leaves_flow_state": (flows, [(1,)], [(0,)]),
    "delete_soft_is_a_hash": (softened, [(False,)], [(True,)]),
    "ban_refuses_sign_in": (banned_sign_in, 400, 200),
    "ban_refuses_refresh": (banned_refresh, 400, 200),
    "token_outlives_ban_and_logout": (old_token, 200, 403),
    "list_fifty_a_page": (page_length, 50, 51),
    "list_filter_is_like": (filtered, 1, 0),
    "key_only_in_apikey": (bearer_key, 401, 200),
    "error_version_hides_the_database": (hidden, "unexpected_failure", "23505"),
    "update_merges_metadata": (
        merged,
        {"full_name": "Ann Example", "town": "Kiel"},
        {"town": "Kiel"},
    ),
    "contact_is_normalised": (normalised, EMAIL, "Ann@Example.org"),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_holds_until_it_is_broken(
    rule: str, auth_database: Callable[[], Any], rows: Rows
) -> None:
    probe, kept, broken = PROBES[rule]
    seen = []
    for rules in (frozenset[str](), frozenset({rule})):
        rows("TRUNCATE auth.users, auth.audit_log_entries, auth.flow_state CASCADE")
        with auth_database() as connection:
            ann = add_user(connection, email=EMAIL)
        app = create_app(connect=auth_database, broken=rules)
        http = httpx_client(app, headers={"apikey": app.secret_key})
        seen.append(probe(http, ann, rows))
    assert seen == [kept, broken]
