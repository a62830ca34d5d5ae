"""Decisions and surprises in the middle of a request's life."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Account, ApiKey, SupportMessage
from privacy.models import FulfilmentStep
from privacy.services import review, withdrawal
from privacy.services.fulfilment import request_steps
from privacy.services.fulfilment.context import context_of
from retention.services.holds import place_hold, release_hold
from tests.support.lives import Life, pump_once, staff
from tests.support.steps import ANN, approved, reviewed, settled
from tests.support.world import Planted, World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
State = FulfilmentStep.State
PAUSED = {"behavior": "keep_as_draft", "resumes_at": 2_000_000_000}


@pytest.fixture
def ann(world: World, settings: Any) -> Planted:
    settings.ERASURE_GRACE = timedelta(hours=72)
    return world.add_person(ANN, "Ann Lee")


def end_grace(life: Life) -> None:
    life.request.steps.filter(action="begin").update(not_before=timezone.now())
    pump_once()
    life.refresh()


def parked(life: Life) -> dict[str, str]:
    rows = life.request.steps.filter(state=State.PARKED)
    return {step.key: step.error for step in rows}


def banned_until(world: World, person: Planted) -> Any:
    with world.connect() as connection:
        query = "SELECT banned_until FROM auth.users WHERE id = %s"
        row = connection.execute(query, [person.user.id]).fetchone()
    return row[0] if row else None


def unban(world: World, person: Planted, days: int) -> None:
    with world.connect() as connection:
        connection.execute(
            "UPDATE auth.users SET banned_until = now() + make_interval(days => %s) WHERE id = %s",
            [days, person.user.id],
        )


@pytest.mark.acceptance("MAIN-22")
def test_withdrawing_in_the_grace_gives_back_exactly_what_was_there(
    world: World, ann: Planted
) -> None:
    earlier = timezone.now() - timedelta(days=9)
    ApiKey.objects.create(
        account=ann.account,
        prefix="fx_old",
        digest=uuid.uuid4().bytes * 2,
        created_at=earlier,
        revoked_at=earlier,
    )
    world.stripe.add("subscription", customer=ann.customer, pause_collection=PAUSED)
    unban(world, ann, days=30)
    before, ban = settled(world, ann), banned_until(world, ann)
    life = approved(world, "erasure")
    assert settled(world, ann) != before
    assert banned_until(world, ann) > ban + timedelta(days=9999)
    withdrawal.withdraw(life.request)
    pump_once()
    assert settled(world, ann) == before
    assert abs(banned_until(world, ann) - ban) < timedelta(seconds=3)
    assert life.request.status == "withdrawn"
    assert not parked(life)


@pytest.mark.acceptance("MAIN-22")
def test_a_freeze_that_a_full_processor_cut_in_half_is_undone_as_well(
    world: World, ann: Planted
) -> None:
    """One subscription is paused, then 429 asks for a wait: no failure, but a beginning."""
    world.stripe.add("subscription", customer=ann.customer)
    before = settled(world, ann)
    life = reviewed(world, "erasure")
    life.approve()
    world.stripe.faults.add("rate_limited", method="POST", path_prefix="/v1/subscriptions", nth=2)
    pump_once()
    assert settled(world, ann)["stripe"] != before["stripe"]
    withdrawal.withdraw(life.request)
    FulfilmentStep.objects.filter(state=State.READY).update(not_before=timezone.now())
    pump_once()
    assert settled(world, ann) == before


@pytest.mark.acceptance("MAIN-22")
def test_two_erasures_of_one_person_do_not_freeze_on_top_of_each_other(
    world: World, ann: Planted
) -> None:
    """The second would note the first one's ban as “what was there before”."""
    before = settled(world, ann)
    first, second = reviewed(world, "erasure"), reviewed(world, "erasure")
    first.approve()
    pump_once()
    with pytest.raises(review.ReviewError):
        second.approve()
    withdrawal.withdraw(first.request)
    pump_once()
    assert settled(world, ann) == before
    assert banned_until(world, ann) is None
    second.approve()
    pump_once()
    withdrawal.withdraw(second.request)
    pump_once()
    assert settled(world, ann) == before
    assert banned_until(world, ann) is None


@pytest.mark.acceptance("MAIN-25", "SEC-06")
def test_a_hold_in_the_grace_stops_the_beginning(world: World, ann: Planted) -> None:
    life = approved(world, "erasure")
    hold = place_hold(
        ann.account.pk,
        ground="claim",
        citation="Case 1",
        review_on=timezone.now().date() + timedelta(days=1),
        actor=staff("first"),
    )
    end_grace(life)
    assert parked(life) == {"request:begin": "legal_hold"}
    assert Account.objects.filter(pk=ann.account.pk).exists()
    release_hold(hold, actor=staff("second"), reason="settled")
    review.retry_step(life.request.steps.get(action="begin"), actor=staff("first"))
    pump_once()
    life.refresh()
    assert life.request.status == "completed", life.problems


@pytest.mark.acceptance("MAIN-25", "SEC-06")
def test_a_hold_after_the_beginning_stops_what_is_still_to_come(
    world: World, ann: Planted
) -> None:
    life = approved(world, "erasure")
    begin = life.request.steps.get(action="begin")
    request_steps.begin(begin, context_of(life.request.pk))
    place_hold(
        ann.account.pk,
        ground="claim",
        citation="Case 1",
        review_on=timezone.now().date() + timedelta(days=1),
        actor=staff("first"),
    )
    end_grace(life)
    assert set(parked(life).values()) == {"legal_hold"}
    assert Account.objects.filter(pk=ann.account.pk).exists()
    assert world.stripe.dump()["customer"][0].get("email")


@pytest.mark.acceptance("MAIN-33")
def test_a_new_kind_since_the_approval_goes_back_to_a_person(world: World, ann: Planted) -> None:
    SupportMessage.objects.all().delete()
    life = approved(world, "erasure")
    SupportMessage.objects.create(email=ANN, subject="Hello", body="?", received_at=timezone.now())
    end_grace(life)
    assert parked(life) == {"database:prepare": "new_kind"}
    assert SupportMessage.objects.count() == 1


@pytest.mark.acceptance("MAIN-33")
def test_more_of_the_same_kind_is_erased_and_shown(world: World, ann: Planted) -> None:
    life = approved(world, "erasure")
    SupportMessage.objects.create(email=ANN, subject="Hello", body="?", received_at=timezone.now())
    world.stripe.add("subscription", customer=ann.customer)
    end_grace(life)
    assert life.request.status == "completed", life.problems
    receipts = {step.key: step.receipt for step in life.request.steps.all()}
    assert life.request.plan["database"]["found"]["supportmessage"] == 1
    assert receipts["database:prepare"]["found"]["supportmessage"] == 2
    assert receipts["database:erase_rows"]["erased"]["supportmessage"] == 2
    assert receipts["stripe:wind_down"]["wound_down"]["subscription"] == 2


@pytest.mark.acceptance("MAIN-27")
def test_a_halted_system_does_not_hold_up_the_others(world: World, ann: Planted) -> None:
    life = reviewed(world, "access")
    world.stripe.keys.clear()
    world.stripe.keys._known.clear()
    life.approve()
    pump_once()
    assert parked(life) == {"stripe:export": "no_permission"}
    done = set(life.request.steps.filter(state=State.DONE).values_list("connector", "action"))
    assert {("database", "export"), ("supabase_auth", "export")} <= done
    world.stripe.keys.clear()
    review.retry_step(
        life.request.steps.get(connector="stripe", action="export"), actor=staff("x")
    )
    pump_once()
    life.refresh()
    assert life.request.status == "completed"
