"""Who can still get in, and with what: the sessions of the Supabase stand-in."""

from collections.abc import Callable
from typing import Any

import jwt
import pytest
from supabase import AuthApiError, Client

from fluxrouter.sandbox.supabase.app import SupabaseSandbox, create_app
from fluxrouter.sandbox.supabase.people import Person
from fluxrouter.sandbox.transport import httpx_client

ANN = "ann@example.org"
VERSION = {"x-supabase-api-version": "2024-01-01"}


def test_a_banned_person_gets_no_new_token_and_keeps_the_old_one(
    supabase: Client, ann: Person, auth: SupabaseSandbox
) -> None:
    session = supabase.auth.sign_in_with_password({"email": ANN, "password": ann.password}).session
    assert session
    staff = httpx_client(auth, headers={"apikey": auth.secret_key, **VERSION})
    staff.put(f"/auth/v1/admin/users/{ann.id}", json={"ban_duration": "876000h"})
    for grant, body in (
        ("password", {"email": ANN, "password": ann.password}),
        ("refresh_token", {"refresh_token": session.refresh_token}),
    ):
        answer = staff.post(f"/auth/v1/token?grant_type={grant}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "user_banned")
    bearer = {"authorization": f"Bearer {session.access_token}"}
    assert staff.get("/auth/v1/user", headers=bearer).json()["email"] == ANN
    assert staff.post("/auth/v1/logout?scope=global", headers=bearer).status_code == 204
    assert staff.get("/auth/v1/user", headers=bearer).status_code == 200
    staff.delete(f"/auth/v1/admin/users/{ann.id}")
    assert staff.get("/auth/v1/user", headers=bearer).status_code == 403


def test_a_newer_build_asks_for_the_session_and_the_ban(
    auth_database: Callable[[], Any], ann: Person
) -> None:
    broken = frozenset({"token_outlives_ban_and_logout"})
    app = create_app(connect=auth_database, broken=broken)
    http = httpx_client(app, headers={"apikey": app.publishable_key, **VERSION})
    body = {"email": ANN, "password": ann.password}
    token = http.post("/auth/v1/token?grant_type=password", json=body).json()["access_token"]
    bearer = {"authorization": f"Bearer {token}"}
    http.post("/auth/v1/logout", headers=bearer)
    answer = http.get("/auth/v1/user", headers=bearer)
    assert (answer.status_code, answer.json()["code"]) == (403, "session_not_found")


def test_a_used_refresh_token_is_refused(supabase: Client, ann: Person) -> None:
    fresh = supabase.auth.refresh_session(ann.refresh_token).session
    assert fresh
    assert fresh.refresh_token != ann.refresh_token
    with pytest.raises(AuthApiError, match="Already Used"):
        supabase.auth.refresh_session(ann.refresh_token)


def test_access_tokens_verify_against_the_published_keys(
    auth: SupabaseSandbox, supabase: Client, ann: Person
) -> None:
    keys = httpx_client(auth).get("/auth/v1/.well-known/jwks.json").json()
    session = supabase.auth.sign_in_with_password({"email": ANN, "password": ann.password}).session
    assert session
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(session.access_token)["kid"]]
    claims = jwt.decode(session.access_token, key, audience="authenticated")
    assert claims["sub"] == str(ann.id)
