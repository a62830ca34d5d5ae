"""What an erasure does in Auth, seen from outside."""

import uuid
from typing import Any

import httpx
import pytest
from django.db import connections

from fluxrouter.sandbox.transport import LossyTransport, httpx_client
from privacy.connectors.base import Subject
from privacy.connectors.errors import PermanentError, UnknownOutcomeError
from privacy.connectors.supabase_auth import SupabaseAuthConnector
from privacy.connectors.supabase_client import make_client
from privacy.connectors.testing import Life
from tests.contract.test_supabase_auth_contract import planted, sql
from tests.support.connectors import auth_connector
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-31"),
]
EMAIL = "ann.lee@example.org"


def sign_in(world: World) -> int:
    http = httpx_client(world.auth, headers={"apikey": world.auth.publishable_key})
    body = {"email": EMAIL, "password": "correct horse"}
    return http.post("/auth/v1/token?grant_type=password", json=body).status_code


def test_a_frozen_person_can_not_sign_in_until_the_lift(world: World) -> None:
    life = planted(world, EMAIL)
    life.look()
    answers = [sign_in(world)]
    life.freeze()
    answers.append(sign_in(world))
    life.lift()
    answers.append(sign_in(world))
    assert answers == [200, 400, 200]


def test_a_freeze_ends_every_session(world: World) -> None:
    life = planted(world, EMAIL)
    life.look()
    life.freeze()
    assert life.undo["sessions"] == 1
    assert sql(world, "SELECT 1 FROM auth.sessions UNION SELECT 1 FROM auth.refresh_tokens") == []


@pytest.mark.acceptance("PROC-29")
def test_deleting_twice_is_success_and_one_deletion(world: World) -> None:
    life = planted(world, EMAIL)
    life.look()
    receipts = [
        life.connector.erase(life._task("delete_user", "", {}, 0)).receipt for _ in range(2)
    ]
    assert receipts == [{"erased": {"user": 1}}, {"erased": {"user": 0}}]


def test_the_deletion_itself_names_the_person_in_the_log(world: World) -> None:
    life = planted(world, EMAIL)
    life.look()
    life.erase(without="purge_audit")
    actions = sql(world, "SELECT payload ->> 'action' FROM auth.audit_log_entries ORDER BY 1")
    assert actions == [("login",), ("user_deleted",)]


def test_the_purge_counts_what_no_foreign_key_reaches(world: World) -> None:
    life = planted(world, EMAIL)
    life.look()
    life.erase()
    assert life.written[-2] == {"erased": {"audit_log_entry": 2, "flow_state": 1}}


def test_a_softly_deleted_address_is_found_by_the_stored_id_only(world: World) -> None:
    life = planted(world, EMAIL)
    life.connector.admin.delete_user(life.subject.refs["auth_users"][0], should_soft_delete=True)
    stranger = Life(auth_connector(world.auth), Subject(uuid.uuid4(), EMAIL, {}))
    assert "user" not in stranger.look().found
    assert life.look().found["user"] == 1


@pytest.mark.acceptance("PROC-39")
def test_no_call_carries_the_secret_key_as_a_bearer(world: World) -> None:
    seen: list[Any] = []

    class Listening(LossyTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            seen.append((request.headers.get("authorization", ""), request.headers["apikey"]))
            return super().handle_request(request)

    life = planted(world, EMAIL)
    client = make_client("http://sandbox.invalid", world.auth.secret_key, Listening(world.auth))
    life.connector = SupabaseAuthConnector(client)
    life.look()
    life.freeze()
    life.erase()
    assert set(seen) == {("", world.auth.secret_key)}


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body>502 Bad Gateway</body></html>",
        b'{"id": "not a whole user"}',
        b'{"users": ',
        b"[]",
    ],
)
@pytest.mark.parametrize("status", [200, 500, 502])
@pytest.mark.acceptance("PROC-40")
def test_an_answer_in_no_known_shape_is_an_unknown_outcome(status: int, content: bytes) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=content, headers={"content-type": "text/html"})

    client = make_client(
        "http://sandbox.invalid", "sb_secret_sandbox", httpx.MockTransport(answer)
    )
    connector = SupabaseAuthConnector(client)
    with pytest.raises(UnknownOutcomeError):
        connector._user(str(uuid.uuid4()))


def test_a_refused_key_stops_it_for_a_person(world: World) -> None:
    life = planted(world)
    world.auth.secret_key = "sb_secret_rotated"
    with pytest.raises(PermanentError, match="no_permission"):
        life.look()


def test_a_table_without_a_grant_stops_it_instead_of_finding_nobody(world: World) -> None:
    life = planted(world)
    role = connections["supabase"].settings_dict["USER"]
    sql(world, f'REVOKE SELECT ON auth.users FROM "{role}"')
    try:
        with pytest.raises(PermanentError, match="auth_unreadable"):
            life.look()
    finally:
        sql(world, f'GRANT SELECT ON auth.users TO "{role}"')
