"""The database itself refuses to change, delete or empty the trail, whoever asks."""

import uuid

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from fluxrouter.foundation.models import TrailChain, TrailEvent, TrailSeal
from fluxrouter.foundation.trail.seal import DISPOSALS, dispose_chain, seal_trail
from fluxrouter.foundation.trail.verify import verify_trail
from tests.support.database import committed
from tests.support.trail import make_chain, whole_guards_on

pytestmark = [committed, pytest.mark.acceptance("MAIN-46")]

CHANGES = (
    "UPDATE foundation_trailevent SET code = 'request.denied'",
    "UPDATE foundation_trailevent SET seq = seq + 1",
    "DELETE FROM foundation_trailevent",
    "UPDATE foundation_trailseal SET heads = '{}'",
    "DELETE FROM foundation_trailseal",
)


def execute(alias: str, statement: str) -> None:
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_owner_is_refused_by_the_trigger(statement: str) -> None:
    make_chain(2)
    seal_trail()
    with pytest.raises(IntegrityError) as raised:
        execute("owner", statement)
    assert raised.value.sqlstate == "23001"
    assert verify_trail() == []


@pytest.mark.parametrize("statement", CHANGES)
def test_the_application_has_no_right_to_ask(statement: str) -> None:
    make_chain(2)
    seal_trail()
    with pytest.raises(DatabaseError) as raised:
        execute("default", statement)
    assert raised.value.sqlstate == "42501"


@pytest.mark.parametrize("table", ["foundation_trailevent", "foundation_trailseal"])
def test_nobody_empties_a_table(table: str) -> None:
    make_chain(2)
    with whole_guards_on():
        for alias in ("owner", "default"):
            with pytest.raises(DatabaseError) as raised:
                execute(alias, f"TRUNCATE {table}")
            assert raised.value.sqlstate == {"owner": "23001", "default": "42501"}[alias]
    assert TrailEvent.objects.count() == 2


@pytest.mark.parametrize("table", ["foundation_trailevent", "foundation_trailseal"])
def test_the_application_may_only_read_and_add(table: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT privilege_type FROM information_schema.role_table_grants"
            " WHERE table_name = %s AND grantee = current_user ORDER BY 1",
            [table],
        )
        assert [name for (name,) in cursor.fetchall()] == ["INSERT", "SELECT"]


def test_one_whole_sealed_chain_may_be_disposed_of() -> None:
    gone, kept = make_chain(3), make_chain(2)
    seal_trail()
    dispose_chain(gone, because="retention.rule")
    assert set(TrailEvent.objects.values_list("chain_id", flat=True)) == {kept, DISPOSALS}
    told = TrailEvent.objects.get(chain_id=DISPOSALS)
    assert (told.data["disposed"], told.data["seq"]) == (str(gone), 3)
    assert verify_trail() == []
    seal_trail()
    assert verify_trail() == []


def test_an_unsealed_chain_is_not_disposed_of() -> None:
    chain = make_chain(2)
    seal_trail()
    make_chain(1, chain)
    with pytest.raises(ValueError, match="unsealed"):
        dispose_chain(chain, because="retention.rule")
    assert TrailEvent.objects.filter(chain_id=chain).count() == 3


def test_naming_a_chain_does_not_open_another(make_two: tuple[uuid.UUID, uuid.UUID]) -> None:
    named, other = make_two
    with pytest.raises(IntegrityError):
        dispose("owner", named, other)
    assert TrailEvent.objects.filter(chain_id=other).count() == 2


def test_the_application_can_not_dispose(make_two: tuple[uuid.UUID, uuid.UUID]) -> None:
    named, _ = make_two
    with pytest.raises(DatabaseError) as raised:
        dispose("default", named, named)
    assert raised.value.sqlstate == "42501"


def test_the_permission_ends_with_its_transaction(make_two: tuple[uuid.UUID, uuid.UUID]) -> None:
    named, _ = make_two
    with transaction.atomic(using="owner"):
        name_for_disposal("owner", named)
    with pytest.raises(IntegrityError):
        delete_events("owner", named)


@pytest.fixture
def make_two() -> tuple[uuid.UUID, uuid.UUID]:
    chains = make_chain(2), make_chain(2)
    seal_trail()
    assert TrailSeal.objects.count() == 1
    assert TrailChain.objects.count() == 2
    return chains


def name_for_disposal(alias: str, chain: uuid.UUID) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT set_config('fluxrouter.disposing', %s, true)", [str(chain)])


def delete_events(alias: str, chain: uuid.UUID) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("DELETE FROM foundation_trailevent WHERE chain_id = %s", [chain])


def dispose(alias: str, named: uuid.UUID, deleted: uuid.UUID) -> None:
    with transaction.atomic(using=alias):
        name_for_disposal(alias, named)
        delete_events(alias, deleted)
