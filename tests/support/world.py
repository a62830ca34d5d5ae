"""Everything that a request needs, in one process: our database and the sandboxed processors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import requests
import stripe
from django.db import connections
from django.utils import timezone

from accounts.gateway.ids import uuid7
from accounts.models import (
    Account,
    ApiKey,
    BillingRecord,
    GatewayBody,
    GatewayRequest,
    SupportMessage,
)
from fluxrouter.sandbox.kit import App
from fluxrouter.sandbox.mailbox import Mailbox
from fluxrouter.sandbox.stripe import SECRET_KEY, StripeSandbox
from fluxrouter.sandbox.supabase.app import SupabaseSandbox
from fluxrouter.sandbox.supabase.people import Person, add_user
from fluxrouter.sandbox.transport import LossyTransport, WSGIAdapter, requests_session
from privacy.connectors import registry
from privacy.connectors.database import DatabaseConnector
from privacy.connectors.stripe import StripeConnector
from privacy.connectors.supabase_auth import SupabaseAuthConnector
from privacy.connectors.supabase_auth.client import make_client
from privacy.mail_backend import KeyedEmailBackend
from privacy.services.fulfilment.work import work

Connect = Callable[[], psycopg.Connection[Any]]


def connect_to_test_database() -> psycopg.Connection[Any]:
    """As the owner, beside Django's own connections."""
    config = connections["owner"].settings_dict
    return psycopg.connect(
        dbname=config["NAME"],
        user=config["USER"],
        password=config["PASSWORD"],
        host=config["HOST"],
        port=config["PORT"],
    )


class InProcessBackend(KeyedEmailBackend):
    """Production's mail backend, with the sandbox's mailbox behind it instead of a network."""

    app: App

    def create_session(self) -> requests.Session:
        session: requests.Session = super().create_session()
        for scheme in ("http://", "https://"):
            session.mount(scheme, WSGIAdapter(type(self).app))
        return session


def stripe_connector(app: StripeSandbox, key: str = SECRET_KEY) -> StripeConnector:
    http = stripe.RequestsClient(session=requests_session(app), timeout=5)
    return StripeConnector(stripe.StripeClient(key, http_client=http, max_network_retries=0))


def auth_connector(app: SupabaseSandbox) -> SupabaseAuthConnector:
    client = make_client("http://sandbox.invalid", app.secret_key, LossyTransport(app))
    return SupabaseAuthConnector(client)


@dataclass
class World:
    """The sandboxes, and people planted in all of them."""

    stripe: StripeSandbox
    auth: SupabaseSandbox
    mailbox: Mailbox
    connect: Connect
    people: dict[str, "Planted"] = field(default_factory=dict)

    @contextmanager
    def in_use(self) -> Iterator["World"]:
        InProcessBackend.app = self.mailbox
        with registry.use(
            DatabaseConnector(), stripe_connector(self.stripe), auth_connector(self.auth)
        ):
            yield self

    def add_person(self, email: str, name: str = "Ann Example", *, calls: int = 3) -> "Planted":
        """An account with everything that hangs on it, in our database and at the processors."""
        with self.connect() as connection:
            user = add_user(connection, email=email, name=name)
        customer = self.stripe.add(
            "customer",
            email=email,
            name=name,
            phone="+49301234567",
            metadata={"supabase_user_id": str(user.id)},
        )
        account = Account.objects.create(
            supabase_user_id=user.id,
            stripe_customer_id=customer["id"],
            email=email,
            full_name=name,
            company=f"{name} Ltd",
            country="DE",
            created_at=timezone.now(),
        )
        add_usage(account, calls)
        add_billing(self.stripe, customer["id"], account)
        self.people[email] = Planted(account, user, customer["id"])
        return self.people[email]

    def letters(self, email: str) -> list[Any]:
        """The person's mails, newest first."""
        return self.mailbox.newest(email)

    def link(self, email: str, part: str) -> str:
        """The path of the newest mailed link that contains `part`."""
        for message in self.letters(email):
            for link in message.links:
                if part in link:
                    return "/" + link.split("/", 3)[3]
        raise LookupError(f"no mailed link with {part}")


@dataclass
class Planted:
    """A person in the world."""

    account: Account
    user: Person
    customer: str


def add_usage(account: Account, calls: int) -> None:
    key = ApiKey.objects.create(
        account=account,
        label=f"Key of {account.full_name}",
        prefix="fx_live_abcd",
        digest=uuid4().bytes * 2,
        created_at=timezone.now(),
    )
    ids = [uuid7(timezone.now() - timedelta(minutes=number)) for number in range(calls)]
    GatewayRequest.objects.bulk_create(
        [
            GatewayRequest(
                id=identifier,
                account_id=account.pk,
                api_key_id=key.pk,
                model="claude-sonnet",
                provider="anthropic",
                input_tokens=120,
                output_tokens=480,
                end_user=f"end user of {account.full_name}",
            )
            for identifier in ids
        ]
    )
    GatewayBody.objects.bulk_create(
        [
            GatewayBody(
                id=identifier,
                account_id=account.pk,
                prompt=f'Hello, I am {account.full_name}\n\\ and "more"',
                response="[redacted]",
            )
            for identifier in ids
        ]
    )
    SupportMessage.objects.create(
        account=account,
        email=account.email,
        subject=f"Question of {account.full_name}",
        body="Where is my invoice?",
        received_at=timezone.now(),
    )


def add_billing(sandbox: StripeSandbox, customer: str, account: Account) -> None:
    method = sandbox.add("payment_method", customer=customer)
    sandbox.add("subscription", customer=customer)
    sandbox.add("tax_id", customer=customer)
    invoice = sandbox.add("invoice", customer=customer, status="paid")
    intent = sandbox.add("payment_intent", customer=customer, status="succeeded")
    sandbox.add(
        "charge",
        customer=customer,
        payment_method=method["id"],
        payment_intent=intent["id"],
        receipt_email=account.email,
    )
    BillingRecord.objects.create(
        account_id=account.pk,
        invoice_number=str(invoice.get("number") or "F-1"),
        stripe_invoice_id=invoice["id"],
        bill_to=f"{account.full_name}, Berlin",
        amount_cents=1900,
        currency="eur",
        issued_on=timezone.now().date(),
    )


def run_work(rounds: int = 50) -> int:
    """Work off the ledger until nothing is due."""
    total = 0
    for _ in range(rounds):
        done = work(seconds=30)
        total += done
        if not done:
            break
    return total
