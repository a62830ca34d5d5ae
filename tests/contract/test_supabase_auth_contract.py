"""Supabase Auth's connector keeps the promises of every connector."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from fluxrouter.sandbox.supabase.people import add_user
from privacy.connectors.base import Subject
from privacy.connectors.supabase_auth import SupabaseAuthConnector
from privacy.connectors.testing import ConnectorContract
from tests.support.snapshots import auth_rows, read
from tests.support.world import World, auth_connector

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-31", "MAIN-34"),
]
BANNED_FOR = timedelta(days=30)


class TestSupabaseAuth(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _in(self, world: World) -> None:
        self.world = world

    def make(self) -> SupabaseAuthConnector:
        return auth_connector(self.world.auth)

    def plant(self, subject: Subject) -> Subject:
        with self.world.connect() as connection:
            phone = f"+4930{subject.request_id.int % 10**8:08}"
            person = add_user(connection, email=subject.email, phone=phone, name="Ann Lee")
            connection.execute(
                "UPDATE auth.users SET banned_until = %s WHERE id = %s",
                (timezone.now() + BANNED_FOR, person.id),
            )
        return subject._replace(refs={"auth_users": [str(person.id)]})

    def plant_stranger(self) -> None:
        with self.world.connect() as connection:
            self.stranger = add_user(connection, email="ann_lee@example.org", name="Ann Lee")

    def snapshot_of_stranger(self) -> Any:
        return auth_rows(self.stranger.id, self.stranger.email)

    def holds(self, subject: Subject) -> Any:
        return auth_rows(subject.refs["auth_users"][0], subject.email)

    def freezable(self, subject: Subject) -> Any:
        """The ban to within two seconds: Auth takes a duration. Ended sessions stay ended."""
        where = {"users": "id = %(user)s::uuid"}
        row = json.loads(read("auth", where, user=subject.refs["auth_users"][0])["users"][0])
        until = timezone.datetime.fromisoformat(row["banned_until"])
        row["banned_until"] = abs(until - timezone.now() - BANNED_FOR) < timedelta(seconds=2)
        return {name: value for name, value in row.items() if name != "updated_at"}

    def personal(self, subject: Subject) -> list[str]:
        return [subject.email, "Ann Lee", "4930", "192.0.2.7", "Mozilla"]

    def calls_made(self) -> int:
        return self.world.auth.calls.total()

    def fail_call(self, number: int, *, after: bool) -> None:
        self.world.auth.faults.add("reply_lost" if after else "unavailable", nth=number)
