"""Whatever one person asks for, nothing of another one changes in any system."""

from typing import Any

import pytest

from tests.support.dashboards import close_tasks, delete_by_hand
from tests.support.lives import Life, pump_once, staff
from tests.support.markers import mark
from tests.support.snapshots import everywhere
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
ANN = "zq.quitte@example.org"
BOB = "ZQ_Quitte@example.org"


def at_every_stage(life: Life) -> Any:
    """The request's whole life, with a stop wherever somebody could have been hurt."""
    for move in (Life.confirm, Life.approve, Life.lift):
        pump_once()
        yield
        move(life)
    pump_once()
    yield
    if "erasure" in life.rights:
        delete_by_hand(life.world, life.world.people[life.email])
    close_tasks(life.request, actor=staff("second"))
    pump_once()
    yield
    life.refresh()
    assert life.request.status == "completed", life.problems


@pytest.mark.acceptance("SEC-04")
@pytest.mark.parametrize("rights", ["access", "erasure", "restriction", "objection"])
def test_of_somebody_like_them_nothing_changes_in_any_system(world: World, rights: str) -> None:
    mark(world, ANN, "Ann")
    bob = mark(world, BOB, "Bob").person
    before = everywhere(world, bob)
    assert all(before.values()), "they are everywhere"
    for _ in at_every_stage(Life.begin(world, ANN, *rights.split())):
        assert everywhere(world, bob) == before


@pytest.mark.acceptance("SEC-04", "PROC-43")
def test_a_correction_changes_nobody_else_in_any_system(world: World) -> None:
    ann, bob = world.add_person(ANN, "Ann Lee"), world.add_person(BOB, "Ann Lee")
    hers, his = everywhere(world, ann), everywhere(world, bob)
    for _ in at_every_stage(Life.begin(world, ANN, "rectification")):
        assert everywhere(world, bob) == his
    changed = {name for name, held in everywhere(world, ann).items() if held != hers[name]}
    assert changed == {"ours", "auth", "stripe", "mailbox", "chatbase"}


def test_the_snapshot_sees_a_change_in_each_system(world: World) -> None:
    """The look itself: one that saw nothing would prove nothing."""
    bob = mark(world, BOB, "Bob").person
    before = everywhere(world, bob)
    for spoil in SPOILED:
        spoil(world, bob)
    after = everywhere(world, bob)
    assert {name for name in before if before[name] != after[name]} == before.keys()


def change_rows(world: World, person: Any) -> None:
    with world.connect() as connection:
        for table in ("auth.users", "fluxrouter.accounts_account"):
            value = "raw_user_meta_data = '{}'" if table == "auth.users" else "company = 'x'"
            user = "id" if table == "auth.users" else "supabase_user_id"
            connection.execute(f"UPDATE {table} SET {value} WHERE {user} = %s", [person.user.id])
        connection.execute("UPDATE storage_backend.files SET content = 'x'")


def change_sandboxes(world: World, person: Any) -> None:
    world.stripe.store.save({**world.stripe.find("customer", person.customer), "name": "x"})
    for contact in world.mailbox.contacts.values():
        contact["unsubscribed"] = True
    world.chatbase.tables[world.chatbase.agents[0]]["contact"][0]["name"] = "x"
    world.models.objects.popitem()


SPOILED = (change_rows, change_sandboxes)
