"""Sentences about processors that only the ledger and a connector together can keep."""

import json
import tracemalloc
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import stripe
import time_machine
from django.utils import timezone

from fluxrouter.foundation.models import TrailEvent
from privacy.connectors.base import Subject
from privacy.connectors.stripe import StripeConnector
from privacy.models import FulfilmentStep
from privacy.services.fulfilment import ledger
from privacy.services.package.parts import remove_parts, write_part
from tests.support.billing import served
from tests.support.lives import Life, pump_once
from tests.support.steps import ANN, reviewed
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
DELETE = "/v1/customers/<customer>"


class KilledError(BaseException):
    """As SIGKILL would end a worker: nothing is written down afterwards."""


def deletion(life: Life) -> FulfilmentStep:
    return life.request.steps.get(connector="stripe", action="delete_customer")


@pytest.mark.acceptance("PROC-41", "PROC-01")
def test_after_a_kill_between_call_and_outcome_the_next_worker_ends_it_once(
    world: World, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    world.add_person(ANN)
    life = reviewed(world, "erasure")
    life.approve()
    finish = ledger.finish

    def killed(step: FulfilmentStep, outcome: Any) -> None:
        if step.action == "delete_customer":
            raise KilledError
        finish(step, outcome)

    monkeypatch.setattr(ledger, "finish", killed)
    with pytest.raises(KilledError):
        pump_once()
    monkeypatch.undo()
    assert deletion(life).state == "running"
    with time_machine.travel(timezone.now() + settings.LEASE + timedelta(seconds=1)):
        pump_once()
    assert deletion(life).state == "done"
    assert served(world, "DELETE", DELETE) == [200, 404]
    done = TrailEvent.objects.filter(chain_id=life.request.pk, code="step.done")
    assert done.filter(data__step="stripe:delete_customer").count() == 1


@pytest.mark.acceptance("PROC-04", "PROC-05")
def test_too_many_requests_without_a_word_on_retrying_wait_in_the_ledger(world: World) -> None:
    world.add_person(ANN)
    world.stripe.faults.add("rate_limited", path_prefix="/v1/customers", times=10_000)
    life = reviewed(world, "access")
    step = life.request.steps.get(connector="stripe", action="discover")
    for _ in range(2 * ledger.MAX_ATTEMPTS):
        before = world.stripe.calls.total()
        with time_machine.travel(step.not_before + timedelta(milliseconds=1), tick=False):
            pump_once()
            assert world.stripe.calls.total() == before + 1
            step.refresh_from_db()
            assert (step.state, step.attempts) == ("ready", 0)
            assert step.not_before > timezone.now()


class Endless(stripe.RequestsClient):
    """Stripe with one customer and very many payments, made as they are asked for."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def request(
        self, method: str, url: str, headers: Any, post_data: Any = None, **options: Any
    ) -> tuple[Any, int, Mapping[str, str]]:
        answer: dict[str, Any] = {"object": "list", "data": [], "has_more": False}
        if "/v1/charges?" in url:
            begin = int(url.partition("starting_after=ch_")[2].partition("&")[0] or 0)
            end = min(begin + 100, self.number)
            answer["data"] = [charge(number + 1) for number in range(begin, end)]
            answer["has_more"] = end < self.number
        elif "/v1/customers/cus_1?" in url or url.endswith("/v1/customers/cus_1"):
            answer = {"id": "cus_1", "object": "customer", "email": ANN}
        return json.dumps(answer), 200, {}


def charge(number: int) -> dict[str, Any]:
    return {"id": f"ch_{number}", "object": "charge", "customer": "cus_1", "text": "x" * 500}


def exported(number: int) -> tuple[int, int]:
    """How many payments a part of a package got, and the highest memory meanwhile."""
    client = stripe.StripeClient("rk_test_any", http_client=Endless(number))
    records = StripeConnector(client, client).export(
        Subject(uuid4(), ANN, {"customers": ["cus_1"]}), {"customers": ["cus_1"]}
    )
    package = uuid4()
    tracemalloc.start()
    try:
        part = write_part(package, "stripe", bytes(32), records, attempt=1, heartbeat=lambda: None)
        return part["collections"]["charge"][2], tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        remove_parts(package)


@pytest.mark.acceptance("PROC-54")
def test_a_hundred_thousand_payments_are_exported_in_the_memory_of_ten_thousand() -> None:
    few, little = exported(10_000)
    many, much = exported(100_000)
    assert (few, many) == (10_000, 100_000)
    assert much < little * 1.2, f"{little:,} bytes grew to {much:,}"
