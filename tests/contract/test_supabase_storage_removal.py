"""What Storage says, and what it doesn't, while files are removed."""

import uuid
from typing import Any

import httpx
import pytest
from django.db import connections

from fluxrouter.sandbox.supabase.storage_files import add_unfinished_upload
from privacy.connectors.base import Residue
from privacy.connectors.errors import (
    ConnectorError,
    NeedsHumanError,
    PermanentError,
    RetryError,
    UnknownOutcomeError,
)
from privacy.connectors.supabase_client import make_client
from privacy.connectors.supabase_storage import SupabaseStorageConnector
from tests.contract.storage import names, somebody, sql, storage_connector, store
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
REMOVE = ("DELETE", "/storage/v1/object/<bucket>")


def removals(world: World) -> int:
    return sum(n for call, n in world.auth.calls.items() if call[:2] == REMOVE)


def many(world: World, user: str, number: int) -> None:
    sql(
        world,
        "INSERT INTO storage.objects (bucket_id, name, metadata) SELECT 'files', %s || '/' || n,"
        " '{\"size\": 0}' FROM generate_series(1, %s) AS n",
        user,
        number,
    )


@pytest.mark.acceptance("PROC-34", "PROC-36")
def test_a_thousand_and_one_files_are_found_and_go_in_two_calls(world: World) -> None:
    life = somebody(world)
    many(world, life.subject.refs["auth_users"][0], 1001)
    assert life.look().found["stored_file"] == 1001
    life.erase()
    assert names(world) == []
    assert removals(world) == 2


@pytest.mark.acceptance("PROC-34", "PROC-36")
def test_a_thousand_and_one_files_outside_the_folder_go_in_two_calls(world: World) -> None:
    life = somebody(world)
    user = life.subject.refs["auth_users"][0]
    many(world, "shared", 1001)
    sql(world, "UPDATE storage.objects SET owner_id = %s", user)
    assert life.look().found["stored_file"] == 1001
    life.erase()
    assert names(world) == []
    assert removals(world) == 2


@pytest.mark.acceptance("PROC-35")
def test_a_removal_that_says_nothing_is_seen(world: World) -> None:
    life = somebody(world)
    user = life.subject.refs["auth_users"][0]
    store(world, "files", "shared/one.txt", owner=user)
    life.look()
    life.connector = storage_connector(world.auth, world.auth.publishable_key)
    with pytest.raises(NeedsHumanError) as stopped:
        life.erase(without="prepare")
    assert (stopped.value.code, stopped.value.found) == ("not_removed", {"stored_file": 1})
    assert {call.status for call in world.auth.log} == {200}
    assert names(world) == ["files/shared/one.txt"]
    assert life.verify() == [Residue("stored_file", 1)]


@pytest.mark.acceptance("PROC-35")
def test_files_that_another_worker_removed_are_no_refusal(world: World) -> None:
    life = somebody(world)
    user = life.subject.refs["auth_users"][0]
    store(world, "files", f"{user}/one.txt")
    life.look()

    class Overtaken(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "DELETE":
                storage_connector(world.auth).files.remove("files", [f"{user}/one.txt"])
            inner = life.connector.files.client.storage.session._transport
            answer: httpx.Response = inner.handle_request(request)
            return answer

    client = make_client("http://sandbox.invalid", world.auth.secret_key, Overtaken())
    overtaken = SupabaseStorageConnector(client, ["files"])
    outcome = overtaken.erase(life._task("remove_files", "", {}, 0))
    assert outcome.receipt == {"erased": {"stored_file": 0}}
    assert names(world) == []


@pytest.mark.acceptance("PROC-35")
def test_a_lost_answer_is_settled_by_a_new_look(world: World) -> None:
    life = somebody(world)
    store(world, "files", f"{life.subject.refs['auth_users'][0]}/one.txt")
    life.look()
    world.auth.faults.add("reply_lost", method="DELETE")
    life.erase()
    assert names(world) == []
    assert removals(world) == 1


@pytest.mark.acceptance("PROC-37")
def test_no_row_of_storage_is_deleted_by_sql(world: World) -> None:
    life = somebody(world)
    store(world, "files", f"{life.subject.refs['auth_users'][0]}/one.txt")
    with connections["supabase"].execute_wrapper(refuse_writes):
        life.look()
        life.export()
        life.erase()
        life.verify()
    assert names(world) == []


def refuse_writes(execute: Any, text: str, values: Any, several: bool, context: Any) -> Any:
    assert text.lstrip().upper().startswith("SELECT"), text
    return execute(text, values, several, context)


@pytest.mark.acceptance("PROC-37")
def test_the_connectors_role_may_not_delete_anyway(world: World) -> None:
    role = connections["supabase"].settings_dict["USER"]
    found = sql(
        world,
        "SELECT has_table_privilege(%s, 'storage.objects', 'DELETE'),"
        " has_table_privilege(%s, 'storage.objects', 'SELECT')",
        role,
        role,
    )
    assert found == [(False, True)]


@pytest.mark.acceptance("PROC-38")
def test_a_restricted_organisation_is_for_a_person(world: World) -> None:
    life = somebody(world)
    store(world, "files", f"{life.subject.refs['auth_users'][0]}/one.txt")
    life.look()
    world.auth.restricted = True
    with pytest.raises(NeedsHumanError, match="payment_required"):
        life.erase(without="prepare")
    assert len(names(world)) == 1
    world.auth.restricted = False
    life.erase()
    assert names(world) == []


@pytest.mark.acceptance("PROC-39")
def test_no_call_carries_the_secret_key_as_a_bearer(world: World) -> None:
    life = somebody(world)
    store(world, "files", f"{life.subject.refs['auth_users'][0]}/one.txt")
    seen: list[Any] = []
    session = life.connector.files.client.storage.session
    session.event_hooks["request"].append(
        lambda request: seen.append(
            (request.headers.get("authorization", ""), request.headers["apikey"])
        )
    )
    life.look()
    life.export()
    life.erase()
    assert set(seen) == {("", world.auth.secret_key)}


def answering(status: int, content: bytes) -> SupabaseStorageConnector:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=content)

    transport = httpx.MockTransport(answer)
    client = make_client("http://sandbox.invalid", "sb_secret_sandbox", transport)
    return SupabaseStorageConnector(client, ["files"])


