"""Every rule of Storage's stand-in can be broken, and its probe sees the difference."""

from collections.abc import Callable
from typing import Any

import httpx
import psycopg
import pytest

from fluxrouter.sandbox.supabase import schema
from fluxrouter.sandbox.supabase.app import SupabaseSandbox, create_app
from fluxrouter.sandbox.supabase.people import add_user
from fluxrouter.sandbox.supabase.storage_files import add_file
from fluxrouter.sandbox.supabase.storage_rules import STORAGE_RULES
from fluxrouter.sandbox.transport import httpx_client

pytestmark = pytest.mark.acceptance("SBX-02")

Rows = Callable[..., list[Any]]
Probe = Callable[[httpx.Client, SupabaseSandbox, Rows], Any]
OBJECT = "/storage/v1/object"


def _remove(http: httpx.Client, *names: str, bucket: str = "files") -> httpx.Response:
    return http.request("DELETE", f"{OBJECT}/{bucket}", json={"prefixes": list(names)})


def _count(rows: Rows) -> int:
    return int(rows("SELECT count(*) FROM storage.objects")[0][0])


def partly_removed(http: httpx.Client, app: SupabaseSandbox, rows: Rows) -> Any:
    answer = _remove(http, "a_b/one.txt", "nowhere.txt")
    return answer.status_code, len(answer.json())


def too_many(http: httpx.Client, app: SupabaseSandbox, rows: Rows) -> Any:
    return _remove(http, *(f"{n}.txt" for n in range(1001))).status_code


def folder_removed(http: httpx.Client, app: SupabaseSandbox, rows: Rows) -> Any:
    _remove(http, "a_b/")
    return _count(rows)


def restricted(http: httpx.Client, app: SupabaseSandbox, rows: Rows) -> Any:
    http.post("/_sandbox/seed", json={"restricted": True})
    return _remove(http, "a_b/one.txt").status_code, _count(rows)


def one_folder(http: httpx.Client, app: SupabaseSandbox, rows: Rows) -> Any:
    answer = http.post(f"{OBJECT}/list/files", json={"prefix": "a_b"}).json()
    return [(each["name"], each["id"] is None) for each in answer]


def hundred(http: httpx.Client, app: SupabaseSandbox, rows: Rows) -> Any:
    rows(
        "INSERT INTO storage.objects (bucket_id, name)"
        " SELECT 'files', 'many/' || n FROM generate_series(1, 101) AS n"
    )
    return len(http.post(f"{OBJECT}/list/files", json={"prefix": "many/"}).json())


def thousand(http: httpx.Client, app: SupabaseSandbox, rows: Rows) -> Any:
    rows(
        "INSERT INTO storage.objects (bucket_id, name)"
        " SELECT 'files', 'many/' || n FROM generate_series(1, 1001) AS n"
    )
    body = {"prefix": "many/", "limit": 5000, "with_delimiter": False}
    first = http.post(f"{OBJECT}/list-v2/files", json=body).json()
    body["cursor"] = first.get("nextCursor", "")
    second = http.post(f"{OBJECT}/list-v2/files", json=body).json()
    names = {each["name"] for each in first["objects"] + second["objects"]}
    return len(first["objects"]), first["hasNext"], len(names)


def literal_prefix(http: httpx.Client, app: SupabaseSandbox, rows: Rows) -> Any:
    answer = http.post(f"{OBJECT}/list-v2/files", json={"prefix": "A_b/"}).json()
    return len(answer["objects"])


def unknown_bucket(http: httpx.Client, app: SupabaseSandbox, rows: Rows) -> Any:
    answer = http.post(f"{OBJECT}/list-v2/nowhere", json={"prefix": ""})
    return answer.status_code, _remove(http, "a", bucket="nowhere").status_code


def unknown_file(http: httpx.Client, app: SupabaseSandbox, rows: Rows) -> Any:
    answer = http.get(f"{OBJECT}/files/nowhere.txt")
    return answer.status_code, answer.json()["statusCode"]


def uploaded(http: httpx.Client, app: SupabaseSandbox, rows: Rows) -> Any:
    http.post(f"{OBJECT}/files/new.txt", content=b"hello")
    return rows("SELECT owner_id IS NULL FROM storage.objects WHERE name = 'new.txt'")


