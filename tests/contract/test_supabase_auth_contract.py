"""Supabase Auth's connector keeps the promises of every connector."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from fluxrouter.sandbox.supabase.people import add_user
from privacy.connectors.base import Subject
from privacy.connectors.errors import PermanentError
from privacy.connectors.supabase_auth import SupabaseAuthConnector
from privacy.connectors.testing import ConnectorContract, Life
from tests.support.connectors import auth_connector
from tests.support.snapshots import auth_rows, read
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-31", "MAIN-34"),
]
BANNED_FOR = timedelta(days=30)


def phone_of(subject: Subject) -> str:
    return f"4930{subject.request_id.int % 10**8:08}"


class TestSupabaseAuth(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _in(self, world: World) -> None:
        self.world = world

    def make(self) -> SupabaseAuthConnector:
        return auth_connector(self.world.auth)

    def plant(self, subject: Subject) -> Subject:
        with self.world.connect() as connection:
            phone = phone_of(subject)
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
        until = datetime.fromisoformat(row["banned_until"])
        row["banned_until"] = abs(until - timezone.now() - BANNED_FOR) < timedelta(seconds=2)
        return {name: value for name, value in row.items() if name != "updated_at"}

    def personal(self, subject: Subject) -> list[str]:
        return [subject.email, "Ann Lee", phone_of(subject), "192.0.2.7", "Mozilla"]

    def calls_made(self) -> int:
        return self.world.auth.calls.total()

    def fail_call(self, number: int, *, after: bool) -> None:
        self.world.auth.faults.add("reply_lost" if after else "unavailable", nth=number)


def planted(world: World, email: str = "ann.lee@example.org", **options: Any) -> Life:
    with world.connect() as connection:
        person = add_user(connection, email=email, **options)
    subject = Subject(uuid.uuid4(), email, {"auth_users": [str(person.id)]})
    return Life(auth_connector(world.auth), subject)


def sql(world: World, text: str, *values: Any) -> list[Any]:
    with world.connect() as connection:
        cursor = connection.execute(text, values)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def keeper(world: World, user: str) -> Iterator[None]:
    """A table of somebody else's that refers to the user and doesn't let it go."""
    sql(world, "CREATE TABLE public.keeper (id uuid REFERENCES auth.users)")
    sql(world, "INSERT INTO public.keeper VALUES (%s)", user)
    try:
        yield
    finally:
        sql(world, "DROP TABLE public.keeper")


@pytest.mark.acceptance("PROC-26")
def test_a_table_that_refers_to_the_user_is_found_before_any_change(world: World) -> None:
    life = planted(world)
    with keeper(world, life.subject.refs["auth_users"][0]):
        calls = world.auth.calls.total()
        assert life.look().blockers == ["foreign_key"]
        assert {call.method for call in world.auth.log} <= {"GET"}
        assert world.auth.calls.total() >= calls


@pytest.mark.acceptance("PROC-27")
def test_a_deletion_that_a_foreign_key_refuses_is_not_tried_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    life = planted(world)
    life.look()
    user = life.subject.refs["auth_users"][0]
    with keeper(world, user), pytest.raises(PermanentError) as refused:
        life.erase(without="prepare")
    assert refused.value.code == "foreign_key"
    assert refused.value.__cause__ is None
    assert user not in caplog.text
    deletions = [call for call in world.auth.log if call.method == "DELETE"]
    assert [call.status for call in deletions] == [500]


def test_a_refused_deletion_is_for_a_person(world: World) -> None:
    life = planted(world)
    life.look()
    with (
        keeper(world, life.subject.refs["auth_users"][0]),
        pytest.raises(PermanentError, match="foreign_key"),
    ):
        life.erase(without="prepare")


def test_a_database_that_shows_its_error_is_understood_as_well(world: World) -> None:
    world.auth.broken = frozenset({"error_version_hides_the_database"})
    life = planted(world)
    life.look()
    with (
        keeper(world, life.subject.refs["auth_users"][0]),
        pytest.raises(PermanentError, match="foreign_key"),
    ):
        life.erase(without="prepare")


@pytest.mark.acceptance("PROC-28")
def test_a_softly_deleted_user_can_be_erased(world: World) -> None:
    life = planted(world)
    user = life.subject.refs["auth_users"][0]
    life.connector.admin.delete_user(user, should_soft_delete=True)
    life.look()
    life.erase()
    assert auth_rows(user, life.subject.email) == {}
    assert life.verify() == []


@pytest.mark.acceptance("PROC-30")
def test_the_log_row_that_the_deletion_writes_is_gone_too(world: World) -> None:
    life = planted(world, phone="+49301234567")
    life.look()
    life.freeze()
    life.erase(without="purge_audit")
    left = sql(world, "SELECT payload ->> 'action' FROM auth.audit_log_entries ORDER BY 1")
    assert ("user_deleted",) in left
    life.erase()
    assert sql(world, "SELECT payload FROM auth.audit_log_entries") == []


def test_a_user_who_was_deleted_before_us_leaves_no_log(world: World) -> None:
    life = planted(world, phone="+49301234567")
    life.connector.admin.delete_user(life.subject.refs["auth_users"][0])
    assert life.look().found["audit_log_entry"] == 2
    life.erase()
    assert sql(world, "SELECT payload FROM auth.audit_log_entries") == []
    assert sql(world, "SELECT id FROM auth.flow_state") == []


@pytest.mark.acceptance("PROC-33")
def test_a_pattern_in_an_address_matches_nobody_else(world: World) -> None:
    other = planted(world, "axb@example.org")
    life = planted(world, "a_b@example.org")
    assert life.look().refs["auth_users"] == life.subject.refs["auth_users"]
    life.erase()
    assert auth_rows(other.subject.refs["auth_users"][0], other.subject.email)
    assert life.verify() == []


@pytest.mark.acceptance("PROC-34")
def test_among_a_thousand_users_the_right_one_is_found(world: World) -> None:
    sql(
        world,
        "INSERT INTO auth.users (instance_id, id, aud, role, email)"
        " SELECT gen_random_uuid(), gen_random_uuid(), 'authenticated', 'authenticated',"
        " 'person' || n || '@example.org' FROM generate_series(1, 1001) AS n",
    )
    life = Life(auth_connector(world.auth), Subject(uuid.uuid4(), "Person1@example.org", {}))
    assert life.look().found == {"user": 1}
    life.erase()
    assert sql(world, "SELECT count(*) FROM auth.users") == [(1000,)]


@pytest.mark.acceptance("PROC-39")
def test_the_secret_key_travels_in_its_own_header_only(world: World) -> None:
    """With the rule kept, a key in `Authorization` is refused: every call would fail."""
    life = planted(world)
    life.look()
    life.erase()
    assert {call.status for call in world.auth.log} <= {200, 404}


def test_an_export_holds_no_hash_and_no_token(world: World) -> None:
    life = planted(world)
    life.look()
    text = json.dumps(life.export())
    secrets = sql(world, "SELECT encrypted_password FROM auth.users")
    secrets += sql(world, "SELECT token FROM auth.refresh_tokens")
    secrets += sql(world, "SELECT secret FROM auth.mfa_factors")
    secrets += sql(world, "SELECT provider_access_token FROM auth.flow_state")
    assert not [secret for (secret,) in secrets if secret in text]
