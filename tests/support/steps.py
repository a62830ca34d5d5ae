"""Steps and requests at a certain point of their life."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connections
from django.utils import timezone

from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.services import intake
from privacy.services.fulfilment import ledger
from tests.support.lives import Life, pump_once
from tests.support.snapshots import everything
from tests.support.world import Planted, World

State = FulfilmentStep.State
ANN = "ann.lee@example.org"


def bare_request() -> PrivacyRequest:
    """A request without any step."""
    answers = intake.Answers("account_holder", ["access"], "DE", ANN)
    row = intake.take_in(answers, channel="email", received_at=timezone.now(), actor="system")
    row.steps.all().delete()
    return row


def add_step(row: PrivacyRequest, action: str = "one", **fields: Any) -> FulfilmentStep:
    values: dict[str, Any] = {
        "connector": "other",
        "position": 1,
        "state": State.READY,
        "not_before": timezone.now() - timedelta(seconds=1),
        **fields,
    }
    return FulfilmentStep.objects.create(request=row, action=action, **values)


def claimed() -> FulfilmentStep:
    step = ledger.claim()
    assert step is not None
    return step


def reviewed(world: World, *rights: str) -> Life:
    life = Life.begin(world, ANN, *rights)
    pump_once()
    life.confirm()
    pump_once()
    life.refresh()
    return life


def approved(world: World, *rights: str) -> Life:
    life = reviewed(world, *rights)
    life.approve()
    pump_once()
    life.refresh()
    return life


def settled(world: World, person: Planted) -> dict[str, Any]:
    """What a freeze changes, without what any sign-in changes."""
    found = everything(world.stripe, person)
    for table in ("sessions", "refresh_tokens", "audit_log_entries", "users"):
        found["auth"].pop(table, None)
    return found


def at_once(*jobs: Callable[[], None]) -> list[Exception]:
    """Run them in threads, together; gives what they raised."""
    errors: list[Exception] = []
    together = threading.Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        together.wait()
        try:
            job()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
