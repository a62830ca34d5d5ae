"""Every call that the connector makes to Stripe is one that Stripe's specification knows."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import stripe

from fluxrouter.sandbox.stripe import ERASE_KEY, READ_KEY
from fluxrouter.sandbox.transport import requests_session
from privacy.connectors.stripe import StripeConnector
from tests.support.billing import EMAIL, add_guest, life_of, plant_customer
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("SBX-05", "PROC-50"),
]
USER = "5d0c9c2a-0000-4000-8000-000000000001"
SPECIFICATION = "stripe_subset_2023-08-16.json"
FORM = "application/x-www-form-urlencoded"
# What that specification of 2023 lacks, by docs.stripe.com/api.
SINCE = {
    "POST /v1/customers/{customer}": {"individual_name", "business_name"},
    "POST /v1/checkout/sessions/{session}": {"metadata"},
    "GET /v1/promotion_codes": {"customer", "limit"},
    "POST /v1/promotion_codes/{promotion_code}": {"active", "metadata"},
    "GET /v1/files/{file}": set[str](),
    "GET /v1/mandates/{mandate}": set[str](),
}


class Recording(stripe.RequestsClient):
    """Notes each call: method, path, and the names of what is sent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.calls: list[tuple[str, str, set[str]]] = []

    def request(
        self, method: str, url: str, headers: Any, post_data: Any = None, **options: Any
    ) -> tuple[Any, int, Mapping[str, str]]:
        parts = urlsplit(url)
        sent = parse_qsl(parts.query + "&" + (post_data or ""), keep_blank_values=True)
        names = {name.partition("[")[0] for name, _ in sent}
        self.calls.append((method.upper(), parts.path, names))
        return super().request(method, url, headers, post_data, **options)


@pytest.fixture
def paths() -> dict[str, Any]:
    folder = os.environ.get("VENDOR_SPECS")
    if not folder:
        pytest.skip("VENDOR_SPECS names no folder with the vendor's specification files")
    found: dict[str, Any] = json.loads((Path(folder) / SPECIFICATION).read_text())["paths"]
    return found


def operation(paths: dict[str, Any], method: str, path: str) -> str:
    """As the specification writes it, fixed words before placeholders; "" for none."""
    written = {f"{verb.upper()} {template}" for template in paths for verb in paths[template]}
    for name in sorted(written | SINCE.keys(), key=lambda each: each.count("{")):
        verb, template = name.split()
        if verb == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return name
    return ""


def known(paths: dict[str, Any], name: str) -> set[str]:
    method, template = name.split()
    row = paths.get(template, {}).get(method.lower(), {})
    body = row.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
    query = {each["name"] for each in row.get("parameters", []) if each["in"] == "query"}
    return query | set(body.get("properties", {}))


def strange(paths: dict[str, Any], recording: Recording) -> Iterator[str]:
    for method, path, names in recording.calls:
        name = operation(paths, method, path)
        if not name:
            yield f"{method} {path}"
        unknown = names - known(paths, name) - SINCE.get(name, set()) if name else set()
        yield from (f"{name}: {each}" for each in sorted(unknown))


def test_every_call_of_a_whole_life_is_in_the_vendors_specification(
    world: World, paths: dict[str, Any]
) -> None:
    http = Recording(session=requests_session(world.stripe), timeout=5)
    read, erase = (
        stripe.StripeClient(key, http_client=http, max_network_retries=0)
        for key in (READ_KEY, ERASE_KEY)
    )
    customer = plant_customer(world, EMAIL, USER, "Ann")
    add_guest(world)
    connector = StripeConnector(read, erase, erase_key=ERASE_KEY)
    life = life_of(world, customer, user=USER, connector=connector)
    life.look()
    life.export()
    life.freeze()
    life.lift()
    life.correct({"full_name": "Ann Ray", "email": EMAIL, "city": "Ulm", "country": "DE"})
    life.erase()
    life.verify()
    assert {method for method, _, _ in http.calls} == {"GET", "POST", "DELETE"}
    seen = {operation(paths, method, path) for method, path, _ in http.calls}
    assert len(seen) > 30
    assert seen >= SINCE.keys(), "an exception that nothing needs"
    assert sorted(set(strange(paths, http))) == []
