"""Restricted keys of the Stripe sandbox: every route has a permission, the two keys suffice."""

from typing import Any

import pytest

from fluxrouter.sandbox.stripe import (
    ERASE_KEY,
    ERASE_PERMISSIONS,
    READ_KEY,
    READ_PERMISSIONS,
    StripeSandbox,
)
from fluxrouter.sandbox.stripe.keys import LEVELS, RESOURCES, needed
from tests.sandbox.stripe_client import client_of, refusal

pytestmark = pytest.mark.acceptance("SBX-01")
ROUTES = StripeSandbox.router.routes


@pytest.fixture
def sandbox() -> StripeSandbox:
    sandbox = StripeSandbox()
    sandbox.reset()
    return sandbox


def test_every_route_asks_for_a_permission_that_exists() -> None:
    asked = {needed(route.method, route.template) for route in ROUTES}
    assert {resource for resource, _ in asked} == RESOURCES
    assert {level for _, level in asked} <= set(LEVELS)


def test_a_route_without_a_permission_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        needed("GET", "/v1/payouts/<payout>")


def test_the_reading_key_reads_all_but_redaction_jobs_and_writes_nothing(
    sandbox: StripeSandbox,
) -> None:
    for route in ROUTES:
        resource, level = needed(route.method, route.template)
        allowed = level == "read" and resource != "redaction_jobs"
        assert sandbox.keys.may(READ_KEY, resource, level) is allowed, route.template


def test_the_erasing_key_changes_no_dispute_and_no_credit_note(
    sandbox: StripeSandbox,
) -> None:
    refused = {
        resource
        for route in ROUTES
        for resource, level in [needed(route.method, route.template)]
        if not sandbox.keys.may(ERASE_KEY, resource, level)
    }
    assert refused == {"credit_notes", "disputes"}
    assert READ_PERMISSIONS.keys() <= ERASE_PERMISSIONS.keys()


def test_each_permission_of_the_erasing_key_is_needed(sandbox: StripeSandbox) -> None:
    for resource, level in ERASE_PERMISSIONS.items():
        key = sandbox.allow("rk_test_less", {**ERASE_PERMISSIONS, resource: "none"})
        assert not sandbox.keys.may(key, resource, level)


def calls(sandbox: StripeSandbox, v1: Any) -> dict[str, Any]:
    """Per permission a call that needs it to write."""
    customer = sandbox.add("customer")["id"]
    ids = {kind: sandbox.add(kind, customer=customer)["id"] for kind in ("quote", "card")}
    return {
        "quotes": lambda: v1.quotes.cancel(ids["quote"]),
        "customers": lambda: v1.customers.payment_sources.delete(customer, ids["card"]),
        "invoices": lambda: v1.invoice_items.delete(
            sandbox.add("invoiceitem", customer=customer)["id"]
        ),
        "subscriptions": lambda: v1.subscription_schedules.cancel(
            sandbox.add("subscription_schedule", customer=customer)["id"]
        ),
        "promotion_codes": lambda: v1.promotion_codes.update(
            sandbox.add("promotion_code", customer=customer)["id"], {"active": False}
        ),
    }


@pytest.mark.parametrize(
    "resource", ["quotes", "customers", "invoices", "subscriptions", "promotion_codes"]
)
def test_the_erasing_key_may_and_the_reading_key_may_not(
    resource: str, sandbox: StripeSandbox
) -> None:
    read, erase = (calls(sandbox, client_of(sandbox, key).v1) for key in (READ_KEY, ERASE_KEY))
    assert refusal(read[resource]) == (403, "more_permissions_required")
    assert refusal(erase[resource]) == (200, None)


def test_a_mandate_is_read_by_who_may_read_setup_intents(sandbox: StripeSandbox) -> None:
    mandate = sandbox.add("mandate", customer=sandbox.add("customer")["id"])["id"]
    reader = client_of(sandbox, READ_KEY).v1
    assert reader.mandates.retrieve(mandate).id == mandate
    none = client_of(sandbox, sandbox.allow("rk_test_none", {"customers": "read"})).v1
    assert refusal(none.mandates.retrieve, mandate)[0] == 403
