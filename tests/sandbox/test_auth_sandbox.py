"""What the Supabase stand-in keeps of the vendor's rules, seen through the vendor's client."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from supabase import AuthApiError, Client

from fluxrouter.sandbox.supabase.app import SupabaseSandbox, create_app
from fluxrouter.sandbox.supabase.people import Person, add_user
from fluxrouter.sandbox.transport import httpx_client

pytestmark = pytest.mark.acceptance("SBX-02")

ANN = "ann@example.org"
VERSION = {"x-supabase-api-version": "2024-01-01"}


@pytest.fixture
def http(auth: SupabaseSandbox) -> httpx.Client:
    return httpx_client(auth, headers={"apikey": auth.secret_key})


@pytest.fixture
def blocker(rows: Callable[..., Any], ann: Person) -> Iterator[None]:
    """A table of the application's own that holds on to Ann."""
    rows("CREATE SCHEMA IF NOT EXISTS public_like")
    rows("CREATE TABLE public_like.profiles (id uuid REFERENCES auth.users)")
    rows("INSERT INTO public_like.profiles VALUES (%s)", ann.id)
    yield
    rows("DROP SCHEMA public_like CASCADE")


@pytest.mark.acceptance("SBX-05")
def test_a_person_reads_as_the_client_expects(supabase: Client, ann: Person) -> None:
    user = supabase.auth.admin.get_user_by_id(str(ann.id)).user
    assert (user.email, user.phone) == (ANN, "4930123456")
    assert user.identities
    assert user.identities[0].identity_data["full_name"] == "Ann Example"
    assert user.factors
    assert user.factors[0].id == str(ann.factor_id)


def test_a_hard_delete_takes_what_foreign_keys_tie_and_leaves_the_rest(
    supabase: Client, ann: Person, rows: Callable[..., Any]
) -> None:
    supabase.auth.admin.delete_user(str(ann.id))
    for table in ("users", "identities", "sessions", "refresh_tokens", "mfa_factors"):
        assert rows(f"SELECT count(*) FROM auth.{table}") == [(0,)]
    assert rows("SELECT user_id FROM auth.flow_state") == [(ann.id,)]
    [[login], [deletion]] = rows("SELECT payload FROM auth.audit_log_entries ORDER BY created_at")
    assert (login["actor_username"], login["actor_name"]) == ("4930123456", "Ann Example")
    assert deletion["action"] == "user_deleted"
    assert deletion["traits"]["user_email"] == ANN


def test_a_refresh_token_without_a_session_outlives_its_user(
    supabase: Client, ann: Person, rows: Callable[..., Any]
) -> None:
    rows("UPDATE auth.refresh_tokens SET session_id = NULL")
    supabase.auth.admin.delete_user(str(ann.id))
    assert rows("SELECT user_id FROM auth.refresh_tokens") == [(str(ann.id),)]


@pytest.mark.usefixtures("blocker")
def test_a_foreign_key_without_cascade_refuses_the_delete_and_nothing_changes(
    supabase: Client, ann: Person, rows: Callable[..., Any]
) -> None:
    with pytest.raises(AuthApiError) as refusal:
        supabase.auth.admin.delete_user(str(ann.id))
    assert (refusal.value.status, refusal.value.code) == (500, "unexpected_failure")
    assert rows("SELECT id FROM auth.users") == [(ann.id,)]
    assert rows("SELECT count(*) FROM auth.audit_log_entries") == [(1,)]


@pytest.mark.usefixtures("blocker")
def test_only_the_older_error_form_names_the_foreign_key(http: httpx.Client, ann: Person) -> None:
    path = f"/auth/v1/admin/users/{ann.id}"
    older, newer = http.delete(path), http.delete(path, headers=VERSION)
    assert (older.status_code, older.json()["code"]) == (500, "23503")
    assert "profiles_id_fkey" in older.json()["message"]
    assert newer.json() == {
        "code": "unexpected_failure",
        "message": "Database error deleting user",
    }
    assert newer.headers["x-supabase-api-version"] == "2024-01-01"


@pytest.mark.usefixtures("blocker")
def test_the_database_can_be_made_to_show_through(
    auth_database: Callable[[], Any], client_of: Callable[..., Client], ann: Person
) -> None:
    broken = frozenset({"error_version_hides_the_database"})
    client = client_of(create_app(connect=auth_database, broken=broken))
    with pytest.raises(AuthApiError) as refusal:
        client.auth.admin.delete_user(str(ann.id))
    assert (refusal.value.status, refusal.value.code) == (500, "23503")


@pytest.mark.usefixtures("blocker")
def test_a_soft_delete_works_where_a_hard_one_is_refused_and_leaves_a_pseudonym(
    supabase: Client, ann: Person, rows: Callable[..., Any]
) -> None:
    supabase.auth.admin.delete_user(str(ann.id), should_soft_delete=True)
    user = supabase.auth.admin.get_user_by_id(str(ann.id)).user
    assert user.deleted_at
    assert ANN not in repr(user)
    assert user.user_metadata == {}
    assert rows("SELECT count(*) FROM auth.sessions") == [(0,)]
    guess = "encode(sha256(convert_to(%s, 'UTF8')), 'base64')"
    [[expected]] = rows(f"SELECT rtrim(translate({guess}, '+/', '-_'), '=')", f"{ann.id}{ANN}")
    assert user.email == expected


def test_deleting_again_is_not_found(supabase: Client, ann: Person) -> None:
    supabase.auth.admin.delete_user(str(ann.id))
    with pytest.raises(AuthApiError) as refusal:
        supabase.auth.admin.delete_user(str(ann.id))
    assert (refusal.value.status, refusal.value.code) == (404, "user_not_found")


def test_an_id_that_is_no_uuid_is_a_client_error(http: httpx.Client) -> None:
    answer = http.get("/auth/v1/admin/users/ann", headers=VERSION)
    assert (answer.status_code, answer.json()["code"]) == (404, "validation_failed")


def test_a_list_without_a_size_gives_fifty_and_says_how_many_there_are(
    http: httpx.Client, auth_database: Callable[[], Any]
) -> None:
    with auth_database() as connection:
        for number in range(51):
            add_user(connection, email=f"person{number}@example.org", with_session=False)
    answer = http.get("/auth/v1/admin/users?page=&per_page=")
    assert len(answer.json()["users"]) == 50
    assert answer.headers["x-total-count"] == "51"
    assert 'page=2&per_page=>; rel="next"' in answer.headers["link"]
    assert len(http.get("/auth/v1/admin/users?page=2").json()["users"]) == 1


@pytest.mark.parametrize(
    ("filter_", "found"), [("a_n@", 1), ("ANN@", 0), ("ann exa", 1), ("nobody", 0)]
)
@pytest.mark.usefixtures("ann")
def test_the_filter_is_a_pattern(http: httpx.Client, filter_: str, found: int) -> None:
    answer = http.get("/auth/v1/admin/users", params={"filter": filter_})
    assert len(answer.json()["users"]) == found


def test_an_unknown_person_is_not_found(supabase: Client) -> None:
    with pytest.raises(AuthApiError) as refusal:
        supabase.auth.admin.get_user_by_id(str(uuid4()))
    assert refusal.value.code == "user_not_found"
