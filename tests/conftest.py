"""Fixtures for all tests. Databases are real; processors are the sandboxes, in the process."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from fluxrouter.foundation.keystore import keystore
from fluxrouter.foundation.management.commands.prepare_database import grant_auth, grant_storage
from fluxrouter.sandbox.mailbox import Mailbox
from fluxrouter.sandbox.mailbox import create_app as create_mailbox
from fluxrouter.sandbox.stripe import StripeSandbox
from fluxrouter.sandbox.supabase import schema
from fluxrouter.sandbox.supabase.app import SupabaseSandbox
from fluxrouter.sandbox.supabase.app import create_app as create_auth
from tests.support import world as worlds
from tests.support.world import Connect, World

ALL_DATABASES = ["default", "owner", "supabase"]
DATA_API_ROLES = ("anon", "authenticated")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every database test names all aliases: they are one database, which `owner` makes."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        given = mark.kwargs if mark else {}
        if (mark or "db" in getattr(item, "fixturenames", ())) and not given.get("databases"):
            options = {**given, "databases": ALL_DATABASES}
            item.add_marker(pytest.mark.django_db(**options), append=False)


# A busy machine must not fail a law.
hypothesis.settings.register_profile("ours", deadline=None)
hypothesis.settings.load_profile("ours")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database gets Auth's schema, and a trail that a test's flush may empty."""
    with django_db_blocker.unblock():
        with worlds.connect_to_test_database() as connection:
            schema.install(connection)
            grant_auth(connection)
            grant_storage(connection)
            for table, trigger in (("trailevent", "trail_whole"), ("trailseal", "seal_whole")):
                connection.execute(
                    f"ALTER TABLE fluxrouter.foundation_{table} DISABLE TRIGGER {trigger}"
                )
        connections["supabase"].close()
    yield
    with django_db_blocker.unblock():
        connections.close_all()  # a mirror's connection would keep the database from going


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    """Each test has its own key store, packages and seal file."""
    settings.KEYSTORE_DIR = tmp_path / "keys"
    settings.PACKAGE_DIR = tmp_path / "packages"
    settings.TRAIL_SEAL_FILE = tmp_path / "seals"
    settings.SUPPRESSION_FILE = tmp_path / "suppressions"
    keystore()


@pytest.fixture
def auth_database(db: None) -> Iterator[Connect]:
    """Connections to the test database, whose `auth` schema is there and empty."""
    opened: list[Any] = []

    def connect() -> Any:
        opened.append(worlds.connect_to_test_database())
        return opened[-1]

    with connect() as connection:
        schema.truncate(connection)
    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def stripe_sandbox() -> StripeSandbox:
    return StripeSandbox()


@pytest.fixture
def auth_sandbox(auth_database: Connect) -> SupabaseSandbox:
    return create_auth(connect=auth_database)


@pytest.fixture
def mailbox() -> Mailbox:
    return create_mailbox()


@pytest.fixture
def world(
    settings: Any,
    stripe_sandbox: StripeSandbox,
    auth_sandbox: SupabaseSandbox,
    mailbox: Mailbox,
    auth_database: Connect,
) -> Iterator[World]:
    """Connectors and mail talk to the sandboxes. No grace, and a retry comes at once."""
    settings.EMAIL_BACKEND = "tests.support.world.InProcessBackend"
    settings.ERASURE_GRACE = timedelta(0)
    settings.SUPABASE_DRILL = True
    settings.LIFT_NOTICE = timedelta(0)
    settings.RETRY_BASE = timedelta(0)
    with World(stripe_sandbox, auth_sandbox, mailbox, auth_database).in_use() as made:
        yield made


@pytest.fixture
def run_work() -> Callable[[], int]:
    return worlds.run_work
