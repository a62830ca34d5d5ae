"""What staff decide: two people for an erasure, reasons, refusals, and conflicts in words."""

import json

import pytest
from django.apps import apps
from django.test import Client

from accounts.models import User
from fluxrouter.foundation.trail import SUBJECT
from privacy.services import review, withdrawal
from tests.support import staff
from tests.support.world import World

ALL = ["default", "owner", "supabase"]
pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)
REASON = {"reason": "The account is theirs."}


@pytest.fixture
def handler() -> User:
    return staff.member("Handler")


@pytest.fixture
def approver() -> User:
    return staff.member("Approver")


def row_counts() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.app_label in ("accounts", "privacy", "retention", "foundation")
    }


@pytest.mark.acceptance("UX-S14")
def test_looking_up_and_looking_at_the_plan_changes_nothing(
    world: World, run_work: staff.Work, handler: User
) -> None:
    world.add_person(staff.ANN)
    systems = json.dumps([world.stripe.dump(), world.auth.dump()], default=str)
    request = staff.reviewed(world, run_work, "erasure")
    before, asked = row_counts(), sum(world.stripe.calls.values())
    client = staff.signed_in(handler)
    assert "Erase in 9 systems" in client.get(staff.do_url(request, "propose")).text
    client.get(staff.page_url(request))
    assert row_counts() == before
    assert sum(world.stripe.calls.values()) == asked  # the page asks nobody
    assert json.dumps([world.stripe.dump(), world.auth.dump()], default=str) == systems
    request.refresh_from_db()
    assert request.plan == {}


@pytest.mark.acceptance("UX-S13")
def test_an_erasure_needs_a_typed_reference_and_then_a_different_person(
    world: World, run_work: staff.Work, handler: User, approver: User
) -> None:
    planted = world.add_person(staff.ANN)
    request = staff.reviewed(world, run_work, "erasure")
    first, second = staff.signed_in(handler), staff.signed_in(approver)
    wrong = first.post(staff.do_url(request, "propose"), {**REASON, "typed": "FR-0000-0000"})
    assert "This isn’t the reference of this request." in wrong.text
    assert REASON["reason"] in wrong.text  # what was written isn't lost
    typed = {**REASON, "typed": request.reference.lower(), "accept": "active_subscription"}
    assert first.post(staff.do_url(request, "propose"), typed).status_code == 302
    run_work()
    request.refresh_from_db()
    assert request.status == "in_review"
    confirm = second.get(staff.do_url(request, "approve")).text
    assert ">Erase in 9 systems</button>" in confirm
    assert "We must be able to show our accounts and taxes." in confirm
    assert second.post(staff.do_url(request, "approve"), REASON).status_code == 302
    run_work()
    request.refresh_from_db()
    assert request.status == "completed", list(request.steps.values_list("action", "error"))
    assert not type(planted.account).objects.filter(pk=planted.account.pk).exists()
    page = second.get(staff.page_url(request)).text
    assert "As it was approved." in page
    assert "Last look: nothing is left" in page


@pytest.mark.acceptance("MAIN-20")
def test_a_refusal_needs_a_reason_and_the_page_keeps_it(approver: User) -> None:
    request = staff.looked_up("access")
    client = staff.signed_in(approver)
    url = staff.do_url(request, "deny")
    assert "The person gets a letter with your reason" in client.get(url).text
    assert client.post(url, {"reason": "  "}).status_code == 200
    request.refresh_from_db()
    assert request.status == "in_review"
    reason = {"reason": "You are not our customer."}
    assert client.post(url, reason).status_code == 200
    assert client.post(url, {**reason, **staff.REFUSED_FOR}).status_code == 302
    request.refresh_from_db()
    assert request.status == "denied"
    assert "You are not our customer." in client.get(staff.page_url(request)).text


@pytest.mark.acceptance("MAIN-24")
def test_who_comes_second_is_told_and_overwrites_nothing(approver: User) -> None:
    request = staff.looked_up("erasure")
    client = staff.signed_in(approver)
    withdrawal.withdraw(request, actor=SUBJECT)
    answer = client.post(staff.do_url(request, "deny"), REASON)
    assert answer.status_code == 409
    assert "This request is “Withdrawn”, not being checked." in answer.text
    request.refresh_from_db()
    assert request.status == "withdrawn"


