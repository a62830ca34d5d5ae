"""Files in an export: whole, in pieces that fit into memory."""

import base64
import hashlib
from typing import Any

import pytest

from privacy.connectors.base import Subject
from privacy.connectors.errors import PermanentError, UnknownOutcomeError
from privacy.connectors.supabase_storage import from_settings
from privacy.connectors.supabase_storage.client import PIECE
from tests.contract.storage import names, somebody, sql, store
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])


def contents(records: list[tuple[str, Any]]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for collection, record in records:
        if collection == "file_content":
            place = f"{record['bucket']}/{record['name']}"
            found[place] = found.get(place, b"") + base64.b64decode(record["base64"])
    return found


def test_a_big_file_comes_in_pieces_of_a_mebibyte(world: World) -> None:
    life = somebody(world)
    user = life.subject.refs["auth_users"][0]
    big = hashlib.sha512(b"seed").digest() * (PIECE // 32) + b"end"
    store(world, "files", f"{user}/big.bin", big)
    found = life.look().found
    records = life.export()
    pieces = [record for collection, record in records if collection == "file_content"]
    assert [(each["part"], each["of"]) for each in pieces] == [(1, 3), (2, 3), (3, 3)]
    assert found == {"stored_file": 1, "file_content": 3}
    assert max(len(base64.b64decode(each["base64"])) for each in pieces) == PIECE
    assert contents(records) == {f"files/{user}/big.bin": big}


@pytest.mark.parametrize(
    "name",
    ["a b.txt", "100%.txt", "100%25.txt", "ü?#&+'.txt", "a//b.txt", "x/", ".hidden", "a;=@"],
)
def test_a_file_of_any_name_is_exported_and_removed(world: World, name: str) -> None:
    life = somebody(world)
    place = f"{life.subject.refs['auth_users'][0]}/{name}"
    store(world, "files", place, b"hello")
    life.look()
    assert contents(life.export()) == {f"files/{place}": b"hello"}
    life.erase()
    assert names(world) == []


def test_an_export_says_when_and_what_but_not_how_it_is_kept(world: World) -> None:
    life = somebody(world)
    store(world, "files", f"{life.subject.refs['auth_users'][0]}/one.txt", media_type="text/css")
    life.look()
    [(_, record), _] = life.export()
    assert record["metadata"]["mimetype"] == "text/css"
    assert {"bucket_id", "name", "created_at", "owner_id"} <= record.keys()
    assert not {"version", "path_tokens"} & record.keys()


def test_a_file_that_breaks_off_is_read_again(world: World) -> None:
    life = somebody(world)
    user = life.subject.refs["auth_users"][0]
    store(world, "files", f"{user}/one.txt", b"hello world")
    life.look()
    world.auth.faults.add("truncated_page")
    with pytest.raises(UnknownOutcomeError):
        list(life.connector.export(life.subject, life.refs))
    assert contents(life.export()) == {f"files/{user}/one.txt": b"hello world"}


def test_a_row_without_its_file_does_not_stop_the_rest(world: World) -> None:
    life = somebody(world)
    user = life.subject.refs["auth_users"][0]
    store(world, "files", f"{user}/a.txt", b"a")
    store(world, "files", f"{user}/b.txt", b"b")
    life.look()
    sql(world, "ALTER TABLE storage.objects DISABLE TRIGGER protect_objects_delete")
    records = life.connector.export(life.subject, life.refs)
    seen = [next(records), next(records)]
    sql(world, "DELETE FROM storage.objects WHERE name LIKE '%%/a.txt'")
    sql(world, "ALTER TABLE storage.objects ENABLE TRIGGER protect_objects_delete")
    seen += records
    assert [record.collection for record in seen] == [
        "stored_file",
        "stored_file",
        "file_content",
    ]


def test_without_a_bucket_there_is_no_connector(settings: Any) -> None:
    settings.SUPABASE_STORAGE_BUCKETS = []
    assert from_settings() is None
    settings.SUPABASE_STORAGE_BUCKETS = ["files"]
    made = from_settings()
    assert made is not None
    assert made.buckets == ["files"]


def test_a_drill_plants_a_file_only_where_a_setting_allows_it(world: World, settings: Any) -> None:
    life = somebody(world)
    settings.SUPABASE_DRILL = False
    with pytest.raises(PermanentError, match="no_test_mode"):
        life.connector.plant(life.subject)
    settings.SUPABASE_DRILL = True
    refs = life.connector.plant(life.subject)
    assert refs == life.subject.refs
    assert life.look().found["stored_file"] == 1
    again = life.connector.plant(Subject(life.subject.request_id, "new@example.org", {}))
    assert len(names(world)) == 2
    assert again["auth_users"] != refs["auth_users"]
