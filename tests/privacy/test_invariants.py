"""What must hold for every person: the package is whole, and an erasure leaves no trace."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Account
from fluxrouter.foundation.keystore import KeyGoneError, keystore
from privacy.models import PrivacyRequest
from privacy.services.fulfilment.plan import blockers, current_plan
from privacy.services.review import ReviewError
from privacy.words import kind_name
from tests.support import traces
from tests.support.dashboards import close_tasks, delete_by_hand
from tests.support.kept import (
    KEPT_ELSEWHERE,
    KEPT_HERE,
    WITHHELD,
    is_kept_at_stripe,
    kind_at_stripe,
)
from tests.support.lives import Life, pump_once, staff
from tests.support.markers import Marked, mark
from tests.support.markers_elsewhere import STORAGE
from tests.support.packages import package_text
from tests.support.snapshots import everything, everywhere
from tests.support.visitor import Visitor, link
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
ANN = "zq.quitte@example.org"
BOB = "ZQ_Quitte@example.org"
# What no call deletes.
BY_HAND = [
    *(f"chatbase {kind}" for kind in ("conversation", "lead", "mention")),
    "supabase unfinished_upload",
]


def grounds(request: PrivacyRequest) -> dict[str, str]:
    """What the certificate lists as kept, with its ground."""
    kept = [item for part in request.plan.values() for item in part["keep"]]
    return {item["what"]: item["ground"] for item in kept}


def run(life: Life) -> PrivacyRequest:
    """The whole life; the files that show work by hand name the person."""
    person = life.world.people[life.email]
    person.account.refresh_from_db()
    pump_once()
    life.confirm()
    pump_once()
    life.approve()
    pump_once()
    if "erasure" in life.rights:
        delete_by_hand(life.world, person)
        words = f"Deleted {person.account.full_name} <{life.email}>."
        closed = close_tasks(life.request, actor=staff("second"), shown=words)
        assert closed == BY_HAND
        pump_once()
    life.refresh()
    assert life.request.status == "completed", life.problems
    return life.request


@pytest.fixture
def people(world: World) -> tuple[Marked, Marked]:
    return mark(world, ANN, "Ann"), mark(world, BOB, "Bob")


@pytest.mark.acceptance("SEC-03", "SEC-04", "MAIN-35")
def test_a_package_holds_every_marker_but_secrets_and_nobody_elses(
    world: World, people: tuple[Marked, Marked]
) -> None:
    ann, bob = people
    before = everywhere(world, bob.person)
    text = package_text(run(Life.begin(world, ANN, "access")))
    assert set(ann.texts) - ann.found_in(text) == WITHHELD
    assert bob.found_in(text) == set()
    assert everywhere(world, bob.person) == before


@pytest.mark.acceptance("SEC-02", "SEC-04", "MAIN-38")
def test_after_an_erasure_markers_are_only_where_a_ground_keeps_them(
    world: World,
    people: tuple[Marked, Marked],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level("DEBUG")
    ann, bob = people
    before = everywhere(world, bob.person)
    request = run(Life.begin(world, ANN, "access", "erasure"))
    output = "".join(capfd.readouterr())
    left = {
        "database": ann.found_in(traces.database_dump()),
        "broker": ann.found_in(traces.broker_content()),
        "files": ann.found_in(traces.files(tmp_path)),
        "log": ann.found_in(caplog.text + output),
        **{name: ann.found_in(text) for name, text in traces.sandboxes(world).items()},
    }
    kept = {
        "stripe": {place for place in ann.texts if is_kept_at_stripe(place)},
        "mailbox": {place for place in ann.texts if place.startswith("resend.sent_mail.")},
        "database": KEPT_HERE,
    }
    kept["mailbox"] |= {"address"}
    assert left == {place: kept.get(place, set()) for place in left}
    listed = grounds(request)
    ledger = {kind for kind, ground in listed.items() if ground == "processor_ledger"}
    assert {kind_at_stripe(place) for place in left["stripe"]} <= ledger
    assert {
        kind: ground for kind, ground in listed.items() if kind not in ledger
    } == KEPT_ELSEWHERE
    page = Visitor().get(link(request, "status") + "certificate/").text
    assert [kind for kind in listed if kind_name(kind) not in page] == []
    assert everywhere(world, bob.person) == before


@pytest.mark.acceptance("SEC-02")
def test_stripes_notices_of_changes_hold_markers_for_thirty_days_and_the_certificate_says_so(
    world: World, people: tuple[Marked, Marked]
) -> None:
    """They are no part of its dump; nobody can list a person's or delete one."""
    ann, bob = people
    request = run(Life.begin(world, ANN, "erasure"))
    assert "stripe.customer.name" in ann.found_in(traces.stripe_events(world))
    assert bob.found_in(traces.stripe_events(world)) == set()
    page = Visitor().get(link(request, "status") + "certificate/").text
    assert "Notices of changes (events) : 30 days after the last change." in page
    assert "30 days after the last change" in world.letters(ANN)[0].body
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        world.stripe.step_redactions()  # it drops what is too old whenever something happens
        assert ann.found_in(traces.stripe_events(world)) == set()


@pytest.mark.acceptance("SEC-02", "MAIN-42")
def test_the_address_on_a_request_is_unreadable_without_its_key(
    world: World, people: tuple[Marked, Marked]
) -> None:
    request = run(Life.begin(world, ANN, "erasure"))
    assert request.read("email") == ANN
    keystore().destroy(request.pk)
    with pytest.raises(KeyGoneError):
        request.read("email")
    assert ANN not in traces.database_dump()


@pytest.mark.acceptance("SEC-02")
def test_the_walk_sees_what_an_erasure_leaves(world: World, people: tuple[Marked, Marked]) -> None:
    """The scan itself: before an erasure every marker is somewhere."""
    ann, _ = people
    held = [traces.database_dump(), *traces.sandboxes(world).values()]
    found = ann.found_in(" ".join(held))
    assert found == set(ann.texts)


@pytest.mark.acceptance("SEC-02")
def test_every_text_column_of_storage_is_marked_or_known_as_technical(world: World) -> None:
    with world.connect() as connection:
        for table, columns in STORAGE.items():
            rows = connection.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'storage'"
                " AND table_name = %s AND data_type IN ('text', 'jsonb', 'ARRAY')",
                [table],
            )
            assert {name for (name,) in rows} == columns.keys(), table


@pytest.mark.acceptance("SEC-04", "MAIN-33")
def test_a_customer_that_two_people_share_stops_the_erasure(
    world: World, people: tuple[Marked, Marked]
) -> None:
    ann, bob = people
    Account.objects.filter(pk=bob.person.account.pk).update(stripe_customer_id=ann.person.customer)
    before = [everything(world.stripe, one.person) for one in people]
    life = Life.begin(world, ANN, "erasure")
    pump_once()
    life.confirm()
    pump_once()
    life.refresh()
    assert blockers(current_plan(life.request)) == ["shared_customer"]
    with pytest.raises(ReviewError):
        life.approve()
    pump_once()
    assert [everything(world.stripe, one.person) for one in people] == before