@pytest.mark.acceptance("UX-S13")
def test_a_plan_that_changed_since_the_proposal_is_not_approved(
    handler: User, approver: User
) -> None:
    request = staff.proposed_by(handler, "erasure")
    look = request.steps.get(connector="stripe", action="discover")
    look.receipt["found"] = {"customer": 1}
    look.save()
    answer = staff.signed_in(approver).post(staff.do_url(request, "approve"), REASON)
    assert answer.status_code == 409
    assert "The plan changed since it was proposed" in answer.text
    request.refresh_from_db()
    assert request.status == "in_review"


def test_looking_again_takes_a_proposal_back(handler: User) -> None:
    request = staff.proposed_by(handler, "erasure")
    client = staff.signed_in(handler)
    assert (
        "A proposal that rests on the old answers falls."
        in client.get(staff.do_url(request, "look_again")).text
    )
    client.post(staff.do_url(request, "look_again"))
    request.refresh_from_db()
    assert (request.round, request.proposed_by_id) == (2, None)
    assert "Will be asked in a moment." in client.get(staff.page_url(request)).text


def test_withdrawing_for_the_person_keeps_the_reason(handler: User) -> None:
    request = staff.looked_up("erasure")
    client = staff.signed_in(handler)
    client.post(staff.do_url(request, "withdraw"), {"reason": "They rang and took it back."})
    request.refresh_from_db()
    assert request.status == "withdrawn"
    page = client.get(staff.page_url(request)).text
    assert "They rang and took it back." in page
    assert staff.do_url(request, "withdraw") not in page


@pytest.mark.parametrize(("outcome", "declined"), [("done", False), ("declined", True)])
def test_a_step_by_hand_is_closed_as_done_or_declined_with_a_note(
    approver: User, outcome: str, declined: bool
) -> None:
    step = staff.by_hand(approver)
    client = staff.signed_in(approver)
    page = client.get(staff.page_url(step.request)).text
    url = staff.do_url(step.request, "close_step", step)
    assert url in page
    assert staff.do_url(step.request, "retry", step) not in page
    assert client.post(url, {"outcome": outcome}).status_code == 200  # no note, no closing
    assert client.post(url, {**REASON, "outcome": outcome}).status_code == 302
    step.refresh_from_db()
    assert (step.state, step.receipt) == ("done", {"declined": declined})
    assert REASON["reason"] in client.get(staff.page_url(step.request)).text
    assert client.post(url, {**REASON, "outcome": outcome}).status_code == 409


def test_a_single_approval_is_enough_for_a_copy(approver: User) -> None:
    request = staff.looked_up("access")
    client = staff.signed_in(approver)
    url = staff.do_url(request, "propose")
    assert ">Approve</a>" in client.get(staff.page_url(request)).text
    client.post(url, {**REASON, "typed": request.reference})
    request.refresh_from_db()
    assert request.status == "approved"


@pytest.mark.parametrize("path", ["nonsense/", "retry/", "propose/{step}/"])
def test_an_action_that_is_not_there_is_not_found(approver: User, path: str) -> None:
    request = staff.looked_up("access")
    step = staff.parked(request, "mail:confirmed")
    url = staff.page_url(request).replace("change/", f"do/{path.format(step=step.pk)}")
    assert staff.signed_in(approver).get(url).status_code == 404


def test_a_step_of_another_request_is_not_found(approver: User) -> None:
    other = staff.parked(staff.looked_up("access"), "mail:confirmed")
    url = staff.do_url(staff.looked_up("access"), "retry", other)
    client: Client = staff.signed_in(approver)
    assert client.post(url).status_code == 404


def test_the_service_refuses_what_the_page_would_not_offer(handler: User) -> None:
    request = staff.proposed_by(handler, "erasure")
    with pytest.raises(review.ReviewError):
        review.approve(request, actor=handler, reason="I say so twice.")
