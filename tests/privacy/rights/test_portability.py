"""The pack that a person takes elsewhere: what they gave us, in a form that doesn't change."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from privacy import portability
from privacy.connectors.registry import connectors
from privacy.datamap import SUBJECT_ROWS
from privacy.models import PrivacyRequest
from privacy.portability import PORTABLE, TYPES
from privacy.services.package.pack_schema import schema
from privacy.words import kind_name
from tests.support.packages import archive_of
from tests.support.steps import ANN, approved
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
SCHEMA = Path(settings.BASE_DIR) / "docs" / "portability.schema.json"


def pack(request: PrivacyRequest) -> dict[str, Any]:
    return dict(json.loads(archive_of(request).read("portability/portability.json")))


def taken(world: World, *rights: str) -> PrivacyRequest:
    world.add_person(ANN)
    life = approved(world, "portability", *rights)
    assert life.request.status == "completed", life.problems
    return life.request


@pytest.mark.acceptance("RIGHT-X06")
def test_the_published_schema_is_the_one_that_packs_are_made_by() -> None:
    published = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert published == schema()
    Draft202012Validator.check_schema(published)


@pytest.mark.acceptance("RIGHT-X06")
def test_a_real_pack_fits_the_schema_and_a_broken_one_does_not(world: World) -> None:
    made = pack(taken(world))
    check = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    check.validate(made)
    del made["collections"]["profiles"][0]["email"]
    assert not check.is_valid(made)


@pytest.mark.acceptance("RIGHT-X07")
def test_it_has_what_the_person_gave_and_what_was_observed(world: World) -> None:
    made = pack(taken(world))["collections"]
    emails = {each["email"] for each in made["profiles"]}
    assert emails == {ANN}
    assert {each["system"] for each in made["profiles"]} >= {"database", "stripe", "supabase_auth"}
    assert len(made["calls"]) == 3
    assert all("Ann Example" in each["prompt"] for each in made["prompts"])
    assert made["support_messages"][0]["body"] == "Where is my invoice?"
    assert made["assistant_messages"][0]["said"] == ["Where is my invoice?"]


@pytest.mark.acceptance("RIGHT-X07")
def test_it_has_nothing_that_was_derived_and_no_secret(world: World) -> None:
    request = taken(world)
    archive = archive_of(request)
    assert {name.split("/")[0] for name in archive.namelist()} == {
        "index.html",
        "manifest.json",
        "portability",
    }
    text = archive.read("portability/portability.json").decode()
    for derived in ("how can I help", "cost_usd", "latency_ms", "invoice_number", "digest"):
        assert derived not in text, derived
    assert "[withheld]" not in text


@pytest.mark.acceptance("RIGHT-X08")
def test_what_is_left_out_is_said_with_its_reason(world: World) -> None:
    request = taken(world)
    left = {each["what"]: each["why"] for each in pack(request)["left_out"]}
    assert "a law says so" in left["Invoices, as we must keep them"]
    assert "made it" in left["The answers to your prompts"]
    assert "made it" in left["What your calls cost and how long they took"]
    page = archive_of(request).read("index.html").decode()
    for what in left:
        assert what in page


@pytest.mark.acceptance("RIGHT-X08")
def test_everything_found_is_in_the_pack_or_named_as_left_out(world: World) -> None:
    request = taken(world)
    left = {each["what"] for each in pack(request)["left_out"]}
    for step in request.steps.filter(action="export"):
        for kind in step.receipt["collections"]:
            source = f"{step.connector}.{kind}"
            named = kind_name(kind) in left
            assert named or source in portability.SOURCES or source == portability.FILES, source


def test_the_lists_are_csv_too_and_the_files_come_along(world: World) -> None:
    archive = archive_of(taken(world))
    rows = list(csv.DictReader(io.StringIO(archive.read("portability/calls.csv").decode())))
    assert [row["model"] for row in rows] == ["claude-sonnet"] * 3
    [path] = json.loads(archive.read("portability/portability.json"))["files"]
    assert archive.read(path) == b"Ann Example"


@pytest.mark.acceptance("RIGHT-X07")
def test_with_a_copy_beside_it_both_are_whole(world: World) -> None:
    request = taken(world, "access")
    names = archive_of(request).namelist()
    assert "portability/portability.json" in names
    assert "database/account.json" in names


def test_every_source_is_a_kind_that_a_system_can_have() -> None:
    ours = {row.collection for row in SUBJECT_ROWS}
    for row in PORTABLE:
        system, kind = row.source.split(".")
        assert system in {"database", *connectors(), "openai", "chatbase", "resend"}, row.source
        assert system != "database" or kind in ours, row.source
        assert set(row.fields) <= TYPES[row.to].keys(), row.source
