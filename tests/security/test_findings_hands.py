"""What is closed by hand is shown to be done; what a processor says is kept as a code."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from privacy.connectors.errors import NeedsHumanError
from privacy.connectors.stripe.redact import Redaction
from privacy.models import ManualTask
from privacy.services import review
from privacy.services.review import ReviewError
from tests.support.billing import add_customer, life_of
from tests.support.lives import pump_once, staff
from tests.support.redaction import Step
from tests.support.staff import do_url, looked_up, member, parked, signed_in
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_task_that_never_came_to_be_is_not_closed_without_a_file() -> None:
    """Its step was parked for another reason, so that no file could be added to it."""
    step = parked(looked_up("erasure"), "manual:stripe", "too_many_attempts")
    with pytest.raises(ReviewError, match="No file shows"):
        review.close_by_hand(step, actor=staff("hanna"), reason="Done.")
    retry = signed_in(member("Handler")).post(do_url(step.request, "retry", step))
    assert retry.status_code == 302
    pump_once()
    step.refresh_from_db()
    assert (step.state, step.error) == ("parked", "by_hand")
    assert ManualTask.objects.get().step_id == step.pk
    again = signed_in(member("Handler", "second")).post(do_url(step.request, "retry", step))
    assert again.status_code == 409


@pytest.mark.parametrize("said", ["ann@example.org is disputed", "x" * 61])
def test_a_failed_redaction_tells_codes_and_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    call = Redaction.call

    def answer(redaction: Redaction, method: str, path: str, **given: Any) -> Any:
        found = call(redaction, method, path, **given)
        if not path.endswith("/validation_errors"):
            return found
        return {"data": [{**error, "code": said} for error in found["data"]]}

    monkeypatch.setattr(Redaction, "call", answer)
    customer = add_customer(world)
    long_ago = int((timezone.now() - timedelta(days=200)).timestamp())
    details = {"name": "Ann Lee"}
    world.stripe.add("charge", created=long_ago, customer=customer, billing_details=details)
    world.stripe.forced_errors.append("invalid_state")
    step = Step(life_of(world, customer))
    with pytest.raises(NeedsHumanError) as stop:
        step.until_done()
    assert stop.value.found == {"codes": ["strange_code"]}
