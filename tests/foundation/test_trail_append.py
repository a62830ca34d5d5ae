"""Appending to the trail: with its deed or not at all, in one statement, and codes only."""

import threading
import time
import uuid
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from fluxrouter.foundation.models import TrailChain, TrailEvent
from fluxrouter.foundation.trail import append_event
from fluxrouter.foundation.trail.append import NotACodeError
from fluxrouter.foundation.trail.verify import verify_trail
from tests.support.database import committed, rolled_back
from tests.support.trail import make_chain

WRITERS, EACH = 20, 50


@rolled_back
def test_an_event_is_one_statement() -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        before = len(queries)
        append_event(uuid.uuid4(), "request.received", channel="web")
        assert len(queries) - before == 1


@rolled_back
def test_events_stand_in_order_and_verify() -> None:
    chain = make_chain(5)
    assert list(TrailEvent.objects.filter(chain_id=chain).values_list("seq", "data__attempt")) == [
        (n + 1, n) for n in range(5)
    ]
    assert TrailChain.objects.get(pk=chain).head_seq == 5
    assert verify_trail() == []


@rolled_back
@pytest.mark.parametrize(
    "data",
    [
        {"email": "ann.lee@example.org"},
        {"note": "She called, and asked again!"},
        {"note": "Ann Lee of Berlin"},
        {"names": ["ok", "Zoë"]},
        {"names": ("Ann Lee", "ann.lee@example.org")},
        {"deep": {"er": ["ann.lee@example.org"]}},
        {"deep": {"ann.lee@example.org": 1}},
        {"line": "code\n"},
        {"long": "x" * 101},
        {"share": 0.1},
        {"when": 1e16},
        {"what": b"bytes"},
    ],
)
def test_what_is_no_code_is_refused_and_not_repeated(data: dict[str, Any]) -> None:
    with pytest.raises(NotACodeError) as raised, transaction.atomic():
        append_event(uuid.uuid4(), "request.noted", **data)
    assert "Lee" not in str(raised.value)
    assert "@" not in str(raised.value)
    assert not TrailEvent.objects.exists()


@rolled_back
@pytest.mark.parametrize(("code", "actor"), [("a b@c", "system"), ("request.x", "Ann Lee")])
def test_code_and_actor_are_codes_too(code: str, actor: str) -> None:
    with pytest.raises(NotACodeError), transaction.atomic():
        append_event(uuid.uuid4(), code, actor=actor)


@rolled_back
def test_ids_dates_counts_and_truths_pass_and_verify() -> None:
    with transaction.atomic():
        append_event(
            uuid.uuid4(),
            "step.done",
            step="stripe:delete",
            object="cus_9s6XKzkNRiz8i3",
            at="2027-03-14T09:26:53.589793+00:00",
            counts={"b": 2, "a": [1, None, True]},
        )
    assert verify_trail() == []


@committed
def test_an_event_needs_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        append_event(uuid.uuid4(), "request.received")
    assert not TrailChain.objects.exists()


@committed
def test_an_event_goes_with_its_deed() -> None:
    chain = make_chain(2)
    with suppress(RuntimeError), transaction.atomic():
        append_event(chain, "request.approved")
        raise RuntimeError
    assert TrailEvent.objects.filter(chain_id=chain).count() == 2
    make_chain(1, chain)
    assert TrailChain.objects.get(pk=chain).head_seq == 3
    assert verify_trail() == []


@committed
@pytest.mark.acceptance("MAIN-45")
def test_twenty_writers_leave_one_unbroken_chain(capsys: pytest.CaptureFixture[str]) -> None:
    chain, failures = uuid.uuid4(), []

    def write() -> None:
        try:
            for _ in range(EACH):
                with transaction.atomic():
                    append_event(chain, "step.done")
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    with capsys.disabled():
        print(f"\n{WRITERS * EACH / seconds:.0f} events/s on one chain")  # noqa: T201
    assert not failures
    places = TrailEvent.objects.filter(chain_id=chain).values_list("seq", flat=True)
    assert list(places) == list(range(1, WRITERS * EACH + 1))
    assert verify_trail() == []
