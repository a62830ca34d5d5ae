"""The rest of the Supabase stand-in: keys, corrections, the schema's completeness, faults."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from supabase import AuthApiError, AuthRetryableError, Client

from fluxrouter.sandbox.supabase import schema
from fluxrouter.sandbox.supabase.app import SupabaseSandbox, create_app
from fluxrouter.sandbox.supabase.people import add_user
from fluxrouter.sandbox.supabase.rules import RULES
from fluxrouter.sandbox.supabase.storage_rules import STORAGE_RULES
from fluxrouter.sandbox.transport import httpx_client

USERS = "/auth/v1/admin/users"
VERSION = {"x-supabase-api-version": "2024-01-01"}
SECRET = "sb_secret_sandbox"


@pytest.fixture
def http(auth: SupabaseSandbox) -> httpx.Client:
    return httpx_client(auth, headers={"apikey": SECRET, **VERSION})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"apikey": "sb_secret_other"}, 401),
        ({"apikey": SECRET, "authorization": f"Bearer {SECRET}"}, 401),
        ({"apikey": "sb_publishable_sandbox"}, 403),
        ({"apikey": SECRET}, 200),
    ],
)
def test_the_admin_door_opens_to_the_secret_key_alone(
    auth: SupabaseSandbox, headers: dict[str, str], status: int
) -> None:
    assert httpx_client(auth).get(USERS, headers=headers).status_code == status


def test_a_correction_is_normalised_and_merged(supabase: Client) -> None:
    admin = supabase.auth.admin
    made = admin.create_user({"email": "Bea@Example.org", "user_metadata": {"a": 1, "b": 2}}).user
    assert made.email == "bea@example.org"
    metadata = {"a": None, "c": 3}
    user = admin.update_user_by_id(
        made.id, {"phone": "+49 30 99", "user_metadata": metadata, "email": ""}
    ).user
    assert (user.email, user.phone) == ("bea@example.org", "493099")
    assert user.user_metadata == {"b": 2, "c": 3}


def test_an_address_is_taken_once(supabase: Client) -> None:
    supabase.auth.admin.create_user({"email": "bea@example.org"})
    with pytest.raises(AuthApiError) as refusal:
        supabase.auth.admin.create_user({"email": "BEA@example.org"})
    assert (refusal.value.status, refusal.value.code) == (422, "email_exists")


@pytest.mark.parametrize("duration", ["1 year", "876000", "h"])
def test_a_ban_needs_a_duration(supabase: Client, duration: str) -> None:
    made = supabase.auth.admin.create_user({"email": "bea@example.org"}).user
    with pytest.raises(AuthApiError, match="ban duration"):
        supabase.auth.admin.update_user_by_id(made.id, {"ban_duration": duration})


def test_a_ban_can_be_lifted(supabase: Client) -> None:
    admin = supabase.auth.admin
    made = admin.create_user({"email": "bea@example.org", "ban_duration": "1h30m"}).user
    assert made.banned_until
    assert not admin.update_user_by_id(made.id, {"ban_duration": "none"}).user.banned_until


def test_a_factor_is_removed_once(
    supabase: Client, http: httpx.Client, auth_database: Callable[[], Any]
) -> None:
    with auth_database() as connection:
        ann = add_user(connection, email="ann@example.org")
    mfa, user_id, factor_id = supabase.auth.admin.mfa, str(ann.id), str(ann.factor_id)
    assert mfa.delete_factor({"user_id": user_id, "id": factor_id}).id == factor_id
    assert mfa.list_factors({"user_id": user_id}) == []
    assert http.delete(f"{USERS}/{ann.id}/factors/{ann.factor_id}").status_code == 404


def test_the_audit_log_can_be_read(http: httpx.Client, auth_database: Callable[[], Any]) -> None:
    with auth_database() as connection:
        add_user(connection, email="ann@example.org")
    answer = http.get("/auth/v1/admin/audit?page=1&per_page=10")
    assert [entry["payload"]["action"] for entry in answer.json()] == ["login"]
    assert answer.headers["x-total-count"] == "1"


@pytest.mark.acceptance("SBX-02")
def test_every_rule_is_kept_by_a_line_of_code() -> None:
    package = Path(schema.__file__).parent
    code = "".join(file.read_text() for file in package.glob("*.py"))
    assert set(re.findall(r'rule\(\s*"(\w+)"\s*\)', code)) == {*RULES, *STORAGE_RULES}


@pytest.mark.acceptance("SBX-02")
def test_every_column_that_can_hold_text_is_classified(rows: Callable[..., Any]) -> None:
    found = rows(
        "SELECT 'auth.' || table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'auth' AND is_generated = 'NEVER' AND data_type IN"
        " ('text', 'character varying', 'json', 'jsonb', 'inet', 'bytea')"
    )
    personal = {(each.table, each.column) for each in schema.PERSONAL_COLUMNS}
    assert set(found) - personal == schema.IMPERSONAL_COLUMNS


def test_row_security_hides_everything_even_from_the_tables_owner(
    auth_database: Callable[[], Any],
) -> None:
    """FORCE makes the owner an ordinary role that may select: it reads nothing, and no error."""
    with auth_database() as connection:
        add_user(connection, email="ann@example.org")
        schema.enable_row_security(connection)
        assert len(connection.execute("SELECT id FROM auth.users").fetchall()) == 1
        connection.execute("ALTER TABLE auth.users FORCE ROW LEVEL SECURITY")
        assert connection.execute("SELECT id FROM auth.users").fetchall() == []
        connection.rollback()


@pytest.mark.acceptance("SBX-04")
def test_a_lost_reply_comes_after_the_change(auth: SupabaseSandbox, supabase: Client) -> None:
    auth.faults.add("reply_lost", method="POST")
    with pytest.raises(AuthRetryableError):
        supabase.auth.admin.create_user({"email": "bea@example.org"})
    assert len(supabase.auth.admin.list_users(page=1, per_page=10)) == 1


def test_too_many_calls_are_told_so_in_the_vendors_form(
    auth: SupabaseSandbox, supabase: Client
) -> None:
    auth.faults.add("rate_limited")
    with pytest.raises(AuthApiError) as refusal:
        supabase.auth.admin.list_users(page=1, per_page=10)
    assert (refusal.value.status, refusal.value.code) == (429, "over_request_rate_limit")


def test_the_control_endpoint_seeds_dumps_and_resets(auth: SupabaseSandbox) -> None:
    http = httpx_client(auth)
    http.post("/_sandbox/seed", json=[{"email": "ann@example.org", "name": "Zweigelt"}])
    assert "Zweigelt" in http.get("/_sandbox/dump").text
    http.post("/_sandbox/reset", json={})
    assert "Zweigelt" not in http.get("/_sandbox/dump").text


def test_an_app_needs_to_know_its_database() -> None:
    with pytest.raises(ValueError, match="database_url"):
        create_app()
