"""Faults strike the call they were meant for, before or after the app has committed."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import requests
import stripe

from fluxrouter.sandbox.faults import KINDS, FaultPlan
from fluxrouter.sandbox.stripe import StripeSandbox
from fluxrouter.sandbox.stripe.keys import SECRET_KEY
from fluxrouter.sandbox.transport import httpx_client, requests_session
from tests.sandbox.stripe_client import client_of, refusal

pytestmark = pytest.mark.acceptance("SBX-04")

AUTH = {"Authorization": f"Bearer {SECRET_KEY}"}
URL = "https://api.stripe.com/v1/customers"


@pytest.fixture
def sandbox() -> StripeSandbox:
    return StripeSandbox()


def people(sandbox: StripeSandbox) -> int:
    return len(sandbox.dump()["customer"])


@pytest.mark.parametrize(
    ("kind", "status", "committed"),
    [
        ("rate_limited", 429, 0),
        ("server_error", 500, 0),
        ("unavailable", 503, 0),
        ("error_after", 500, 1),
    ],
)
def test_an_error_comes_before_or_after_the_commit(
    sandbox: StripeSandbox, kind: str, status: int, committed: int
) -> None:
    sandbox.faults.add(kind)
    create = client_of(sandbox).v1.customers.create
    assert refusal(create, {"name": "Ann"})[0] == status
    assert people(sandbox) == committed


def test_a_lost_reply_is_a_time_out_after_the_commit(sandbox: StripeSandbox) -> None:
    sandbox.faults.add("reply_lost", times=2)
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests_session(sandbox).post(URL, headers=AUTH)
    with pytest.raises(httpx.ReadTimeout):
        httpx_client(sandbox, headers=AUTH).post("/v1/customers")
    assert people(sandbox) == 2


def test_the_vendors_client_calls_a_lost_reply_a_connection_error(sandbox: StripeSandbox) -> None:
    sandbox.faults.add("reply_lost")
    with pytest.raises(stripe.APIConnectionError):
        client_of(sandbox).v1.customers.create({"name": "Ann"})
    assert people(sandbox) == 1


def test_the_vendors_client_repeats_a_lost_post_without_doing_it_twice(
    sandbox: StripeSandbox,
) -> None:
    sandbox.faults.add("reply_lost")
    client_of(sandbox, max_network_retries=1).v1.customers.create({"name": "Ann"})
    assert people(sandbox) == 1


def test_a_lost_delete_that_is_repeated_is_missing(sandbox: StripeSandbox) -> None:
    customer = sandbox.add("customer")["id"]
    sandbox.faults.add("reply_lost", method="DELETE")
    delete = client_of(sandbox, max_network_retries=1).v1.customers.delete
    assert refusal(delete, customer) == (404, "resource_missing")


def test_a_broken_page_can_not_be_read(sandbox: StripeSandbox) -> None:
    sandbox.add("customer")
    sandbox.faults.add("truncated_page")
    with pytest.raises(stripe.APIError, match="Invalid response body"):
        client_of(sandbox).v1.customers.list()
    assert len(client_of(sandbox).v1.customers.list().data) == 1


def test_a_slow_app_waits_before_it_starts(sandbox: StripeSandbox) -> None:
    seen: list[tuple[float, int]] = []
    sandbox.sleep = lambda seconds: seen.append((seconds, people(sandbox)))
    sandbox.faults.add("slow", seconds=3)
    client_of(sandbox).v1.customers.create({"name": "Ann"})
    assert seen == [(3, 0)]


def test_a_fault_waits_for_its_call(sandbox: StripeSandbox) -> None:
    sandbox.faults.add("unavailable", method="GET", path_prefix="/v1/charges", nth=2, times=2)
    v1 = client_of(sandbox).v1
    v1.customers.create({"name": "Ann"})
    assert [refusal(v1.charges.list)[0] for _ in range(4)] == [200, 503, 503, 200]
    assert sandbox.faults.struck == [("unavailable", "GET", "/v1/charges")] * 2


def test_an_error_can_carry_a_code_and_headers(sandbox: StripeSandbox) -> None:
    sandbox.faults.add("rate_limited", code="lock_timeout", headers={"Retry-After": "7"})
    answer = requests_session(sandbox).get(URL, headers=AUTH)
    assert answer.json()["error"]["code"] == "lock_timeout"
    assert answer.headers["Retry-After"] == "7"


def test_the_client_retries_a_429_only_when_told_to(sandbox: StripeSandbox) -> None:
    v1 = client_of(sandbox, max_network_retries=2).v1
    sandbox.faults.add("rate_limited")
    assert refusal(v1.customers.list)[0] == 429
    sandbox.faults.add("rate_limited", headers={"Stripe-Should-Retry": "true"})
    assert refusal(v1.customers.list)[0] == 200


def test_a_random_plan_repeats_itself() -> None:
    def struck(seed: int) -> list[Any]:
        plan = FaultPlan.random(seed, 0.3)
        return [plan.take("POST", "/") is not None for _ in range(100)]

    assert struck(1) == struck(1) != struck(2)
    assert 10 < sum(struck(1)) < 50


def test_a_cleared_plan_strikes_no_more() -> None:
    plan = FaultPlan.random(1, 1.0)
    plan.add("server_error")
    plan.clear()
    assert plan.take("GET", "/") is None


def test_only_reads_break_off() -> None:
    plan = FaultPlan.random(1, 1.0, ["truncated_page"])
    assert plan.take("POST", "/") is None
    assert plan.take("GET", "/") is not None


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        FaultPlan().add("typo")
    assert "reply_lost" in KINDS


@contextmanager
def hung_up_on(sandbox: StripeSandbox) -> Iterator[Any]:
    """What the server does with the socket that gunicorn names in the environment."""
    near, far = socket.socketpair()
    with near, far:
        environ = {"gunicorn.socket": near, "wsgi.input": None, "REQUEST_METHOD": "GET"}
        sandbox({**environ, "PATH_INFO": "/v1/customers"}, lambda *_: None)
        yield far


def test_over_http_a_lost_reply_closes_the_connection(sandbox: StripeSandbox) -> None:
    sandbox.faults.add("reply_lost")
    with hung_up_on(sandbox) as client_end:
        assert client_end.recv(1) == b""
