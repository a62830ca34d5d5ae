"""Keys, idempotency, limits and headers of the Stripe sandbox."""

from typing import Any

import pytest
import stripe

from fluxrouter.sandbox.stripe import StripeSandbox
from fluxrouter.sandbox.stripe.keys import SECRET_KEY
from fluxrouter.sandbox.transport import httpx_client, requests_session
from tests.sandbox.stripe_client import Clock, client_of, refusal


@pytest.fixture
def sandbox() -> StripeSandbox:
    return StripeSandbox(clock=Clock(), seed=1)


@pytest.fixture
def v1(sandbox: StripeSandbox) -> Any:
    return client_of(sandbox).v1


def test_requests_over_the_limit_are_refused_until_a_second_has_passed() -> None:
    clock = Clock()
    sandbox = StripeSandbox(clock=clock, requests_per_second=2)
    v1 = client_of(sandbox).v1
    assert [refusal(v1.customers.list)[0] for _ in range(3)] == [200, 200, 429]
    clock.now += 1.5
    assert refusal(v1.customers.list)[0] == 200


@pytest.mark.acceptance("SBX-01")
def test_a_replay_says_so_and_a_delete_has_no_key(sandbox: StripeSandbox) -> None:
    headers = {"Authorization": f"Bearer {SECRET_KEY}", "Idempotency-Key": "k"}
    session = requests_session(sandbox)
    url = "https://api.stripe.com/v1/customers"
    first, again = (session.post(url, data={"name": "Ann"}, headers=headers) for _ in range(2))
    assert "Idempotent-Replayed" not in first.headers
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    deleted = [session.delete(f"{url}/{first.json()['id']}", headers=headers) for _ in range(2)]
    assert [one.status_code for one in deleted] == [200, 404]


@pytest.mark.acceptance("SBX-01")
def test_a_refused_request_frees_its_key(sandbox: StripeSandbox, v1: Any) -> None:
    options = {"idempotency_key": "k"}
    assert refusal(v1.customers.create, {"email": "ann"}, options)[0] == 400
    assert refusal(v1.customers.create, {"email": "ann@example.org"}, options)[0] == 200


@pytest.mark.acceptance("SBX-01")
def test_a_key_in_use_is_a_conflict(sandbox: StripeSandbox, v1: Any) -> None:
    options = {"idempotency_key": "k"}
    meanwhile: list[Any] = []
    second = client_of(sandbox).v1.customers.create
    sandbox.sleep = lambda _: meanwhile.append(refusal(second, {"name": "Ann"}, options))
    sandbox.faults.add("slow", seconds=1)
    assert refusal(v1.customers.create, {"name": "Ann"}, options)[0] == 200
    assert meanwhile == [(409, "idempotency_key_in_use")]


def test_answers_name_the_request_and_the_version(sandbox: StripeSandbox) -> None:
    client = httpx_client(sandbox, headers={"Authorization": f"Bearer {SECRET_KEY}"})
    answer = client.get("/v1/charges", headers={"Stripe-Version": "2025-01-27.acacia"})
    assert answer.headers["stripe-version"] == "2025-01-27.acacia"
    assert answer.headers["request-id"].startswith("req_")
    assert httpx_client(sandbox).get("/v1/charges").headers["request-id"]


def test_the_client_sorts_errors_into_its_classes(sandbox: StripeSandbox, v1: Any) -> None:
    reader = client_of(sandbox, sandbox.allow("rk_test_none", {})).v1
    with pytest.raises(stripe.PermissionError):
        reader.customers.list()
    with pytest.raises(stripe.AuthenticationError):
        client_of(sandbox, "sk_test_other").v1.customers.list()
    v1.customers.create({"name": "Ann"}, {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError):
        v1.customers.create({"name": "Bea"}, {"idempotency_key": "k"})


def test_objects_and_keys_can_be_seeded_over_http(sandbox: StripeSandbox) -> None:
    key = {"object": "restricted_key", "key": "rk_test_1", "permissions": {"customers": "read"}}
    seeded = [{"object": "customer", "id": "cus_1", "name": "Ann"}, key]
    answer = httpx_client(sandbox).post("/_sandbox/seed", json=seeded)
    assert answer.json() == {"stored": ["cus_1", "rk_test_1"]}
    assert client_of(sandbox, "rk_test_1").v1.customers.retrieve("cus_1").name == "Ann"
    typo = httpx_client(sandbox).post("/_sandbox/seed", json=[{"object": "customer", "nam": 1}])
    assert typo.status_code == 400
