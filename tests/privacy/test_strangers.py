"""Somebody whom no system knows: told so, without work for staff, and nobody else is touched."""

import pytest

from privacy.connectors.registry import connectors
from privacy.models import ManualTask, PrivacyRequest
from tests.support.lives import Life, pump_once
from tests.support.markers import mark
from tests.support.packages import archive_of, package_text
from tests.support.snapshots import everywhere
from tests.support.visitor import Visitor, link
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("PROC-48"),
]
STRANGER = "zq.quitt@example.org"  # all but the last letter of the other's
KNOWN = "zq.quitte@example.org"
# What a request itself leaves: its own row, and the letters about it.
OF_THE_REQUEST = {"privacyrequest", "sent_mail"}
QUIET = ("stripe", "chatbase", "models")  # letters and our own rows are elsewhere


def answered(world: World, right: str) -> PrivacyRequest:
    life = Life.begin(world, STRANGER, right)
    pump_once()
    life.confirm()
    pump_once()
    life.approve()
    pump_once()
    life.refresh()
    assert life.request.status == "completed", life.problems
    return life.request


def test_a_copy_for_a_stranger_says_system_by_system_that_nothing_is_there(world: World) -> None:
    known = mark(world, KNOWN, "Ann")
    before = everywhere(world, known.person)
    request = answered(world, "access")
    archive = archive_of(request)
    page = archive.read("index.html").decode()
    empty = [name for name, part in request.plan.items() if not part["found"]]
    assert set(empty) == connectors().keys() - {"database", "resend"}
    assert page.count("this system holds nothing about you") == len(empty)
    held = {name.split("/")[-1].removesuffix(".json") for name in archive.namelist()}
    assert {name for name in held if "." not in name} - {"manifest", "about"} == OF_THE_REQUEST
    assert known.found_in(package_text(request)) == set()
    assert everywhere(world, known.person) == before


def test_a_strangers_status_page_says_that_nothing_was_found(world: World) -> None:
    mark(world, KNOWN, "Ann")
    request = answered(world, "access")
    text = Visitor().get(link(request, "status")).text
    for name, connector in connectors().items():
        nothing = f"{connector.title} Nothing found"
        assert (nothing in text) is (name not in ("database", "resend")), name


def test_a_strangers_erasure_ends_without_a_task_and_says_that_there_was_nothing(
    world: World,
) -> None:
    known = mark(world, KNOWN, "Ann")
    before = everywhere(world, known.person)
    request = answered(world, "erasure")
    assert not ManualTask.objects.exists()
    assert not request.steps.filter(connector__in=("manual", "expiry")).exists()
    letter = world.letters(STRANGER)[0]
    assert "found no data of yours to erase" in letter.body
    kept = {item["what"] for part in request.plan.values() for item in part["keep"]}
    assert kept == OF_THE_REQUEST
    assert everywhere(world, known.person) == before
    changes = {call.method for name in QUIET for call in world.apps[name].log}
    assert changes <= {"GET"}, "nothing was written where nothing is"
