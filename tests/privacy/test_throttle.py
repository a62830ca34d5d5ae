"""Taking turns: all workers together keep to the rate, with or without Redis."""

import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import redis
import stripe
from django.conf import settings

from fluxrouter.embedded.ports import free_port
from privacy.connectors import throttle as module
from privacy.connectors.errors import RetryError
from privacy.connectors.stripe.client import ThrottledClient
from privacy.connectors.throttle import BURST, Throttle

RATE = 50.0


@pytest.fixture
def name() -> Iterator[str]:
    made = f"test-{uuid.uuid4().hex}"
    yield made
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as client:
        client.delete(f"throttle:{made}")


def a_worker(name: str, rate: float = RATE) -> Throttle:
    return Throttle(name, rate, settings.CELERY_BROKER_URL)


def away(name: str, rate: float = RATE) -> Throttle:
    return Throttle(name, rate, f"redis://127.0.0.1:{free_port()}/0")


def seconds_for(*workers: Throttle, calls: int) -> float:
    """How long these need for so many calls each, at the same time."""

    def run(worker: Throttle) -> None:
        for _ in range(calls):
            worker.wait()

    threads = [threading.Thread(target=run, args=(worker,)) for worker in workers]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - begun


def test_one_worker_keeps_to_the_rate(name: str) -> None:
    assert seconds_for(a_worker(name), calls=25) >= (25 - BURST) / RATE


def test_several_workers_keep_to_it_together(name: str) -> None:
    workers = [a_worker(name) for _ in range(3)]
    assert seconds_for(*workers, calls=10) >= (30 - BURST) / RATE


def test_others_have_their_own_turns(name: str) -> None:
    seconds_for(a_worker(name), calls=BURST)
    assert seconds_for(a_worker(f"{name}-other"), calls=BURST) < 1 / RATE + 0.1


def test_after_a_rest_some_calls_may_come_at_once(name: str) -> None:
    assert seconds_for(a_worker(name, rate=1), calls=BURST) < 0.5


def test_who_would_wait_too_long_comes_again_later(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.5)
    worker = a_worker(name, rate=1)
    seconds_for(worker, calls=BURST)
    with pytest.raises(RetryError, match="throttled") as wait:
        worker.wait()
    assert wait.value.after is not None
    assert 0.5 < wait.value.after.total_seconds() <= 1


def test_who_was_sent_away_takes_no_turn(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.5)
    worker = a_worker(name, rate=1)
    seconds_for(worker, calls=BURST)
    waits = []
    for _ in range(3):
        with pytest.raises(RetryError) as wait:
            worker.wait()
        waits.append(wait.value.after)
    assert all(each is not None and each.total_seconds() <= 1 for each in waits)


def test_a_redis_that_is_away_stops_nobody_and_the_rate_holds(name: str) -> None:
    worker = away(name)
    spent = seconds_for(worker, calls=25)
    assert (25 - BURST) / RATE <= spent < 5


def test_a_redis_that_is_away_is_not_asked_each_time(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def refuse(*args: object) -> None:
        asked.append(args)
        raise redis.ConnectionError

    worker = a_worker(name)
    monkeypatch.setattr(worker._redis, "eval", refuse)
    seconds_for(worker, calls=BURST)
    assert len(asked) == 1


def test_a_redis_that_lost_everything_is_a_new_beginning(name: str) -> None:
    worker = a_worker(name, rate=1)
    seconds_for(worker, calls=BURST)
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as client:
        client.delete(f"throttle:{name}")
    assert seconds_for(worker, calls=1) < 0.5


def test_no_limit_asks_nobody(name: str) -> None:
    assert seconds_for(away(name, rate=0), calls=1000) < 0.5


def test_a_call_to_stripe_that_is_throttled_is_made_later(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.0)
    turn = a_worker(name, rate=1)
    seconds_for(turn, calls=BURST)
    nowhere: Any = {"api": f"http://127.0.0.1:{free_port()}"}
    client = stripe.StripeClient(
        "sk_test_x", http_client=ThrottledClient(turn), base_addresses=nowhere
    )
    with pytest.raises(RetryError, match="throttled"):
        client.raw_request("get", "/v1/customers")
