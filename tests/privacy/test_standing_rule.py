"""The standing rule approves what nothing blocks, and never in place of a second person."""

from typing import Any

import pytest

from fluxrouter.foundation.crypto import fold_address
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.services import review, suppression
from privacy.services.closing import destroy_due_keys
from privacy.services.system import file_erasure
from tests.support.lives import pump_once, staff
from tests.support.rows import APPEALS_OVER
from tests.support.steps import ANN
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True)
BLOCKER = "active_subscription"


@pytest.fixture
def blocked(world: World) -> PrivacyRequest:
    """Filed by our own systems, and stopped by a subscription that still runs."""
    ann = world.add_person(ANN)
    refs = {
        "accounts": [str(ann.account.pk)],
        "auth_users": [str(ann.user.id)],
        "customers": [ann.customer],
    }
    request = file_erasure(ANN, refs, reason="restored")
    pump_once()
    request.refresh_from_db()
    assert rule_of(request).error == BLOCKER
    return request


def rule_of(request: PrivacyRequest) -> FulfilmentStep:
    return request.steps.get(connector="request", action="approve")


def propose(request: PrivacyRequest) -> None:
    review.propose(
        request, actor=staff("a"), typed=request.reference, reason="Fine.", accept=[BLOCKER]
    )


def test_what_one_person_proposed_is_not_approved_by_a_retry(blocked: PrivacyRequest) -> None:
    propose(blocked)
    review.retry_step(rule_of(blocked), actor=staff("a"))
    pump_once()
    blocked.refresh_from_db()
    assert blocked.status == "in_review"
    review.approve(blocked, actor=staff("b"), reason="Seen.")
    pump_once()
    blocked.refresh_from_db()
    assert blocked.status == "completed"


def test_the_rules_step_falls_when_two_people_approve(blocked: PrivacyRequest) -> None:
    propose(blocked)
    review.approve(blocked, actor=staff("b"), reason="Seen.")
    assert rule_of(blocked).state == "cancelled"
    pump_once()
    PrivacyRequest.objects.update(closed_at=blocked.received_at - APPEALS_OVER)
    assert destroy_due_keys() == {"destroyed": 1}


def test_people_who_share_a_customer_are_written_down_once(
    blocked: PrivacyRequest, settings: Any
) -> None:
    """Two accounts of one person may pay through the same customer."""
    blocked.refs["customers"] *= 2
    assert suppression.suppress(blocked) == 4
    assert len(suppression.read(settings.SUPPRESSION_FILE)) == 4


def test_an_address_is_known_again_in_any_case(blocked: PrivacyRequest) -> None:
    shouted = suppression.digest_of("email", ANN.upper())
    assert shouted == suppression.digest_of("email", fold_address(ANN))
