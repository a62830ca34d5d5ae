"""What has to wait by law: told with its day, seen by staff, closed with its own letter."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from privacy.connectors import registry
from privacy.letters.parts import Waiting
from privacy.models import FulfilmentStep, ManualTask
from privacy.selectors.systems import erasure_finished_at
from privacy.selectors.waiting import NOT_SOONER, deferred, deferred_keys, expiring, finished
from privacy.services import review
from privacy.services.closing import destroy_due_keys
from privacy.services.evidence import add_evidence
from privacy.services.watch import watch_requests
from tests.support import staff as pages
from tests.support import tasks
from tests.support.lives import Life, pump_once, staff
from tests.support.steps import ANN, reviewed
from tests.support.vault import EARLIEST, Shelf, Vault
from tests.support.visitor import Visitor, link
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
APPROVED_ON = EARLIEST - timedelta(days=90)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(APPROVED_ON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def vault(world: World, clock: Any) -> Iterator[None]:
    with registry.use(Vault(), Shelf()):
        yield


def erased(world: World, *chosen: str) -> Life:
    """Everything that can be erased now is; a task at a processor without a connector is done."""
    life = reviewed(world, "erasure")
    request = life.request
    typed = request.reference
    review.propose(
        request, actor=staff("a"), typed=typed, reason="Fine.", chosen=["vault:redact", *chosen]
    )
    review.approve(request, actor=staff("b"), reason="Seen.")
    pump_once()
    for task in ManualTask.objects.filter(step__request=request):
        add_evidence(task, tasks.pdf(), actor=staff("a"))
        review.close_by_hand(task.step, actor=staff("a"), reason="Gone.")
    pump_once()
    life.refresh()
    return life


def test_the_request_is_closed_in_part_and_says_what_waits_until_when(world: World) -> None:
    life = erased(world)
    assert life.request.status == "partly", life.problems
    assert deferred_keys(life.request) == {"vault:redact", "vault:verify", "manual:vault"}
    part = Waiting("Vault", "Have Vault redact what it keeps", NOT_SOONER, EARLIEST.date())
    assert deferred(life.request) == [part]
    letter = " ".join(world.letters(ANN)[0].text.split())
    assert "Vault: Have Vault redact what it keeps" in letter
    assert "We erase it on 22 February 2027." in letter


def test_staff_and_the_person_read_it_on_their_pages(world: World) -> None:
    life = erased(world)
    client = pages.signed_in(pages.member("Viewer"))
    page = " ".join(client.get(pages.page_url(life.request)).text.split())
    assert "Have Vault redact what it keeps. Not before 22 February 2027." in page
    assert "What is still to come" in page
    status = link(life.request, "status")
    said = "Vault Have Vault redact what it keeps: not before 22 February 2027."
    assert said in Visitor().get(status).text
    assert erasure_finished_at(life.request) is not None
    certificate = Visitor().get(f"{status}certificate/").text
    assert said in certificate
    assert "Vault Erased, but for what still has to wait. We look here once more" in certificate


def test_when_its_day_has_come_the_rest_goes_and_a_letter_says_so(
    world: World, clock: Any
) -> None:
    life = erased(world)
    clock.move_to(EARLIEST + timedelta(hours=1))
    pump_once()
    life.refresh()
    assert life.request.status == "completed", life.problems
    assert deferred(life.request) == []
    assert [(part.system, part.on) for part in finished(life.request)] == [
        ("Vault", EARLIEST.date())
    ]
    letter = " ".join(world.letters(ANN)[0].text.split())
    assert "Now we have erased that too" in letter
    assert "Erased on 22 February 2027." in letter


def test_a_closed_request_that_waits_keeps_its_key_and_raises_no_alarm(
    world: World, clock: Any
) -> None:
    erased(world)
    clock.move_to(APPROVED_ON + timedelta(days=70))
    pump_once()
    assert destroy_due_keys() == {"destroyed": 0}
    assert not any(watch_requests().values())
    clock.move_to(EARLIEST + timedelta(hours=1))
    pump_once()
    clock.move_to(EARLIEST + timedelta(days=62))
    assert destroy_due_keys() == {"destroyed": 1}


def test_what_a_processor_drops_by_itself_is_listed_with_its_day(world: World) -> None:
    life = erased(world)
    assert expiring(life.request) == []  # none of the person's calls went to a provider
    FulfilmentStep.objects.create(
        request=life.request,
        connector="expiry",
        action="openai",
        position=90,
        state="ready",
        not_before=APPROVED_ON + timedelta(days=30),
    )
    [part] = expiring(life.request)
    assert (part.system, part.what) == ("OpenAI", "Logs against abuse")
    assert part.until == (APPROVED_ON + timedelta(days=30)).date()
