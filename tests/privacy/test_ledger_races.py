"""Two things at the same moment: one of them wins, and nothing hangs."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Restriction
from privacy.grounds import ACCEPTABLE
from privacy.models import FulfilmentStep, Package
from privacy.services import review, withdrawal
from privacy.services.fulfilment import ledger
from privacy.services.fulfilment import work as working
from privacy.services.fulfilment.context import context_of
from privacy.services.package import build, parts
from privacy.states import TransitionError
from tests.support.lives import pump_once, staff
from tests.support.steps import ANN, approved, at_once, reviewed, settled
from tests.support.world import Planted, World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
State = FulfilmentStep.State


@pytest.fixture
def ann(world: World, settings: Any) -> Planted:
    settings.ERASURE_GRACE = timedelta(hours=72)
    return world.add_person(ANN, "Ann Lee")


@pytest.mark.acceptance("MAIN-21")
def test_two_approvals_at_once_are_one(world: World, ann: Planted) -> None:
    life = reviewed(world, "erasure")
    review.propose(
        life.request,
        actor=staff("a"),
        typed=life.request.reference,
        reason="Fine.",
        accept=[*ACCEPTABLE],
    )
    staff_members = [staff("b"), staff("c")]
    errors = at_once(
        *(
            lambda who=who: review.approve(life.request, actor=who, reason="!")
            for who in staff_members
        )
    )
    assert [type(error) for error in errors] == [TransitionError]
    assert life.request.steps.filter(action="begin").count() == 1


@pytest.mark.acceptance("MAIN-21")
def test_who_proposed_can_not_approve(world: World, ann: Planted) -> None:
    life = reviewed(world, "erasure")
    review.propose(
        life.request,
        actor=staff("a"),
        typed=life.request.reference,
        reason="Fine.",
        accept=[*ACCEPTABLE],
    )
    with pytest.raises(review.ReviewError):
        review.approve(life.request, actor=staff("a"), reason="Me again.")
    life.refresh()
    assert life.request.status == "in_review"
    review.approve(life.request, actor=staff("b"), reason="Seen.")
    assert life.request.status == "approved"


@pytest.mark.acceptance("MAIN-22", "SEC-01")
def test_withdrawing_and_beginning_at_once_end_one_way(world: World, ann: Planted) -> None:
    for _ in range(5):
        life = approved(world, "erasure")
        life.request.steps.filter(action="begin").update(not_before=timezone.now())
        step = ledger.claim()
        assert step is not None
        assert step.key == "request:begin"
        errors = at_once(
            lambda: withdrawal.withdraw(life.request),  # noqa: B023
            lambda: working.run_step(step, context_of(step.request_id)),  # noqa: B023
        )
        life.refresh()
        if life.request.status == "fulfilling":
            assert [type(error) for error in errors] == [TransitionError]
            break
        assert life.request.status == "withdrawn"
        pump_once()
        assert not Restriction.objects.filter(lifted_at=None).exists()


@pytest.mark.acceptance("MAIN-22", "SEC-01")
def test_a_freeze_that_ends_while_its_request_is_withdrawn_is_lifted(
    world: World, ann: Planted
) -> None:
    before = settled(world, ann)
    for _ in range(5):
        life = reviewed(world, "erasure")
        life.approve()
        step = None
        while step is None or step.key != "database:freeze":
            if step:
                working.run_step(step, context_of(step.request_id))
            step = ledger.claim()
            assert step is not None
        held = step
        errors = at_once(
            lambda: withdrawal.withdraw(life.request),  # noqa: B023
            lambda: working.run_step(held, context_of(held.request_id)),  # noqa: B023
        )
        assert errors == []
        pump_once()
        stuck = life.request.steps.exclude(state__in=[State.DONE, State.CANCELLED])
        assert list(stuck) == []
        assert settled(world, ann) == before


@pytest.mark.acceptance("MAIN-35")
def test_a_package_that_was_made_is_not_made_again(world: World, ann: Planted) -> None:
    life = reviewed(world, "access")
    life.approve()
    pump_once()
    package = Package.objects.get(request=life.request)
    path = parts.folder(package.pk) / build.ARCHIVE
    content = path.read_bytes()
    step = life.request.steps.get(action="assemble")
    outcome = build.assemble(step, context_of(life.request.pk))
    assert outcome.receipt == step.receipt
    assert path.read_bytes() == content
    assert [each.name for each in parts.folder(package.pk).iterdir()] == [build.ARCHIVE]
