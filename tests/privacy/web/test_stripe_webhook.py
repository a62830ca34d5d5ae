"""What Stripe tells us unasked: signed, kept by its head only, and never needed."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from fluxrouter.sandbox.stripe import WEBHOOK_SECRET, StripeSandbox
from fluxrouter.sandbox.stripe.webhooks import Delivery
from privacy.models import FulfilmentStep, ProcessorEvent
from privacy.web.views.stripe_webhook import LONGEST
from tests.support.steps import add_step, bare_request

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance("PROC-20", "PROC-21", "PROC-22")]
URL = "/webhooks/stripe/"
CUSTOMER = "cus_Waiting1"


@pytest.fixture(autouse=True)
def secret(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET


@pytest.fixture
def sandbox(stripe_sandbox: StripeSandbox) -> StripeSandbox:
    return stripe_sandbox


def event_of(sandbox: StripeSandbox, kind: str = "customer.deleted", about: str = CUSTOMER) -> Any:
    customer = {"id": about, "object": "customer", "email": "ann@example.org"}
    return sandbox.add("event", type=kind, data={"object": customer})


def deliver(delivery: Delivery) -> int:
    body, signature = delivery
    answer = Client(enforce_csrf_checks=True).post(
        URL, body, content_type="application/json", headers={"Stripe-Signature": signature}
    )
    return answer.status_code


def waiting_step(identifier: str, **changes: Any) -> FulfilmentStep:
    step = add_step(bare_request(), connector="stripe", action="redact")
    later = timezone.now() + timedelta(days=30)
    values = {"not_before": later, "cursor": {"jobs": [{"id": identifier}]}, **changes}
    FulfilmentStep.objects.filter(pk=step.pk).update(**values)
    return step


def is_due(step: FulfilmentStep) -> bool:
    step.refresh_from_db()
    return step.not_before <= timezone.now()


def test_an_event_makes_the_step_that_waits_for_it_due(sandbox: StripeSandbox) -> None:
    step, other = waiting_step("prj_1"), waiting_step("prj_12")
    event = event_of(sandbox, "privacy.redaction_job.succeeded", "prj_1")
    assert deliver(sandbox.webhook(event, WEBHOOK_SECRET)) == 200
    assert is_due(step)
    assert not is_due(other)


def test_a_step_whose_object_it_names_is_due_too(sandbox: StripeSandbox) -> None:
    step = waiting_step("prj_1", object=CUSTOMER, cursor={})
    deliver(sandbox.webhook(event_of(sandbox), WEBHOOK_SECRET))
    assert is_due(step)


@pytest.mark.parametrize("state", ["running", "parked", "blocked", "done"])
def test_only_steps_that_wait_are_hurried(sandbox: StripeSandbox, state: str) -> None:
    step = waiting_step("prj_1", object=CUSTOMER, state=state)
    deliver(sandbox.webhook(event_of(sandbox), WEBHOOK_SECRET))
    assert not is_due(step)


def test_only_the_head_of_an_event_is_kept(sandbox: StripeSandbox) -> None:
    event = event_of(sandbox)
    deliver(sandbox.webhook(event, WEBHOOK_SECRET))
    row = ProcessorEvent.objects.values("processor", "event_id", "kind", "object_id").get()
    assert row == {
        "processor": "stripe",
        "event_id": event["id"],
        "kind": "customer.deleted",
        "object_id": CUSTOMER,
    }


def test_the_same_event_again_changes_nothing(sandbox: StripeSandbox) -> None:
    delivery = sandbox.webhook(event_of(sandbox), WEBHOOK_SECRET)
    assert [deliver(delivery) for _ in range(3)] == [200, 200, 200]
    assert ProcessorEvent.objects.count() == 1


def test_events_may_come_in_any_order(sandbox: StripeSandbox) -> None:
    step = waiting_step("prj_1")
    kinds = ("succeeded", "ready", "created")
    for kind in kinds:
        event = event_of(sandbox, f"privacy.redaction_job.{kind}", "prj_1")
        assert deliver(sandbox.webhook(event, WEBHOOK_SECRET)) == 200
    assert is_due(step)
    assert ProcessorEvent.objects.count() == len(kinds)


def test_an_altered_body_is_refused_and_nothing_is_kept(sandbox: StripeSandbox) -> None:
    step = waiting_step("prj_1", object=CUSTOMER)
    body, signature = sandbox.webhook(event_of(sandbox), WEBHOOK_SECRET)
    assert deliver((body.replace(b"deleted", b"updated"), signature)) == 400
    assert not ProcessorEvent.objects.exists()
    assert not is_due(step)


def test_an_old_signature_is_refused(sandbox: StripeSandbox) -> None:
    event = event_of(sandbox)
    with time_machine.travel(timezone.now(), tick=False):
        now = int(timezone.now().timestamp())
        old = sandbox.webhook(event, WEBHOOK_SECRET, timestamp=now - 301)
        assert deliver(old) == 400
        assert not ProcessorEvent.objects.exists()
        recent = sandbox.webhook(event, WEBHOOK_SECRET, timestamp=now - 299)
        assert deliver(recent) == 200


@pytest.mark.parametrize("signature", ["", "t=1,v1=00", "nonsense", "t=x,v1=y"])
def test_a_missing_or_strange_signature_is_refused(sandbox: StripeSandbox, signature: str) -> None:
    body, _ = sandbox.webhook(event_of(sandbox), WEBHOOK_SECRET)
    assert deliver((body, signature)) == 400
    assert not ProcessorEvent.objects.exists()


def test_another_secret_is_refused(sandbox: StripeSandbox) -> None:
    assert deliver(sandbox.webhook(event_of(sandbox), "whsec_other")) == 400


def test_signed_nonsense_is_refused(sandbox: StripeSandbox) -> None:
    for nonsense in ({"object": "event"}, {"object": "event", "id": "evt_1", "type": "x"}):
        assert deliver(sandbox.webhook(nonsense, WEBHOOK_SECRET)) == 400
    assert not ProcessorEvent.objects.exists()


def test_a_body_that_is_too_large_is_refused(sandbox: StripeSandbox) -> None:
    event = event_of(sandbox)
    large = {**event, "data": {"object": {"id": CUSTOMER, "text": "x" * LONGEST}}}
    assert deliver(sandbox.webhook(large, WEBHOOK_SECRET)) == 413


def test_an_event_larger_than_a_form_may_be_is_taken_in(sandbox: StripeSandbox) -> None:
    event = event_of(sandbox)
    large = {**event, "data": {"object": {"id": CUSTOMER, "text": "x" * 100_000}}}
    assert deliver(sandbox.webhook(large, WEBHOOK_SECRET)) == 200


def test_without_a_secret_there_is_no_such_page(sandbox: StripeSandbox, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRET = ""
    assert deliver(sandbox.webhook(event_of(sandbox), "")) == 404


def test_it_is_for_posts_only() -> None:
    assert Client().get(URL).status_code == 405
