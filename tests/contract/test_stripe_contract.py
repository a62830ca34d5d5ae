"""Stripe's connector keeps the promises of every connector."""

import json
import uuid
from typing import Any

import pytest

from fluxrouter.sandbox.stripe.personal import planted
from privacy.connectors.base import Subject
from privacy.connectors.stripe import StripeConnector
from privacy.connectors.testing import ConnectorContract
from tests.support.snapshots import stripe_objects
from tests.support.world import World, stripe_connector

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-30", "MAIN-34"),
]
KINDS = ("payment_method", "tax_id", "invoice", "payment_intent", "charge")
PAUSED = {"behavior": "keep_as_draft", "resumes_at": 2_000_000_000}
ENDED = ("canceled", "incomplete_expired")


def plant_customer(world: World, email: str, user: str, marker: str) -> str:
    """A customer with a marker in every personal field of everything that hangs on it."""
    sandbox = world.stripe

    def text(path: str) -> str:
        return f"{marker} {path}"

    fields = {**planted("customer", text), "email": email}
    fields["metadata"] = {**fields["metadata"], "supabase_user_id": user}
    customer = str(sandbox.add("customer", **fields)["id"])
    paused: dict[str, Any] = {"pause_collection": PAUSED}
    for state in ({"status": "active"}, {"status": "trialing", **paused}, {"status": "canceled"}):
        more = planted("subscription", text) if state["status"] != "canceled" else {}
        sandbox.add("subscription", customer=customer, **more, **state)
    for kind in KINDS:
        state = {"status": "paid"} if kind == "invoice" else {}
        state = {"status": "succeeded"} if kind == "payment_intent" else state
        sandbox.add(kind, customer=customer, **planted(kind, text), **state)
    return customer


class TestStripe(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _in(self, world: World) -> None:
        self.world = world

    def make(self) -> StripeConnector:
        return stripe_connector(self.world.stripe)

    def plant(self, subject: Subject) -> Subject:
        user = str(uuid.uuid4())
        customer = plant_customer(self.world, subject.email, user, f"Ann Lee {subject.email}")
        return subject._replace(refs={"customers": [customer], "auth_users": [user]})

    def plant_stranger(self) -> None:
        user = str(uuid.uuid4())
        self.stranger = plant_customer(self.world, "ann_lee@example.org", user, "Ann Lee")

    def snapshot_of_stranger(self) -> Any:
        return json.dumps(stripe_objects(self.world.stripe, self.stranger))

    def holds(self, subject: Subject) -> Any:
        """What is live, and the person's words in what Stripe keeps emptied."""
        every = stripe_objects(self.world.stripe, subject.refs["customers"][0])
        live = [one for one in every["customer"] if not one.get("deleted")]
        live += [one for one in every["subscription"] if one["status"] not in ENDED]
        return [*live, *every["tax_id"], *every["payment_method"], *self.words(subject)]

    def words(self, subject: Subject) -> list[str]:
        """Subscriptions and payment methods that still say something of the person."""
        store = self.world.stripe.dump()
        return [
            one["id"]
            for one in (*store["subscription"], *store["payment_method"])
            if subject.email in json.dumps({**one, "card": None})
        ]

    def personal(self, subject: Subject) -> list[str]:
        return [subject.email, "Ann Lee"]

    def calls_made(self) -> int:
        return self.world.stripe.calls.total()

    def fail_call(self, number: int, *, after: bool) -> None:
        self.world.stripe.faults.add("reply_lost" if after else "unavailable", nth=number)
