"""The worked example beside the other systems, in whole requests."""

from pathlib import Path
from typing import Any

import pytest

from privacy.connectors import registry
from privacy.connectors.base import Action, Connector, Discovery, Outcome, Residue, Subject, Task
from privacy.services import review
from tests.contract.test_example_connector import example
from tests.support.lives import pump_once, staff
from tests.support.restrictions import announce, restricted
from tests.support.steps import ANN, approved
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])


@pytest.fixture
def newsletter(world: World, tmp_path: Path) -> Any:
    """Ann reads it, and so does somebody with an address like hers."""
    made = example(tmp_path)
    for email in (ANN, "ann_lee@example.org"):
        made._run("INSERT INTO subscriber VALUES (?, ?, 0)", email, "Ann Lee")
    world.add_person(ANN)
    with registry.use(*world.connectors(), made):
        yield made


def subscribers(newsletter: Any) -> list[tuple[str, str, int]]:
    return list(newsletter._run("SELECT * FROM subscriber ORDER BY email"))


@pytest.mark.acceptance("PROC-52")
def test_an_added_system_is_searched_erased_and_looked_at_again(
    world: World, newsletter: Any
) -> None:
    life = approved(world, "access", "erasure")
    assert life.request.status == "completed", life.problems
    assert subscribers(newsletter) == [("ann_lee@example.org", "Ann Lee", 0)]
    part = life.request.steps.get(connector="newsletter", action="export").receipt
    assert part["collections"]["subscriber"][2] == 1
    assert life.request.steps.get(connector="newsletter", action="verify").state == "done"


@pytest.mark.acceptance("PROC-52")
def test_an_added_system_restricts_lifts_and_corrects(world: World, newsletter: Any) -> None:
    before = subscribers(newsletter)
    life = restricted(world)
    assert subscribers(newsletter)[0][2] == 1
    announce(life)
    pump_once()
    assert subscribers(newsletter) == before
    life = approved(world, "rectification")
    assert life.request.status == "completed", life.problems
    [value] = life.request.corrected.filter(connector="newsletter")
    assert (value.read("old"), value.read("new")) == ("Ann Lee", "Ann Newname")


class Late(Connector):
    """A system whose last part waits, and which leaves something to people then."""

    name = "openai"
    title = "Late"
    freezes = False
    erasure = (
        Action("prepare", "Look again", irreversible=False),
        Action("later", "Wait, then erase", deferred=True),
    )

    def discover(self, subject: Subject) -> Discovery:
        return Discovery(found={"thing": 1}, erase={"thing": 1})

    def erase(self, task: Task) -> Outcome:
        if task.action == "prepare":
            return Outcome(receipt=self.rediscover(task).as_json())
        return Outcome()

    def verify(self, subject: Subject, refs: dict[str, list[str]]) -> list[Residue]:
        return [Residue("thing", 1, by_hand=True)]


def test_what_is_handed_over_late_is_waited_for_as_well(world: World) -> None:
    world.add_person(ANN)
    others = [each for each in world.connectors() if each.name != "openai"]
    with registry.use(*others, Late()):
        life = approved(world, "erasure")
        task = life.request.steps.get(connector="manual", action="openai")
        assert task.state == "parked"
        letters = life.request.steps.filter(connector="mail", action="deferred_done")
        assert letters.get().state == "blocked"
        assert life.request.status == "partly"
        review.close_by_hand(task, actor=staff("first"), reason="Not theirs.", declined=True)
        pump_once()
        assert letters.get().state == "done"
