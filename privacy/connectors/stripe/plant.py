"""A canary person for the fire drill, in test mode only."""

from typing import Any

import stripe

from privacy.connectors.base import Subject
from privacy.connectors.errors import PermanentError
from privacy.connectors.stripe.client import GoneError, stripe_errors

TEST_KEYS = ("sk_test_", "rk_test_")
CARD = "pm_card_visa"  # docs.stripe.com/testing
TAX_ID: Any = {"type": "eu_vat", "value": "DE123456789"}


def plant(client: stripe.StripeClient, key: str, subject: Subject) -> dict[str, list[str]]:
    """A customer with a tax id and, where test cards can be had, a payment method.

    The same for each attempt of the same request: POSTs with the same keys.
    """
    if not key.startswith(TEST_KEYS):
        raise PermanentError("no_test_mode")
    owner = "".join(subject.refs.get("auth_users", [])[:1])
    person: Any = {
        "name": "Canary Example",
        "email": subject.email,
        "phone": "+15555550100",
        "description": "Fire drill",
        "metadata": {"supabase_user_id": owner, "drill": str(subject.request_id)},
    }
    with stripe_errors():
        customer = client.v1.customers.create(person, options(subject, "customer")).id
        client.v1.customers.tax_ids.create(customer, TAX_ID, options(subject, "tax_id"))
    try:
        with stripe_errors():
            card: Any = {"customer": customer}
            client.v1.payment_methods.attach(CARD, card, options(subject, "card"))
    except (PermanentError, GoneError):
        pass  # the drill goes without: the rest is enough to be found
    return {"customers": [customer]}


def options(subject: Subject, what: str) -> Any:
    return {"idempotency_key": f"drill-{subject.request_id}-{what}"}
