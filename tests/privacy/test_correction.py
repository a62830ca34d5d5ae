"""A correction through its whole life: entered, approved, written everywhere, told."""

import json
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Account
from fluxrouter.foundation.models import TrailEvent
from privacy.connectors.base import Outcome
from privacy.connectors.registry import connectors
from privacy.models import CorrectedValue, ManualTask
from privacy.services import review
from privacy.services.closing import destroy_due_keys
from privacy.services.correction_entry import enter_correction
from privacy.services.evidence import add_evidence
from privacy.services.review import ReviewError
from privacy.states import TransitionError
from tests.support import tasks
from tests.support.lives import Life, pump_once, staff
from tests.support.rows import APPEALS_OVER
from tests.support.steps import ANN, reviewed
from tests.support.world import Planted, World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("PROC-43"),
]
NAME = {"full_name": "Anna Lehmann"}
ADDRESS = {"email": "anna.lehmann@example.org"}


@pytest.fixture(autouse=True)
def ann(world: World) -> Planted:
    return world.add_person(ANN)


def entered(world: World, **patch: str) -> Life:
    life = reviewed(world, "rectification")
    enter_correction(life.request, actor=staff("first"), patch=patch)
    return life


def names(world: World) -> set[str]:
    """The person's name in every system that has a field for it."""
    planted = world.people[ANN]
    ours = Account.objects.get(pk=planted.account.pk).full_name
    with world.connect() as connection:
        rows = connection.execute(
            "SELECT raw_user_meta_data ->> 'full_name' FROM auth.users WHERE id = %s",
            [planted.user.id],
        ).fetchall()
    return {ours, rows[0][0], world.stripe.find("customer", planted.customer)["name"]}


def corrected(world: World) -> str:
    """The newest letter on the result. One on the end of the restriction follows it."""
    found = [each.text for each in world.letters(ANN) if each.subject == "Your data is corrected"]
    return str(found[0])


def test_a_correction_is_written_in_every_system_and_the_person_is_told(world: World) -> None:
    life = entered(world, **NAME)
    life.approve()
    pump_once()
    life.refresh()
    assert life.request.status == "completed", life.problems
    assert names(world) == {"Anna Lehmann"}
    letter = corrected(world)
    assert "We have corrected your data" in letter
    for connector in connectors().values():
        writes = "full_name" in connector.corrects
        assert (f"- {connector.title}: " in letter) is writes, connector.title
    assert "Lehmann" not in letter


def test_what_stood_there_is_kept_sealed_and_no_trace_names_it(world: World, ann: Planted) -> None:
    old = ann.account.full_name
    life = entered(world, **NAME)
    life.approve()
    pump_once()
    values = list(CorrectedValue.objects.filter(request=life.request, field="full_name"))
    assert {value.read("old") for value in values} >= {old}
    assert {value.read("new") for value in values} == {"Anna Lehmann"}
    assert all(value.applied_at for value in values)
    steps = life.request.steps.values("receipt", "cursor", "error", "object")
    events = TrailEvent.objects.values_list("data", flat=True)
    written = json.dumps([*steps, *events], default=str)
    assert "Lehmann" not in written
    assert old not in written


def test_a_system_that_refuses_is_seen_beside_the_others_and_retried(world: World) -> None:
    world.add_person(ADDRESS["email"], "Ann Other")
    life = entered(world, **ADDRESS, **NAME)
    life.approve()
    pump_once()
    life.refresh()
    states = dict(life.request.steps.filter(action="correct").values_list("connector", "state"))
    assert states.pop("supabase_auth") == "parked"
    assert set(states.values()) == {"done"}
    step = life.request.steps.get(connector="supabase_auth", action="correct")
    assert step.error == "already_taken"
    assert life.request.status == "fulfilling"
    free_at_auth(world)
    review.retry_step(step, actor=staff("first"))
    pump_once()
    assert names(world) == {"Anna Lehmann"}
    close_tasks(life)
    assert life.request.status == "completed", life.problems


def free_at_auth(world: World) -> None:
    """Nobody signs in with the new address any more."""
    with world.connect() as connection:
        connection.execute("DELETE FROM auth.users WHERE email = %s", [ADDRESS["email"]])


def close_tasks(life: Life, **options: bool) -> None:
    """Staff did at a processor what it has no call for."""
    for task in ManualTask.objects.filter(step__request=life.request):
        add_evidence(task, tasks.pdf(), actor=staff("first"))
        review.close_by_hand(task.step, actor=staff("first"), reason="No such call.", **options)
    pump_once()
    life.refresh()


@pytest.mark.parametrize("declined", [True, False])
def test_what_a_system_has_no_call_for_is_told_once_staff_have_been_there(
    world: World, declined: bool
) -> None:
    world.add_person(ADDRESS["email"], "Ann Other")  # Resend takes no address twice
    free_at_auth(world)
    life = entered(world, **ADDRESS)
    life.approve()
    pump_once()
    value = CorrectedValue.objects.get(request=life.request, connector="resend", field="email")
    assert value.applied_at is None
    assert life.request.steps.get(action="corrected").state == "blocked"
    close_tasks(life, declined=declined)
    assert life.request.status == ("partly" if declined else "completed"), life.problems
    letter = corrected(world)
    assert "- Resend (mail): E-mail address" in letter
    assert ("Why: No such call." in letter) is declined


