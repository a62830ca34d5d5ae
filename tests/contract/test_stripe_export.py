"""A whole history leaves in little memory, without secrets."""

import json
import os
from collections import Counter

import psutil  # type: ignore[import-untyped]
import pytest

from privacy.connectors import pulse
from tests.support.billing import (
    EMAIL,
    add_customer,
    life_of,
    plant_customer,
    served,
    stored,
)
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
USER = "00000000-0000-4000-8000-000000000001"
MANY = int(os.environ.get("STRIPE_CHARGES", "30000"))
ROOM = 100 * 1024 * 1024


def test_no_call_lists_what_cannot_be_there(world: World) -> None:
    """Refunds, disputes, files and mandates are asked for only where something names them."""
    customer = add_customer(world)
    for _ in range(120):
        world.stripe.add("charge", customer=customer)
    life = life_of(world, customer)
    life.look()
    life.export()
    paths = {call.template for call in world.stripe.log}
    assert not paths & {"/v1/refunds", "/v1/disputes", "/v1/files/<file>"}
    assert len(served(world, "GET", "/v1/charges")) == 4


@pytest.mark.acceptance("PROC-25")
def test_no_link_secret_or_government_number_leaves_with_an_export(world: World) -> None:
    customer = plant_customer(world, EMAIL, USER, "Ann Lee")
    life = life_of(world, customer, user=USER)
    life.look()
    text = json.dumps(life.export())
    for path in ("url", "pdf", "receipt_url", "hosted_invoice_url", "invoice_pdf", "fingerprint"):
        assert f"Ann Lee {path}" not in text
        assert f"Ann Lee card.{path}" not in text
    for path in ("value", "billing_details.tax_id", "customer_tax_ids[].value"):
        assert f"Ann Lee {path}" not in text
    assert "Ann Lee metadata.*" in text


def test_a_link_that_the_person_gave_stays_in_the_export(world: World) -> None:
    customer = add_customer(world)
    held = stored(world, "customer", customer)
    world.stripe.store.save({**held, "metadata": {"url": "https://ann.example.org"}})
    life = life_of(world, customer)
    life.look()
    assert "https://ann.example.org" in json.dumps(life.export())


@pytest.mark.acceptance("PROC-13")
def test_a_very_long_history_is_exported_in_little_memory(world: World) -> None:
    customer = add_customer(world)
    for _ in range(MANY):
        world.stripe.add("charge", customer=customer)
    world.stripe.add("refund", customer=customer)
    life = life_of(world, customer)
    kinds: Counter[str] = Counter()
    beats: list[int] = []
    process = psutil.Process()
    before = most = process.memory_info().rss
    with pulse.beating(lambda: beats.append(1)):
        for record in life.connector.export(life.subject, {"customers": [customer]}):
            kinds[record.collection] += 1
            if kinds.total() % 10_000 == 0:
                most = max(most, process.memory_info().rss)
    assert (kinds["charge"], kinds["refund"]) == (MANY, 1)
    assert len(beats) >= 2 * MANY / 100, "one for each page, or a lease runs out"
    assert most - before < ROOM, "all of it in memory at once would be a gigabyte"


def test_a_step_that_looks_for_long_keeps_its_lease(world: World) -> None:
    customer = add_customer(world)
    for _ in range(301):
        world.stripe.add("charge", customer=customer)
    beats = []
    with pulse.beating(lambda: beats.append(1)):
        life_of(world, customer).look()
    assert len(beats) >= 4
