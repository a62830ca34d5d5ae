"""What may be approved without a person: a table, a switch, and nothing in the way."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from fluxrouter.foundation.models import TrailEvent
from privacy import auto_approval as table
from privacy.auto_approval import AUTO_APPROVAL
from privacy.models import PrivacyRequest, Question
from privacy.rights import RIGHTS, Executor, Level, Right
from privacy.services import auto_approval
from tests.support.lives import Life, pump_once, staff
from tests.support.staff import looked_up
from tests.support.steps import ANN, reviewed
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
DATABASE = ["default", "owner", "supabase"]


def codes(request: PrivacyRequest) -> list[str]:
    events = TrailEvent.objects.filter(chain_id=request.pk).order_by("seq")
    return list(events.values_list("code", flat=True))


def left(request: PrivacyRequest) -> str:
    [step] = request.steps.filter(action="auto_approve")
    return str(step.receipt.get("left_to_staff", ""))


@pytest.mark.acceptance("RIGHT-X16")
@pytest.mark.parametrize("right", ["know", "recipients"])
def test_what_shows_no_record_is_answered_without_a_person(world: World, right: str) -> None:
    world.add_person(ANN)
    life = reviewed(world, right)
    assert life.request.status == "completed", life.problems
    event = TrailEvent.objects.get(chain_id=life.request.pk, code="request.auto_approved")
    assert event.data == {"rule": f"{right}:address"}
    assert life.request.approved_by is None


@pytest.mark.acceptance("RIGHT-X16")
@pytest.mark.parametrize("right", ["access", "portability", "objection"])
def test_what_hands_out_data_waits_for_staff_unless_it_is_switched_on(
    world: World, settings: Any, right: str
) -> None:
    world.add_person(ANN)
    life = reviewed(world, right)
    assert life.request.status == "in_review"
    assert not life.request.steps.filter(action="auto_approve").exists()
    settings.AUTO_APPROVE = [right]
    second = reviewed(world, right)
    assert second.request.status == "completed", second.problems
    assert "request.auto_approved" in codes(second.request)


@pytest.mark.acceptance("RIGHT-X17")
@pytest.mark.parametrize(
    "right", sorted(right for right, row in RIGHTS.items() if row.executor in table.NEVER)
)
def test_an_erasure_or_a_correction_can_not_be_switched_on(
    world: World, settings: Any, right: str
) -> None:
    settings.AUTO_APPROVE = [right, "know"]
    world.add_person(ANN)
    assert reviewed(world, right).request.status == "in_review"
    assert reviewed(world, right, "know").request.status == "in_review"
    with pytest.raises(SystemCheckError, match=f"AUTO_APPROVE names {right}"):
        call_command("check")


@pytest.mark.acceptance("RIGHT-X17")
def test_a_row_for_an_erasure_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    assert table.mistakes(["know"]) == []
    monkeypatch.setitem(AUTO_APPROVAL, Right.ERASURE, table.AutoRow(Level.ADDRESS, "No."))
    assert any("erasure" in each for each in table.mistakes([]))
    monkeypatch.delitem(AUTO_APPROVAL, Right.ERASURE)
    weak = AUTO_APPROVAL[Right.ACCESS]._replace(level=Level.NONE)
    monkeypatch.setitem(AUTO_APPROVAL, Right.ACCESS, weak)
    assert any("more proof" in each for each in table.mistakes([]))


@pytest.mark.acceptance("RIGHT-X18")
def test_several_accounts_go_to_staff(world: World) -> None:
    world.add_person(ANN)
    planted = world.people[ANN]
    planted.account.pk = None
    planted.account.supabase_user_id = None
    planted.account.stripe_customer_id = ""
    planted.account.save(force_insert=True)
    life = reviewed(world, "know")
    assert life.request.status == "in_review"
    assert left(life.request) == "several_accounts"


@pytest.mark.acceptance("RIGHT-X18")
def test_a_blocker_that_staff_could_let_pass_goes_to_staff_all_the_same(world: World) -> None:
    world.add_person(ANN)
    world.stripe.seed([{"object": "customer", "email": ANN, "name": "Somebody"}])
    life = reviewed(world, "know")
    assert life.request.status == "in_review"
    assert left(life.request) in ("unproved_customer", "foreign_customer")


@pytest.mark.acceptance("RIGHT-X18")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"role": "agent"}, "for_another"),
        ({"role": "guardian"}, "for_another"),
        ({"is_urgent": True}, "urgent"),
        ({"round": 2}, "looked_again"),
        ({"rights": ["know", "erasure"]}, "not_switched_on"),
        ({"verified_at": None}, "not_switched_on"),
        ({}, "other_sign_in"),
    ],
)
def test_whatever_is_unusual_goes_to_staff(world: World, change: dict[str, Any], why: str) -> None:
    request = looked_up("know")
    for name, value in change.items():
        setattr(request, name, value)
    blocked: dict[str, Any] = {} if change else {"database": {"blockers": ["other_sign_in"]}}
    assert auto_approval.for_staff(request, plan_of(request, blocked)) == why


def plan_of(request: PrivacyRequest, blocked: dict[str, Any]) -> dict[str, dict[str, Any]]:
    names = request.steps.filter(action="discover").values_list("connector", flat=True)
    return {name: {"blockers": [], **blocked.get(name, {})} for name in names}


@pytest.mark.acceptance("RIGHT-X18")
def test_a_question_that_is_open_goes_to_staff(world: World) -> None:
    request = looked_up("know")
    plan = plan_of(request, {})
    assert auto_approval.for_staff(request, plan) == ""
    letter = request.steps.filter(connector="mail").first()
    assert letter is not None
    question = Question(
        request=request,
        reason="identity",
        letter=letter,
        author=staff("first"),
        made_at=request.received_at,
    )
    question.write("text", "Who are you?")
    question.save()
    assert auto_approval.for_staff(request, plan) == "question"


@pytest.mark.acceptance("RIGHT-X16")
def test_who_looks_first_is_not_overtaken_by_the_table(world: World) -> None:
    world.add_person(ANN)
    life = Life.begin(world, ANN, "know")
    pump_once()
    life.confirm()
    life.refresh()
    assert life.request.steps.get(action="auto_approve").state == "blocked"
    PrivacyRequest.objects.filter(pk=life.request.pk).update(proposed_by=staff("first"))
    pump_once()
    life.refresh()
    assert life.request.status == "in_review"
    assert left(life.request) == "moved_on"


def test_every_row_says_why_and_is_approved_by_one() -> None:
    for right, row in AUTO_APPROVAL.items():
        assert row.why
        assert RIGHTS[right].approvers == 1
        assert RIGHTS[right].executor is not Executor.ERASE
