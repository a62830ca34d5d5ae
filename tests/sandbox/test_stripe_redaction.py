"""Redaction jobs of the Stripe sandbox: their states, and what stands in the way."""

from typing import Any

import pytest

from fluxrouter.sandbox.stripe import StripeSandbox
from fluxrouter.sandbox.stripe.redaction_jobs import CODES
from fluxrouter.sandbox.transport import httpx_client
from tests.sandbox.stripe_client import Clock, client_of, refusal
from tests.sandbox.stripe_redaction_probes import (
    caller,
    codes,
    created,
    looked_at,
    run,
)

pytestmark = pytest.mark.acceptance("SBX-01")


@pytest.fixture
def sandbox() -> StripeSandbox:
    return StripeSandbox(clock=Clock(), seed=1)


@pytest.fixture
def customer(sandbox: StripeSandbox) -> str:
    return str(sandbox.add("customer", name="Ann Lee")["id"])


def moved(sandbox: StripeSandbox, job: str, verb: str) -> int:
    return int(caller(sandbox)("POST", f"/{job}/{verb}").status_code)


def test_the_released_client_reaches_jobs_by_a_raw_request(
    sandbox: StripeSandbox, customer: str
) -> None:
    client = client_of(sandbox)
    path, named = "/v1/privacy/redaction_jobs", {"customers": [customer]}
    version = {"stripe_version": "2026-09-30.preview"}
    answer = client.raw_request("post", path, objects=named, **version)
    assert answer.data["status"] == "created"
    assert refusal(lambda: client.raw_request("post", path, objects=named))[0] == 404


def test_a_job_goes_from_state_to_state(sandbox: StripeSandbox, customer: str) -> None:
    job = created(sandbox, customer)
    assert moved(sandbox, job, "run") == 400
    assert looked_at(sandbox, job, 2)["status"] == "ready"
    assert looked_at(sandbox, job, 2)["status"] == "ready"
    assert moved(sandbox, job, "run") == 200
    assert [moved(sandbox, job, verb) for verb in ("cancel", "run", "validate")] == [400] * 3
    assert looked_at(sandbox, job, 1)["status"] == "succeeded"
    assert moved(sandbox, job, "cancel") == 400


def test_a_failed_job_is_validated_again_or_canceled(
    sandbox: StripeSandbox, customer: str
) -> None:
    job = created(sandbox, customer)
    sandbox.force_redaction_error("invalid_state")
    assert looked_at(sandbox, job)["status"] == "failed"
    assert moved(sandbox, job, "run") == 400
    assert moved(sandbox, job, "validate") == 200
    assert looked_at(sandbox, job, 1)["status"] == "ready"
    assert moved(sandbox, job, "cancel") == 200
    assert looked_at(sandbox, job, 1)["status"] == "canceled"
    assert [moved(sandbox, job, verb) for verb in ("validate", "run", "cancel")] == [400] * 3


@pytest.mark.parametrize("code", sorted(CODES))
def test_any_error_can_be_forced_and_is_listed(
    code: str, sandbox: StripeSandbox, customer: str
) -> None:
    control = httpx_client(sandbox)
    assert control.post("/_sandbox/redaction_error", json={"code": code}).status_code == 200
    job = created(sandbox, customer)
    assert codes(sandbox, job) == {code}
    listed = caller(sandbox)("GET", f"/{job}/validation_errors", limit=1).json()
    assert [one["code"] for one in listed["data"]] == [code]
    assert control.post("/_sandbox/redaction_error", json={"code": "no"}).status_code == 400


def test_an_error_names_its_object_and_the_object_it_comes_from(
    sandbox: StripeSandbox, customer: str
) -> None:
    charge = sandbox.add("charge", customer=customer)["id"]
    errors = looked_at(sandbox, created(sandbox, customer))["validation_errors"]["data"]
    named = {(error["code"], error["erroring_object"]["id"]) for error in errors}
    assert named == {("invalid_state", charge), ("invalid_cascading_source", customer)}


def test_a_job_that_reaches_too_much_is_refused(sandbox: StripeSandbox, customer: str) -> None:
    sandbox.redaction_limit = 2
    for _ in range(2):
        sandbox.add("tax_id", customer=customer)
    assert codes(sandbox, created(sandbox, customer)) == {"too_many_objects"}


def test_a_job_that_is_over_holds_its_objects_no_longer(
    sandbox: StripeSandbox, customer: str
) -> None:
    first, second = created(sandbox, customer), created(sandbox, customer)
    assert codes(sandbox, second) == {"locked_by_other_job"}
    looked_at(sandbox, first)
    moved(sandbox, first, "cancel")
    assert codes(sandbox, second) == {"locked_by_other_job"}
    looked_at(sandbox, first, 1)
    moved(sandbox, second, "validate")
    assert looked_at(sandbox, second, 1)["status"] == "ready"


@pytest.mark.parametrize(
    ("kind", "fields", "ended"),
    [
        ("subscription", {"status": "active"}, "canceled"),
        ("payment_intent", {"status": "requires_action"}, "canceled"),
        ("setup_intent", {"status": "requires_action"}, "canceled"),
        ("checkout.session", {"status": "open"}, "expired"),
        ("invoice", {"status": "open"}, "void"),
    ],
)
def test_what_may_still_act_stands_in_the_way_unless_it_is_to_be_fixed(
    kind: str, fields: Any, ended: str, sandbox: StripeSandbox, customer: str
) -> None:
    stored = sandbox.add(kind, customer=customer, **fields)["id"]
    job = created(sandbox, customer)
    assert codes(sandbox, job) == {"invalid_state"}
    moved(sandbox, job, "cancel")
    looked_at(sandbox, job, 1)
    fixing = created(sandbox, customer, validation_behavior="fix")
    assert looked_at(sandbox, fixing)["status"] == "ready"
    assert sandbox.store.tables[kind][stored]["status"] == fields["status"]
    run(sandbox, fixing)
    assert sandbox.store.tables[kind][stored]["status"] == ended


def test_a_job_can_go_on_without_being_looked_at(sandbox: StripeSandbox, customer: str) -> None:
    sandbox.force_redaction_error("invalid_state")
    job = created(sandbox, customer)
    for _ in range(2):
        sandbox.step_redactions()
    assert sandbox.store.tables["privacy.redaction_job"][job]["status"] == "failed"
    assert b"privacy.redaction_job.validation_error" in sandbox.deliveries()[-1][0]


def test_a_job_shows_its_objects_only_when_asked(sandbox: StripeSandbox, customer: str) -> None:
    created(sandbox, customer)
    call = caller(sandbox)
    assert call("GET").json()["data"][0]["objects"] is None
    asked = call("GET", **{"expand[]": "data.objects", "status": "created"}).json()["data"]
    assert asked[0]["objects"] == {"customers": [customer]}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"objects[customers][]": "cus_nobody"},
        {"objects[issuing_cards][]": "ic_1"},
        {"objects[friends][]": "x"},
        {"objects[customers]": "x"},
    ],
)
def test_a_job_is_refused_when_it_names_nothing_that_is_there(
    data: dict[str, str], sandbox: StripeSandbox
) -> None:
    assert caller(sandbox)("POST", **data).status_code == 400
