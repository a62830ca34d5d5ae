"""Files in a package come out whole, under names that can be unpacked anywhere."""

import base64
import io
import json
import zipfile
from typing import Any

import pytest
from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from privacy.connectors.base import Record
from privacy.models import Package
from privacy.services.package import archive, parts
from privacy.services.package.files import LONGEST, safe
from tests.contract.storage import somebody, storage_connector, store
from tests.support.staff import made
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])


def packed(records: list[Record], connector: str = "database") -> zipfile.ZipFile:
    package = Package.objects.create(request=made(), created_at=timezone.now())
    key = keystore().create(package.pk)
    receipt = parts.write_part(
        package.pk, connector, key, records, attempt=1, heartbeat=lambda: None
    )
    target = io.BytesIO()
    source = archive.Source(package, {connector: receipt}, key, lambda: None)
    archive.write_archive(target, source)
    return zipfile.ZipFile(target)


def piece(name: str, content: bytes, part: int = 1, of: int = 1) -> Record:
    text = base64.b64encode(content).decode()
    record: dict[str, Any] = {"bucket": "files", "name": name, "part": part, "of": of}
    return Record("file_content", json.dumps({**record, "base64": text}))


def test_the_pieces_of_a_file_are_one_file_again() -> None:
    made_of = packed([piece("a/b.bin", b"\x00one", 1, 2), piece("a/b.bin", b"two", 2, 2)])
    assert made_of.read("database/files/files/a/b.bin") == b"\x00onetwo"
    manifest = json.loads(made_of.read("manifest.json"))["files"]
    assert manifest["database/files/files/a/b.bin"]["bytes"] == 7
    page = made_of.read("index.html").decode()
    assert 'href="database/files/files/a/b.bin"' in page
    assert "base64" not in page
    assert not [name for name in made_of.namelist() if "file_content" in name]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("../../etc/passwd", "_/_/etc/passwd"),
        ("/root", "_/root"),
        ("a//b/", "a/_/b/_"),
        ('a<b>:"|?*\\c.txt', "a_b_______c.txt"),
        ("a\nb\x00", "a_b_"),
        ("end. ", "end"),
        (".hidden", ".hidden"),
        ("ü &+.txt", "ü &+.txt"),
    ],
)
def test_no_name_leads_out_of_the_folder(name: str, path: str) -> None:
    assert safe(name) == path


def test_a_long_name_keeps_its_ending() -> None:
    found = safe("x" * 300 + ".jpeg")
    assert len(found) == LONGEST
    assert found.endswith("x.jpeg")


def test_names_that_become_one_stand_in_numbered_folders() -> None:
    given = ("a?b", "a*b", "A_B", "c", "c/d", "c/e", "f/g", "f")
    made_of = packed([piece(name, name.encode()) for name in given])
    names = [name for name in made_of.namelist() if "/files/" in name]
    assert [name.removeprefix("database/files/") for name in names] == [
        "files/a_b",
        "files (2)/a_b",
        "files (3)/A_B",
        "files/c",
        "files (2)/c/d",
        "files (2)/c/e",
        "files/f/g",
        "files (2)/f",
    ]
    assert [made_of.read(name).decode() for name in names] == list(given)


def test_a_persons_files_are_in_their_package(world: World) -> None:
    life = somebody(world)
    user = life.subject.refs["auth_users"][0]
    store(world, "files", f"{user}/letter <1>.txt", b"Dear Ann")
    store(world, "avatars", f"{user}/empty.png", b"")
    life.look()
    connector = storage_connector(world.auth)
    made_of = packed(list(connector.export(life.subject, life.refs)))
    assert made_of.read(f"database/files/files/{user}/letter _1_.txt") == b"Dear Ann"
    assert made_of.read(f"database/files/avatars/{user}/empty.png") == b""
    rows = json.loads(made_of.read("database/stored_file.json"))
    assert {row["name"] for row in rows} == {f"{user}/letter <1>.txt", f"{user}/empty.png"}
