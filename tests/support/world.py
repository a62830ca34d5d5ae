"""Everything that a request needs, in one process: our database and the sandboxed processors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import requests
import stripe
from django.db import connections

from fluxrouter.sandbox.kit import App
from fluxrouter.sandbox.mailbox import Mailbox
from fluxrouter.sandbox.people import Planted, plant_person
from fluxrouter.sandbox.stripe import SECRET_KEY, StripeSandbox
from fluxrouter.sandbox.supabase.app import SupabaseSandbox
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
    people: dict[str, Planted] = field(default_factory=dict)

    @contextmanager
    def in_use(self) -> Iterator["World"]:
        InProcessBackend.app = self.mailbox
        with registry.use(
            DatabaseConnector(), stripe_connector(self.stripe), auth_connector(self.auth)
        ):
            yield self

    def add_person(self, email: str, name: str = "Ann Example", *, calls: int = 3) -> Planted:
        """An account with everything that hangs on it, in our database and at the processors."""
        with self.connect() as connection:
            self.people[email] = plant_person(
                email, name, add_to_stripe=self.add_to_stripe, connection=connection, calls=calls
            )
        return self.people[email]

    def add_to_stripe(self, kind: str, **fields: Any) -> str:
        return str(self.stripe.add(kind, **fields)["id"])

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


def run_work(rounds: int = 50) -> int:
    """Work off the ledger until nothing is due."""
    total = 0
    for _ in range(rounds):
        done = work(seconds=30)
        total += done
        if not done:
            break
    return total
