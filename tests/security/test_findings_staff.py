"""Staff can't end a restriction unannounced, nor approve alone what needs somebody else."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from fluxrouter.foundation.alarms import open_alarms
from privacy.connectors.registry import connectors
from privacy.models import Drill, FulfilmentStep
from privacy.services import drill, review
from privacy.services.correction_entry import enter_correction
from privacy.services.review import ReviewError
from tests.support.lives import pump_once, staff
from tests.support.restrictions import announce, restricted, stopped
from tests.support.staff import do_url, looked_up, member, signed_in
from tests.support.steps import ANN
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True)
State = FulfilmentStep.State


@pytest.mark.parametrize("declined", [True, False])
def test_a_letter_that_staff_declined_to_deliver_announces_nothing(
    world: World, declined: bool
) -> None:
    ann = world.add_person(ANN)
    life = restricted(world)
    announce(life)
    letter = life.request.steps.get(connector="mail", action="lifting")
    FulfilmentStep.objects.filter(pk=letter.pk).update(state=State.PARKED, error="refused")
    review.close_by_hand(letter, actor=staff("hanna"), reason="No such box.", declined=declined)
    pump_once()
    gate = life.request.steps.get(connector="request", action="lift")
    if declined:
        assert (gate.state, gate.error) == ("parked", "not_told")
    assert bool(stopped(ann)) is declined


def test_a_handler_does_not_approve_alone_what_became_simpler_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address needs two; a colleague takes it off between the page's look and the proposal."""
    request = looked_up("rectification")
    enter_correction(request, actor=staff("ines"), patch={"email": "new@example.org"})
    propose = review.propose

    def a_moment_later(target: Any, **given: Any) -> None:
        enter_correction(target, actor=staff("ines"), patch={"full_name": "Ann Newname"})
        propose(target, **given)

    monkeypatch.setattr(review, "propose", a_moment_later)
    answer = signed_in(member("Handler")).post(
        do_url(request, "propose"), {"typed": request.reference, "reason": "Fine."}
    )
    assert answer.status_code == 409
    request.refresh_from_db()
    assert (request.status, request.proposed_by_id) == ("in_review", None)
    with pytest.raises(ReviewError, match="One approval is enough"):
        propose(
            request, actor=staff("hanna"), typed=request.reference, reason="F.", may_approve=False
        )


def test_a_drill_that_died_while_planting_has_failed_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stripe = connectors()["stripe"]

    def killed(subject: Any) -> Any:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(stripe, "plant", killed)
        with pytest.raises(ZeroDivisionError):
            drill.begin()
    assert drill.finish_drills() == {"finished": 0}
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert drill.finish_drills() == {"finished": 1}
    died = Drill.objects.get()
    assert died.passed is False
    assert open_alarms().get(code="drill_failed").about == str(died.pk)
