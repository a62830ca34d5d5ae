"""Stripe's connector keeps the promises of every connector."""

import json
import uuid
from typing import Any

import pytest

from privacy.connectors.base import Subject
from privacy.connectors.stripe import StripeConnector
from privacy.connectors.testing import ConnectorContract, Life
from tests.support.billing import AcceptedLife, plant_customer
from tests.support.connectors import stripe_connector
from tests.support.snapshots import stripe_objects
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-30", "MAIN-34"),
]
# By kind: the states that an erasure leaves nothing in.
ENDED = {
    "subscription": ("canceled", "incomplete_expired"),
    "subscription_schedule": ("canceled", "released", "completed"),
    "checkout.session": ("complete", "expired"),
    "invoice": ("paid", "void", "uncollectible"),
    "payment_intent": ("succeeded", "canceled"),
    "setup_intent": ("succeeded", "canceled"),
    "quote": ("accepted", "canceled"),
}
GOES = ("tax_id", "payment_method", "card", "bank_account")
# What is emptied although it stays, and the fields that say something of the person.
EMPTIED = {
    "subscription": ("description", "metadata", "cancellation_details"),
    "payment_intent": ("description", "metadata", "receipt_email", "shipping"),
    "setup_intent": ("description", "metadata"),
    "charge": ("description", "metadata", "receipt_email", "shipping"),
    "promotion_code": ("metadata",),
    "quote": ("metadata",),
    "checkout.session": ("metadata",),
}


class TestStripe(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _in(self, world: World) -> None:
        self.world = world

    def make(self) -> StripeConnector:
        return stripe_connector(self.world.stripe)

    def new_life(self) -> Life:
        life = super().new_life()
        return AcceptedLife(life.connector, life.subject)

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
        for kind, ended in ENDED.items():
            live += [one for one in every[kind] if one["status"] not in ended]
        live += [one for kind in GOES for one in every[kind]]
        return [*live, *self.words(subject)]

    def words(self, subject: Subject) -> list[str]:
        """Objects that still say something of the person where it could be emptied."""
        store = self.world.stripe.dump()
        return [
            one["id"]
            for kind, fields in EMPTIED.items()
            for one in store[kind]
            if subject.email in json.dumps([one[name] for name in fields])
        ]

    def personal(self, subject: Subject) -> list[str]:
        return [subject.email, "Ann Lee"]

    def calls_made(self) -> int:
        return self.world.stripe.calls.total()

    def fail_call(self, number: int, *, after: bool) -> None:
        self.world.stripe.faults.add("reply_lost" if after else "unavailable", nth=number)
