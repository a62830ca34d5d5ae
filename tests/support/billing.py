"""People at the sandboxed Stripe, and lives whose approver lets pass what may be let pass."""

import uuid
from typing import Any

from fluxrouter.sandbox.stripe.personal import PERSONAL_FIELDS, planted
from privacy.connectors.base import Discovery, Subject
from privacy.connectors.stripe import StripeConnector
from privacy.connectors.testing import Life
from privacy.grounds import ACCEPTABLE
from tests.support.connectors import stripe_connector
from tests.support.world import World

EMAIL = "ann.lee@example.org"
PAUSED = {"behavior": "keep_as_draft", "resumes_at": 2_000_000_000}
# Per kind the states in which it is planted: what goes, what stays, what has ended already.
STATES: dict[str, tuple[dict[str, Any], ...]] = {
    "subscription": ({"status": "active"}, {"status": "trialing", "pause_collection": PAUSED}),
    "subscription_schedule": ({"status": "not_started"}, {"status": "released"}),
    "checkout.session": ({"status": "open"}, {"status": "complete"}),
    "invoice": ({"status": "draft"}, {"status": "open"}, {"status": "paid"}),
    "payment_intent": ({"status": "requires_action"}, {"status": "succeeded"}),
    "setup_intent": ({"status": "requires_action"}, {"status": "succeeded"}),
    "quote": ({"status": "draft"}, {"status": "open"}, {"status": "accepted"}),
    "promotion_code": ({"active": True},),
    "dispute": ({"status": "lost"},),
}


class AcceptedLife(Life):
    """An approver who looked at it."""

    def look(self) -> Discovery:
        discovery = super().look()
        self.approved["accepted"] = sorted(ACCEPTABLE & set(discovery.blockers))
        return discovery


def add_customer(world: World, email: str = EMAIL, user: str = "", **fields: Any) -> str:
    metadata = {"supabase_user_id": user} if user else {}
    return str(world.stripe.add("customer", email=email, metadata=metadata, **fields)["id"])


def life_of(
    world: World,
    *customers: str,
    email: str = EMAIL,
    user: str = "",
    connector: StripeConnector | None = None,
) -> Life:
    refs = {"customers": list(customers), "auth_users": [user] if user else []}
    subject = Subject(uuid.uuid4(), email, refs)
    return AcceptedLife(connector or stripe_connector(world.stripe), subject)


def plant_customer(world: World, email: str, user: str, marker: str) -> str:
    """A customer with a marker in every personal field of everything that hangs on it."""

    def text(path: str) -> str:
        return f"{marker} {path}"

    fields = {**planted("customer", text), "email": email}
    fields["metadata"] = {**fields["metadata"], "supabase_user_id": user}
    customer = str(world.stripe.add("customer", **fields)["id"])
    world.stripe.add("subscription", customer=customer, status="canceled")
    for kind in PERSONAL_FIELDS:
        if kind == "customer":
            continue
        for state in STATES.get(kind, ({},)):
            world.stripe.add(kind, customer=customer, **planted(kind, text), **state)
    return customer


def stored(world: World, kind: str, identifier: str) -> Any:
    return world.stripe.store.get(kind, identifier)


def served(world: World, method: str, template: str) -> list[int]:
    return [
        call.status
        for call in world.stripe.log
        if (call.method, call.template) == (method, template)
    ]


def add_guest(world: World, email: str = EMAIL, **fields: Any) -> tuple[str, str]:
    """A payment without a customer: its Checkout Session, and its charge."""
    add = world.stripe.add
    intent = add("payment_intent", status="succeeded", receipt_email=email)["id"]
    charge = add("charge", payment_intent=intent, receipt_email=email)["id"]
    details = {"email": email, "name": "Ann Lee"}
    state = {"status": "complete", "payment_intent": intent, "customer_details": details}
    return str(add("checkout.session", **state | fields)["id"]), str(charge)
