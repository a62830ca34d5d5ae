"""What a correction does at Supabase Auth, seen by the sandbox's own rows."""

import json
from typing import Any

import pytest

from privacy.connectors.errors import PermanentError
from privacy.connectors.testing import Life
from tests.contract.test_supabase_auth_contract import planted, sql
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("PROC-43"),
]


def looked_at(world: World, **options: Any) -> Life:
    life = planted(world, **options)
    life.look()
    return life


def user_of(world: World, life: Life) -> dict[str, Any]:
    found = sql(
        world,
        "SELECT row_to_json(u) FROM auth.users AS u WHERE id = %s::uuid",
        life.subject.refs["auth_users"][0],
    )
    return dict(found[0][0])


def test_a_corrected_address_is_confirmed_and_nothing_else_changes(world: World) -> None:
    life = looked_at(world, phone="+49301234567")
    before = user_of(world, life)
    life.correct({"email": "New.Ann@example.org"})
    after = user_of(world, life)
    assert after["email"] == "new.ann@example.org"
    assert after["email_confirmed_at"] > before["email_confirmed_at"]
    touched = {"email", "email_confirmed_at", "updated_at", "confirmed_at"}
    assert {name for name in after if after[name] != before[name]} <= touched


def test_a_name_is_corrected_wherever_a_sign_in_left_it_and_the_rest_stays(world: World) -> None:
    life = looked_at(world, user_metadata={"name": "An Example", "theme": "dark"})
    life.correct({"full_name": "Ann Exemplar", "company": "Exemplar Ltd"})
    assert user_of(world, life)["raw_user_meta_data"] == {
        "full_name": "Ann Exemplar",
        "name": "Ann Exemplar",
        "company": "Exemplar Ltd",
        "theme": "dark",
    }


def test_a_way_to_sign_in_is_never_added(world: World) -> None:
    life = looked_at(world)
    assert life.current({"phone": "+49 30 7654321"}) == []
    life.correct({"phone": "+49 30 7654321"})
    assert user_of(world, life)["phone"] is None
    assert {call.method for call in world.auth.log} == {"GET"}


def test_a_phone_number_is_stored_as_auth_wants_it(world: World) -> None:
    life = looked_at(world, phone="+49301234567")
    life.correct({"phone": "+49 (30) 765-4321"})
    assert user_of(world, life)["phone"] == "49307654321"
    assert life.current({"phone": ""})[0].text == "+49307654321"


def test_what_stands_there_already_is_not_written(world: World) -> None:
    life = looked_at(world, phone="+49301234567")
    same = {"email": "Ann.Lee@example.org", "phone": "+49 30 1234567", "full_name": "Ann Example"}
    life.correct(same)
    assert {call.method for call in world.auth.log} == {"GET"}
    assert life.written[-2] == {"corrected": {}}


@pytest.mark.parametrize("shown", [True, False])
def test_an_address_that_somebody_else_has_is_for_a_person(world: World, shown: bool) -> None:
    if shown:  # an older version, which shows what the database said
        world.auth.broken = frozenset({"error_version_hides_the_database"})
    other = planted(world, "new.ann@example.org")
    life = looked_at(world)
    with pytest.raises(PermanentError) as refused:
        life.correct({"email": "new.ann@example.org"})
    assert refused.value.code == "already_taken"
    assert refused.value.__cause__ is None
    assert user_of(world, life)["email"] == "ann.lee@example.org"
    assert user_of(world, other)["email"] == "new.ann@example.org"


def test_a_receipt_counts_fields_and_names_nobody(world: World) -> None:
    life = looked_at(world)
    life.correct({"email": "new.ann@example.org", "full_name": "Ann Exemplar"})
    assert life.written[-2] == {"corrected": {"email": 1, "full_name": 1}}
    assert "emplar" not in json.dumps(life.written)
