"""Everything that a request needs, in one process: our database and the sandboxed processors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import requests
from django.db import connections

from fluxrouter.sandbox.chatbase import ChatbaseSandbox
from fluxrouter.sandbox.kit import App
from fluxrouter.sandbox.mailbox import Mailbox
from fluxrouter.sandbox.model_providers import ModelProviders
from fluxrouter.sandbox.people import Planted, plant_person
from fluxrouter.sandbox.stripe import StripeSandbox
from fluxrouter.sandbox.supabase.app import SupabaseSandbox
from fluxrouter.sandbox.transport import WSGIAdapter
from privacy.connectors import registry
from privacy.connectors.base import Connector
from privacy.connectors.database import DatabaseConnector
from privacy.mail_backend import KeyedEmailBackend
from privacy.services.fulfilment.work import work
from tests.support.connectors import (
    auth_connector,
    chatbase_connector,
    model_connectors,
    resend_connector,
    storage_connector,
    stripe_connector,
)

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


@dataclass
class World:
    """The sandboxes, and people planted in all of them."""

    stripe: StripeSandbox
    auth: SupabaseSandbox
    mailbox: Mailbox
    connect: Connect
    chatbase: ChatbaseSandbox = field(default_factory=ChatbaseSandbox)
    models: ModelProviders = field(default_factory=ModelProviders)
    people: dict[str, Planted] = field(default_factory=dict)

    @contextmanager
    def in_use(self) -> Iterator["World"]:
        InProcessBackend.app = self.mailbox
        with registry.use(*self.connectors()):
            yield self

    def connectors(self) -> list[Connector]:
        """One for every system, as in production when everything is set up."""
        return [
            DatabaseConnector(),
            stripe_connector(self.stripe),
            auth_connector(self.auth),
            storage_connector(self.auth),
            resend_connector(self.mailbox),
            chatbase_connector(self.chatbase),
            *model_connectors(self.models),
        ]

    @property
    def apps(self) -> dict[str, App]:
        return {
            "stripe": self.stripe,
            "supabase": self.auth,
            "mailbox": self.mailbox,
            "chatbase": self.chatbase,
            "models": self.models,
        }

    def add_person(self, email: str, name: str = "Ann Example", *, calls: int = 3) -> Planted:
        """An account with everything that hangs on it, in our database and at the processors."""
        with self.connect() as connection:
            self.people[email] = plant_person(
                email, name, add=self.add, connection=connection, calls=calls
            )
        return self.people[email]

    def add(self, sandbox: str, **fields: Any) -> str:
        """Store an object at a sandbox; its id."""
        return str(self.apps[sandbox].seed([fields])[0])

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