def test_a_system_that_says_yes_and_does_nothing_is_for_a_person(
    world: World, monkeypatch: Any
) -> None:
    life = entered(world, **NAME)
    life.approve()
    connector = type(connectors()["database"])
    monkeypatch.setattr(connector, "correct", lambda self, task: Outcome())
    pump_once()
    step = life.request.steps.get(connector="database", action="correct")
    assert (step.state, step.error) == ("parked", "not_written")


def test_old_values_survive_an_attempt_that_broke_off(world: World, ann: Planted) -> None:
    life = entered(world, **NAME)
    life.approve()
    world.auth.faults.add("reply_lost", method="PUT")  # written, and nobody heard
    pump_once()
    values = CorrectedValue.objects.filter(request=life.request, connector="supabase_auth")
    assert [value.read("old") for value in values] == [ann.account.full_name]
    step = life.request.steps.get(connector="supabase_auth", action="correct")
    assert (step.state, step.fence) == ("done", 2)


def test_what_no_system_has_a_field_for_waits_for_staff(world: World) -> None:
    life = entered(world, other="The note of 3 May says Berlin; it was Bonn.")
    life.approve()
    pump_once()
    step = life.request.steps.get(connector="manual")
    assert (step.action, step.state, step.error) == ("rectification", "parked", "by_hand")
    review.close_by_hand(step, actor=staff("first"), reason="Changed.")
    pump_once()
    life.refresh()
    assert life.request.status == "completed", life.problems
    assert "By hand: Something else" in corrected(world)


def test_what_staff_decline_is_told_with_its_reason(world: World) -> None:
    life = entered(world, other="My age is wrong.", **NAME)
    life.approve()
    pump_once()
    step = life.request.steps.get(connector="manual")
    review.close_by_hand(step, actor=staff("first"), reason="We hold no age.", declined=True)
    pump_once()
    life.refresh()
    assert life.request.status == "partly", life.problems
    letter = corrected(world)
    assert "This we could not correct" in letter
    assert "We hold no age." in letter


def test_nobody_can_propose_a_correction_that_nobody_entered(world: World) -> None:
    request = reviewed(world, "rectification").request
    with pytest.raises(ReviewError, match="Enter the correction first"):
        review.propose(request, actor=staff("first"), typed=request.reference, reason="Fine.")


@pytest.mark.parametrize(("patch", "approvers"), [(NAME, 1), (ADDRESS, 2), (NAME | ADDRESS, 2)])
def test_a_new_address_needs_two_people(
    world: World, patch: dict[str, str], approvers: int
) -> None:
    life = entered(world, **patch)
    review.propose(
        life.request, actor=staff("first"), typed=life.request.reference, reason="Proved."
    )
    assert life.request.status == ("approved" if approvers == 1 else "in_review")
    if approvers == 2:
        with pytest.raises(ReviewError, match="Another person"):
            review.approve(life.request, actor=staff("first"), reason="Me again.")
        review.approve(life.request, actor=staff("second"), reason="Seen.")
        assert life.request.status == "approved"


def test_what_was_proposed_is_what_is_written(world: World) -> None:
    life = entered(world, **ADDRESS)
    review.propose(life.request, actor=staff("first"), typed=life.request.reference, reason="Ok.")
    with pytest.raises(ReviewError, match="proposed already"):
        enter_correction(life.request, actor=staff("first"), patch={"email": "e@example.org"})
    review.look_again(life.request, actor=staff("first"))
    enter_correction(life.request, actor=staff("first"), patch=NAME)


@pytest.mark.parametrize("patch", [{}, {"country": "Germany"}, {"email": "no address"}])
def test_what_can_not_be_right_is_not_kept(world: World, patch: dict[str, str]) -> None:
    life = reviewed(world, "rectification")
    with pytest.raises(ReviewError):
        enter_correction(life.request, actor=staff("first"), patch=patch)
    life.refresh()
    assert life.request.corrections is None


def test_a_field_that_no_system_has_is_for_hands(world: World, monkeypatch: Any) -> None:
    for connector in connectors().values():
        monkeypatch.setattr(type(connector), "corrects", connector.corrects - {"street"})
    life = reviewed(world, "rectification")
    with pytest.raises(ReviewError):
        enter_correction(life.request, actor=staff("first"), patch={"street": "1 Road"})


def test_only_a_correction_in_review_can_be_entered(world: World) -> None:
    access = reviewed(world, "access")
    with pytest.raises(ReviewError, match="Nobody asked"):
        enter_correction(access.request, actor=staff("first"), patch=NAME)
    life = entered(world, **NAME)
    life.approve()
    with pytest.raises(TransitionError):
        enter_correction(life.request, actor=staff("first"), patch=NAME)


def test_the_trail_names_the_fields_and_no_value(world: World) -> None:
    life = entered(world, **NAME, **ADDRESS)
    event = TrailEvent.objects.get(chain_id=life.request.pk, code="request.correction_entered")
    assert event.data == {"fields": ["email", "full_name"]}
    assert event.actor == str(staff("first").pk)


@pytest.mark.acceptance("MAIN-42")
def test_the_values_go_with_the_key(world: World) -> None:
    life = entered(world, **NAME)
    life.approve()
    pump_once()
    with time_machine.travel(timezone.now() + APPEALS_OVER):
        assert destroy_due_keys() == {"destroyed": 1}
    life.refresh()
    assert life.request.corrections is None
    sealed = life.request.corrected.values_list("old", "new")
    assert set(sealed) == {(None, None)}
