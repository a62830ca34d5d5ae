"""Our own database keeps the promises of every connector."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Account, ApiKey, GatewayRequest, Restriction, SupportMessage
from accounts.purposes import Purpose
from privacy.connectors.base import Subject
from privacy.connectors.database import DatabaseConnector, erase, find
from privacy.connectors.errors import RetryError
from privacy.connectors.testing import ConnectorContract, Life
from tests.retention.retiring import far_days, leave_pending, make_calls
from tests.support.database import as_owner
from tests.support.snapshots import our_rows
from tests.support.world import Planted, World

DATABASES = ["default", "owner", "supabase"]
pytestmark = [
    pytest.mark.django_db(transaction=True, databases=DATABASES),
    pytest.mark.acceptance("MAIN-29", "MAIN-34"),
]
KEPT = {"accounts_billingrecord", "accounts_restriction"}


def subject_of(planted: Planted, email: str = "") -> Subject:
    refs = {
        "accounts": [str(planted.account.pk)],
        "auth_users": [str(planted.user.id)],
        "customers": [planted.customer],
    }
    return Subject(uuid.uuid4(), email or planted.account.email, refs)


class TestDatabase(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _in(self, world: World) -> None:
        self.world = world

    def make(self) -> DatabaseConnector:
        return DatabaseConnector()

    def plant(self, subject: Subject) -> Subject:
        planted = self.world.add_person(subject.email, "Ann Lee")
        revoked = timezone.now() - timedelta(days=3)
        ApiKey.objects.create(
            account=planted.account,
            label="An old one",
            prefix="fx_live_old",
            digest=uuid.uuid4().bytes * 2,
            created_at=revoked,
            revoked_at=revoked,
        )
        return subject_of(planted)._replace(request_id=subject.request_id)

    def plant_stranger(self) -> None:
        self.stranger = self.world.add_person("Ann_Lee@example.org", "Ann Lee")

    def snapshot_of_stranger(self) -> Any:
        return our_rows(self.stranger.account.pk, self.stranger.account.email)

    def holds(self, subject: Subject) -> Any:
        rows = our_rows(subject.refs["accounts"][0], subject.email)
        return {table: found for table, found in rows.items() if table not in KEPT}

    def freezable(self, subject: Subject) -> Any:
        return our_rows(subject.refs["accounts"][0], subject.email)

    def personal(self, subject: Subject) -> list[str]:
        return [subject.email, "Ann Lee", "An old one", "Where is my invoice?", "fx_live_old"]


def test_an_address_with_an_underscore_matches_nobody_else(world: World) -> None:
    world.add_person("ann_lee@example.org")
    other = world.add_person("annxlee@example.org")
    life = Life(DatabaseConnector(), Subject(uuid.uuid4(), "ANN_LEE@example.org", {}))
    life.look()
    assert str(other.account.pk) not in life.refs["accounts"]
    assert len(life.refs["accounts"]) == 1


def test_more_rows_than_a_chunk_are_all_exported_and_erased(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erase, "CHUNK", 100)
    ann = world.add_person("ann.lee@example.org", calls=1001)
    bob = world.add_person("bob@example.org", calls=3)
    life = Life(DatabaseConnector(), subject_of(ann))
    life.look()
    exported = [collection for collection, _ in life.export()]
    assert exported.count("gatewayrequest") == exported.count("gatewaybody") == 1001
    life.erase()
    assert set(GatewayRequest.objects.values_list("account_id", flat=True)) == {bob.account.pk}


def test_an_unknown_person_has_no_data(world: World) -> None:
    world.add_person("ann.lee@example.org")
    discovery = DatabaseConnector().discover(Subject(uuid.uuid4(), "nobody@example.org", {}))
    assert (discovery.found, discovery.keep, discovery.blockers) == ({}, [], [])


def test_a_visitors_messages_are_found_by_address_alone(world: World) -> None:
    SupportMessage.objects.create(
        email="Visitor@example.org", subject="Hello", body="?", received_at=timezone.now()
    )
    life = Life(DatabaseConnector(), Subject(uuid.uuid4(), "visitor@example.org", {}))
    assert life.look().erase == {"supportmessage": 1}
    life.erase()
    assert not SupportMessage.objects.exists()
    assert life.verify() == []


def test_an_index_with_a_percent_sign_in_it_exports_as_any_other() -> None:
    """The blind index is bytes: in every eighth of them one is a percent sign."""
    for number in range(60):
        subject = Subject(uuid.uuid4(), f"person{number}@example.org", {})
        assert list(DatabaseConnector().export(subject, {})) == []


def test_two_accounts_with_one_address_go_to_a_person(world: World) -> None:
    ann = world.add_person("ann.lee@example.org")
    Account.objects.create(email="Ann.Lee@example.org", created_at=timezone.now())
    assert DatabaseConnector().discover(subject_of(ann)).blockers == ["several_accounts"]


def test_an_export_holds_no_key_and_no_hash(world: World) -> None:
    ann = world.add_person("ann.lee@example.org")
    life = Life(DatabaseConnector(), subject_of(ann))
    life.look()
    keys = [record for collection, record in life.export() if collection == "apikey"]
    assert [key["digest"] for key in keys] == ["[withheld]"]
    digest = bytes(ApiKey.objects.get(account=ann.account).digest)
    assert digest.hex() not in str(life.export())


def test_a_freeze_denies_service_and_a_lift_gives_it_back(world: World) -> None:
    ann = world.add_person("ann.lee@example.org")
    life = Life(DatabaseConnector(), subject_of(ann))
    life.look()
    life.freeze()
    stopped = Restriction.objects.filter(account_id=ann.account.pk, lifted_at=None)
    assert stopped.get().purpose == Purpose.SERVICE
    assert not ApiKey.objects.filter(account=ann.account, revoked_at=None).exists()
    life.lift()
    assert not stopped.exists()
    assert ApiKey.objects.filter(account=ann.account, revoked_at=None).exists()


@pytest.mark.acceptance("KEEP-04")
def test_a_day_that_is_retired_meanwhile_is_asked_for_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = world.add_person("ann.lee@example.org")
    with monkeypatch.context() as patch:
        patch.setattr(find, "all_tables", lambda cursor, table: [f"{table}_20200101"])
        with pytest.raises(RetryError, match="day_retired"):
            DatabaseConnector().discover(subject_of(ann))
    assert DatabaseConnector().discover(subject_of(ann)).found


@pytest.mark.acceptance("KEEP-04")
def test_a_day_whose_detachment_is_pending_is_found_exported_and_erased(world: World) -> None:
    ann = world.add_person("ann.lee@example.org", calls=0)
    day = date(2021, 4, 5)
    with far_days(day, 2) as (pending, _):
        for n in range(2):
            make_calls(day + timedelta(days=n), [ann.account.pk], each=2 + n)
        leave_pending(pending)
        life = Life(DatabaseConnector(), subject_of(ann))
        assert life.look().found["gatewayrequest"] == 5
        exported = [collection for collection, _ in life.export()]
        assert exported.count("gatewayrequest") == 5
        life.erase()
        assert life.verify() == []
        with as_owner() as owner:
            assert owner.execute(f"SELECT count(*) FROM {pending}").fetchone() == (0,)


@pytest.mark.acceptance("KEEP-04")
def test_detached_days_and_held_rows_are_exported_and_erased(world: World) -> None:
    ann = world.add_person("ann.lee@example.org", calls=0)
    day = date(2021, 5, 3)
    with far_days(day, 2) as (detached, held):
        make_calls(day, [ann.account.pk], each=2)
        make_calls(day + timedelta(days=1), [ann.account.pk], each=3)
        with as_owner() as owner:
            parent = "accounts_gatewayrequest"
            owner.execute(f"ALTER TABLE {parent} DETACH PARTITION {detached} CONCURRENTLY")
            owner.execute(f"ALTER TABLE {parent} DETACH PARTITION {held}")
            owner.execute(f"ALTER TABLE {held} RENAME TO {parent}_held")
        life = Life(DatabaseConnector(), subject_of(ann))
        assert life.look().found["gatewayrequest"] == 5
        exported = [collection for collection, _ in life.export()]
        assert exported.count("gatewayrequest") == 5
        life.erase()
        assert life.verify() == []
        assert not life.look().erase.get("gatewayrequest")
