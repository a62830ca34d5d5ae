"""Supabase Storage's connector keeps the promises of every connector."""

from typing import Any

import pytest

from fluxrouter.sandbox.supabase.people import add_user
from fluxrouter.sandbox.supabase.storage_files import add_file
from privacy.connectors.base import Subject
from privacy.connectors.supabase_storage import SupabaseStorageConnector
from privacy.connectors.testing import ConnectorContract
from tests.contract.storage import make_buckets, sql, storage_connector
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-34", "PROC-34"),
]
FILES = """SELECT to_jsonb(o)::text, encode(f.content, 'hex') FROM storage.objects AS o
  FULL JOIN storage_backend.files AS f USING (bucket_id, name)
  WHERE owner_id = %(user)s OR position(%(user)s in name) > 0 ORDER BY 1"""


class TestSupabaseStorage(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _in(self, world: World) -> None:
        self.world = world
        make_buckets(world)

    def make(self) -> SupabaseStorageConnector:
        return storage_connector(self.world.auth)

    def plant(self, subject: Subject) -> Subject:
        with self.world.connect() as connection:
            person = add_user(connection, email=subject.email)
            user = str(person.id)
            add_file(connection, "files", f"{user}/Zweigelt a_b%25.txt", b"one")
            add_file(connection, "files", f"{user}/deep/down/two.txt", b"two", owner=user)
            add_file(connection, "avatars", f"{user}/empty.png", b"")
            # An older file: its owner stands in the deprecated column only.
            add_file(connection, "avatars", f"team/Zweigelt {user}.png", b"three", owner=user)
            connection.execute(
                "UPDATE storage.objects SET owner_id = NULL WHERE name = %s",
                [f"team/Zweigelt {user}.png"],
            )
        return subject._replace(refs={"auth_users": [user]})

    def plant_stranger(self) -> None:
        """Somebody whose folder begins like the person's, and whose file's name is a pattern."""
        with self.world.connect() as connection:
            self.stranger = str(add_user(connection, email="ann_lee@example.org").id)
            add_file(connection, "files", f"{self.stranger}/Zweigelt axb.txt", b"theirs")
            add_file(connection, "avatars", "team/Zweigelt-png", b"t", owner=self.stranger)

    def snapshot_of_stranger(self) -> Any:
        return sql_named(self.world, self.stranger)

    def holds(self, subject: Subject) -> Any:
        user = subject.refs["auth_users"][0]
        mine = sql_named(self.world, user)
        old = sql(self.world, "SELECT name FROM storage.objects WHERE owner = %s::uuid", user)
        return mine + old

    def personal(self, subject: Subject) -> list[str]:
        return [subject.email, "Zweigelt", ".txt", ".png"]

    def calls_made(self) -> int:
        return self.world.auth.calls.total()

    def fail_call(self, number: int, *, after: bool) -> None:
        self.world.auth.faults.add("reply_lost" if after else "unavailable", nth=number)


def sql_named(world: World, user: str) -> list[Any]:
    with world.connect() as connection:
        return connection.execute(FILES, {"user": user}).fetchall()
