"""A redaction that an approver chose: the answer doesn't wait for it, and it isn't forgotten."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from fluxrouter.sandbox.stripe import WEBHOOK_SECRET
from privacy.grounds import ACCEPTABLE
from privacy.services import review
from tests.support.lives import Clock, Life, pump_once, staff
from tests.support.steps import ANN, reviewed
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("PROC-16", "PROC-20"),
]


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture
def life(world: World, settings: Any, clock: Clock) -> Life:
    """Approved, with a redaction chosen; the newest payment is of today."""
    settings.STRIPE_REDACTION = True
    world.add_person(ANN)
    made = reviewed(world, "erasure")
    review.propose(
        made.request,
        actor=staff("first"),
        typed=made.request.reference,
        reason="Fine.",
        accept=[*ACCEPTABLE],
        chosen=["stripe:redact"],
    )
    review.approve(made.request, actor=staff("second"), reason="Seen.")
    pump_once()
    made.refresh()
    return made


def step_of(life: Life, action: str) -> Any:
    return life.request.steps.get(connector="stripe", action=action)


def poll(clock: Clock, times: int = 12) -> None:
    for _ in range(times):
        pump_once()
        clock.forward(timedelta(minutes=6))


def charge_of(world: World) -> Any:
    return world.stripe.store.of_customer("charge", world.people[ANN].customer)[0]


def test_the_answer_comes_before_and_says_that_it_is_one_in_part(life: Life) -> None:
    assert life.request.status == "partly"
    step = step_of(life, "redact")
    assert (step.state, step.error) == ("ready", "waits_by_law")
    assert step.not_before > timezone.now() + timedelta(days=89)
    assert step_of(life, "wind_down").state == "done"


def test_the_customer_is_deleted_after_the_redaction(
    world: World, life: Life, clock: Clock
) -> None:
    customer = world.people[ANN].customer
    assert "deleted" not in (world.stripe.store.get("customer", customer) or {})
    clock.forward(timedelta(days=90, minutes=1))
    poll(clock)
    life.refresh()
    assert life.request.status == "completed", life.problems
    assert charge_of(world)["billing_details"]["name"] in (None, "[redacted]")
    assert world.stripe.redacted == {customer}
    assert (world.stripe.store.get("customer", customer) or {})["deleted"]
    assert step_of(life, "verify").state == "done"


def test_a_webhook_saves_the_wait_for_a_job(
    world: World, life: Life, clock: Clock, settings: Any
) -> None:
    settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
    clock.forward(timedelta(days=90, minutes=1))
    pump_once()
    step = step_of(life, "redact")
    assert step.error == "redaction_running"
    assert step.not_before > timezone.now()
    job = {"id": step.cursor["jobs"][0]["id"], "object": "privacy.redaction_job"}
    event = world.stripe.add("event", type="privacy.redaction_job.ready", data={"object": job})
    body, signature = world.stripe.webhook(event, WEBHOOK_SECRET)
    answer = Client().post(
        "/webhooks/stripe/",
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signature},
    )
    assert answer.status_code == 200
    assert step_of(life, "redact").not_before <= timezone.now()
