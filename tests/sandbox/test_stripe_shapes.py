"""The Stripe sandbox's objects have the vendor's shapes, with room for every personal field."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from fluxrouter.sandbox.stripe import PERSONAL_FIELDS, StripeSandbox, planted
from fluxrouter.sandbox.stripe.expand import HIDDEN
from fluxrouter.sandbox.stripe.keys import SECRET_KEY
from fluxrouter.sandbox.transport import httpx_client
from tests.sandbox.stripe_schema import KNOWN_GAPS, schema_of

KINDS = sorted(PERSONAL_FIELDS)
FIXTURES = "stripe_fixtures3_2026-08-21.json"
BETA_FIXTURES = "stripe_fixtures3.beta_2026-08-21.json"
JOBS = "/v1/privacy/redaction_jobs"
SPECIFICATION = "stripe_subset_2023-08-16.json"
PATHS = {
    "bank_account": "/v1/customers/{customer}/sources",
    "card": "/v1/customers/{customer}/sources",
    "checkout.session": "/v1/checkout/sessions",
    "customer_balance_transaction": "/v1/customers/{customer}/balance_transactions",
    "tax_id": "/v1/customers/{customer}/tax_ids",
}


@pytest.fixture
def specs() -> Path:
    folder = os.environ.get("VENDOR_SPECS")
    if not folder:
        pytest.skip("VENDOR_SPECS names no folder with the vendor's specification files")
    return Path(folder)


def answers(kind: str) -> dict[str, Any]:
    """The object as it goes over the wire, once bare and once with everything filled in."""
    sandbox = StripeSandbox(seed=1)
    client = httpx_client(sandbox, headers={"Authorization": f"Bearer {SECRET_KEY}"})
    customer = sandbox.add("customer")["id"]
    owner = {} if kind == "customer" else {"customer": customer}
    path = PATHS.get(kind, f"/v1/{kind}s").format(customer=customer)
    found = {}
    for name, fields in {"bare": {}, "full": planted(kind, lambda path: f"<{path}>")}.items():
        object_id = sandbox.add(kind, **owner, **fields)["id"]
        hidden = {"expand[]": HIDDEN[kind]} if kind in HIDDEN else {}
        found[name] = client.get(f"{path}/{object_id}", params=hidden).json()
    return found


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


def absent(expected: Any, actual: Any, path: str = "") -> Iterator[str]:
    """Keys of the vendor's example that the answer lacks; an empty part has nothing to lack."""
    if not isinstance(expected, dict) or not isinstance(actual, dict):
        return
    for key, part in expected.items():
        if path.endswith("metadata."):
            continue
        if key not in actual:
            yield f"{path}{key}"
        elif isinstance(part, list) and part and actual[key]:
            yield from absent(part[0], actual[key][0], f"{path}{key}[].")
        else:
            yield from absent(part, actual[key], f"{path}{key}.")


@pytest.mark.parametrize("kind", KINDS)
def test_every_personal_field_holds_a_marker(kind: str) -> None:
    assert {f"<{path}>" for path in PERSONAL_FIELDS[kind]} <= set(texts(answers(kind)["full"]))


@pytest.mark.acceptance("SBX-05")
@pytest.mark.parametrize("kind", KINDS)
def test_an_object_has_every_key_of_the_vendors_example(kind: str, specs: Path) -> None:
    example = json.loads((specs / FIXTURES).read_text())["resources"][kind]
    for name, answer in answers(kind).items():
        assert not [*absent(example, answer)], name


@pytest.mark.acceptance("SBX-05")
def test_objects_follow_the_vendors_specification_but_for_known_gaps(specs: Path) -> None:
    gaps = set()
    for kind in KINDS:
        validator = jsonschema.Draft202012Validator(schema_of(specs / SPECIFICATION, kind))
        for answer in answers(kind).values():
            errors = validator.iter_errors(answer)
            gaps |= {(kind, error.json_path, error.message) for error in errors}
    assert gaps == KNOWN_GAPS


@pytest.mark.acceptance("SBX-05")
def test_a_redaction_job_and_its_errors_have_the_keys_of_the_preview(specs: Path) -> None:
    sandbox = StripeSandbox(seed=1)
    version = {"Stripe-Version": "2026-09-30.preview"}
    headers = {"Authorization": f"Bearer {SECRET_KEY}", **version}
    client = httpx_client(sandbox, headers=headers)
    named = {"objects[customers][]": sandbox.add("customer")["id"]}
    job = client.post(JOBS, data=named).json()["id"]
    sandbox.force_redaction_error("invalid_state")
    found = [client.get(f"{JOBS}/{job}").json() for _ in range(2)][-1]
    examples = json.loads((specs / BETA_FIXTURES).read_text())["resources"]
    assert not [*absent(examples["privacy.redaction_job"], found)]
    error = found["validation_errors"]["data"][0]
    assert not [*absent(examples["privacy.redaction_job_validation_error"], error)]


@pytest.mark.acceptance("SBX-05")
def test_an_event_has_every_key_of_the_vendors_example(specs: Path) -> None:
    sandbox = StripeSandbox(seed=1)
    client = httpx_client(sandbox, headers={"Authorization": f"Bearer {SECRET_KEY}"})
    client.post("/v1/customers", data={"name": "Ann"})
    [event] = client.get("/v1/events").json()["data"]
    example = json.loads((specs / FIXTURES).read_text())["resources"]["event"]
    assert not [*absent({**example, "data": {"object": {}}}, event)]
    validator = jsonschema.Draft202012Validator(schema_of(specs / SPECIFICATION, "event"))
    assert not [*validator.iter_errors(event)]