PROBES: dict[str, tuple[Probe, Any, Any]] = {
    "remove_is_silent": (partly_removed, (200, 1), (400, 4)),
    "remove_takes_a_thousand": (too_many, 400, 200),
    "remove_takes_whole_names": (folder_removed, 3, 1),
    "restricted_organisation_is_402": (restricted, (402, 3), (200, 2)),
    "list_is_one_folder": (
        one_folder,
        [("deep", True), ("one.txt", False)],
        [("deep/two.txt", False), ("one.txt", False)],
    ),
    "list_hundred_a_page": (hundred, 100, 101),
    "list_v2_thousand_a_page": (thousand, (1000, True, 1001), (1001, False, 1001)),
    "list_prefix_is_literal": (literal_prefix, 0, 3),
    "missing_bucket_looks_empty": (unknown_bucket, (200, 200), (400, 400)),
    "errors_are_400": (unknown_file, (400, "404"), (404, "404")),
    "secret_key_leaves_no_owner": (uploaded, [(True,)], [(False,)]),
}


@pytest.mark.parametrize("rule", STORAGE_RULES)
def test_a_rule_holds_until_it_is_broken(
    rule: str, auth_database: Callable[[], Any], rows: Rows
) -> None:
    probe, kept, broken = PROBES[rule]
    seen = []
    for rules in (frozenset[str](), frozenset({rule})):
        with auth_database() as connection:
            schema.truncate(connection)
            for name in ("a_b/one.txt", "a_b/deep/two.txt", "axb/three.txt"):
                add_file(connection, "files", name, b"text")
        app = create_app(connect=auth_database, broken=rules)
        seen.append(probe(httpx_client(app, headers={"apikey": app.secret_key}), app, rows))
    assert seen == [kept, broken]


def test_a_row_can_not_be_deleted_by_sql(auth_database: Callable[[], Any], rows: Rows) -> None:
    with auth_database() as connection:
        add_file(connection, "files", "one.txt", b"text")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="Use the Storage API"):
        rows("DELETE FROM storage.objects")
    assert _count(rows) == 1


def test_who_uploads_as_a_person_owns_the_file(
    auth_database: Callable[[], Any], rows: Rows
) -> None:
    with auth_database() as connection:
        ann = add_user(connection, email="ann@example.org")
        add_file(connection, "files", "other.txt", b"text")
    app = create_app(connect=auth_database)
    http = httpx_client(app, headers={"apikey": app.publishable_key})
    assert http.post(f"{OBJECT}/files/mine.txt", content=b"x").json()["statusCode"] == "403"
    body = {"email": ann.email, "password": ann.password}
    token = http.post("/auth/v1/token?grant_type=password", json=body).json()["access_token"]
    http.headers["authorization"] = f"Bearer {token}"
    http.post(f"{OBJECT}/files/mine.txt", content=b"x")
    assert rows("SELECT owner_id FROM storage.objects WHERE name = 'mine.txt'") == [(str(ann.id),)]


def test_a_key_without_rights_sees_nothing_and_removes_nothing(
    auth_database: Callable[[], Any], rows: Rows
) -> None:
    with auth_database() as connection:
        add_file(connection, "files", "one.txt", b"text")
    app = create_app(connect=auth_database)
    http = httpx_client(app, headers={"apikey": app.publishable_key})
    assert http.post(f"{OBJECT}/list/files", json={"prefix": ""}).json() == []
    answer = _remove(http, "one.txt")
    assert (answer.status_code, answer.json()) == (200, [])
    assert _count(rows) == 1


def test_a_fault_is_told_in_storages_form(auth_database: Callable[[], Any]) -> None:
    app = create_app(connect=auth_database)
    app.faults.add("rate_limited")
    answer = httpx_client(app, headers={"apikey": app.secret_key}).get(f"{OBJECT}/files/a.txt")
    assert (answer.status_code, answer.json()["code"]) == (429, "SlowDown")


def test_the_control_endpoint_stores_and_dumps_files(auth_database: Callable[[], Any]) -> None:
    http = httpx_client(create_app(connect=auth_database))
    file = {"bucket": "files", "name": "one.txt", "content": "Zweigelt"}
    http.post("/_sandbox/seed", json={"files": [file]})
    assert "Zweigelt" in http.get("/_sandbox/dump").text
    http.post("/_sandbox/reset", json={})
    assert "Zweigelt" not in http.get("/_sandbox/dump").text