def calls(connector: SupabaseStorageConnector) -> dict[str, Any]:
    return {
        "list": lambda: list(connector.files.names_under("files", "a/")),
        "remove": lambda: connector.files.remove("files", ["a/b"]),
    }


@pytest.mark.acceptance("PROC-40")
@pytest.mark.parametrize("call", ["list", "remove"])
@pytest.mark.parametrize("status", [200, 500, 502])
@pytest.mark.parametrize(
    "content",
    [
        b"<html><body>502 Bad Gateway</body></html>",
        b'{"objects": [{"name": "a/b"}], "folders": []}',
        b'[{"id": 1}]',
        b'{"objects": ',
        b'{"hasNext": true, "objects": [], "folders": []}',
    ],
)
def test_an_answer_in_no_known_shape_is_an_unknown_outcome(
    call: str, status: int, content: bytes
) -> None:
    with pytest.raises(UnknownOutcomeError):
        calls(answering(status, content))[call]()


@pytest.mark.acceptance("PROC-38")
@pytest.mark.parametrize(
    ("status", "content", "kind", "code"),
    [
        (402, b"payment required", NeedsHumanError, "payment_required"),
        (400, b'{"statusCode":"402","error":"x","message":"x"}', NeedsHumanError,
         "payment_required"),
        (401, b'{"message":"Invalid API key"}', PermanentError, "no_permission"),
        (400, b'{"statusCode":"403","error":"x","message":"x"}', PermanentError, "no_permission"),
        (429, b'{"statusCode":"429","error":"x","message":"x"}', RetryError, "rate_limit"),
        (400, b'{"statusCode":"400","error":"InvalidRequest","message":"x"}', PermanentError,
         "InvalidRequest"),
    ],
)  # fmt: skip
def test_each_refusal_has_its_kind(
    status: int, content: bytes, kind: type[ConnectorError], code: str
) -> None:
    connector = answering(status, content)
    for call in (*calls(connector).values(), lambda: list(connector.files.pieces("files", "a"))):
        with pytest.raises(kind) as refused:
            call()
        assert refused.value.code == code


def test_a_bucket_that_does_not_exist_stops_it(world: World) -> None:
    life = somebody(world)
    life.connector = SupabaseStorageConnector(life.connector.files.client, ["files", "flies"])
    with pytest.raises(PermanentError, match="bucket_missing"):
        life.look()


def test_a_table_without_a_grant_stops_it_instead_of_finding_nothing(world: World) -> None:
    life = somebody(world)
    role = connections["supabase"].settings_dict["USER"]
    sql(world, f'REVOKE SELECT ON storage.objects FROM "{role}"')
    try:
        with pytest.raises(PermanentError, match="storage_unreadable"):
            life.look()
    finally:
        sql(world, f'GRANT SELECT ON storage.objects TO "{role}"')


def test_a_file_in_another_bucket_is_for_a_person_before_anything_goes(world: World) -> None:
    life = somebody(world)
    store(world, "invoices", "one.pdf", owner=life.subject.refs["auth_users"][0])
    assert life.look().blockers == ["unlisted_bucket"]
    with pytest.raises(NeedsHumanError, match="unlisted_bucket"):
        life.erase()
    assert names(world) == ["invoices/one.pdf"]


def test_a_folder_that_only_begins_alike_is_somebody_elses(world: World) -> None:
    life = somebody(world)
    user = life.subject.refs["auth_users"][0]
    others = [f"{user}x/one.txt", f"{user.upper()}/one.txt", f"x{user}/one.txt", f"{user}"]
    for name in others:
        store(world, "files", name)
    store(world, "files", f"{user}/one.txt")
    assert life.look().found["stored_file"] == 1
    life.erase()
    assert names(world) == sorted(f"files/{name}" for name in others)
    assert life.verify() == []


def test_a_name_that_goes_on_is_another_file(world: World) -> None:
    life = somebody(world)
    store(world, "files", "shared/one", owner=life.subject.refs["auth_users"][0])
    store(world, "files", "shared/one.txt", owner=uuid.uuid4())
    life.look()
    life.erase()
    assert names(world) == ["files/shared/one.txt"]


def test_a_user_whom_only_the_address_leads_to_is_found(world: World) -> None:
    life = somebody(world, "ann@example.org")
    user = life.subject.refs["auth_users"][0]
    store(world, "files", f"{user}/one.txt")
    life.subject = life.subject._replace(email="ANN@example.org", refs={})
    assert life.look().refs == {"auth_users": [user]}
    life.erase()
    assert names(world) == []


def test_an_upload_that_never_ended_is_handed_over(world: World) -> None:
    life = somebody(world)
    with world.connect() as connection:
        add_unfinished_upload(connection, "files", "big.mov", life.subject.refs["auth_users"][0])
        add_unfinished_upload(connection, "files", "other.mov", uuid.uuid4())
    assert life.look().found == {"unfinished_upload": 1}
    assert [record["key"] for _, record in life.export()] == ["big.mov"]
    life.erase()
    assert life.verify() == [Residue("unfinished_upload", 1, by_hand=True)]
