"""The table of personal columns tells the truth about what a hard delete leaves."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from supabase import Client

from fluxrouter.sandbox.supabase.app import SupabaseSandbox
from fluxrouter.sandbox.supabase.markers import plant_markers
from fluxrouter.sandbox.supabase.people import Person, add_user

COPIED = {("auth.users", "email"), ("auth.users", "phone")}


@pytest.mark.acceptance("SBX-02")
def test_a_hard_delete_leaves_exactly_the_places_the_table_says(
    auth: SupabaseSandbox, supabase: Client, ann: Person, auth_database: Callable[[], Any]
) -> None:
    with auth_database() as connection:
        planted = plant_markers(connection, ann.id, "Quitte")
    assert len(set(planted.values())) == len(planted)
    assert [
        place for place, value in planted.items() if value not in json.dumps(auth.dump())
    ] == []
    supabase.auth.admin.delete_user(str(ann.id))
    left = json.dumps(auth.dump())
    found = {place for place, value in planted.items() if value in left}
    # The deletion itself copied the e-mail and the phone number into the log.
    copied = {place for place in planted if (place.table, place.column) in COPIED}
    assert found == {place for place in planted if not place.goes_with_user} | copied


def test_nobody_else_is_marked(
    auth_database: Callable[[], Any], ann: Person, rows: Callable[..., Any]
) -> None:
    with auth_database() as connection:
        bea = add_user(connection, email="bea@example.org")
        plant_markers(connection, ann.id, "Quitte")
    assert rows("SELECT email FROM auth.users WHERE id = %s", bea.id) == [("bea@example.org",)]


def test_a_marker_needs_a_whole_person(auth_database: Callable[[], Any]) -> None:
    with auth_database() as connection, pytest.raises(LookupError, match="no row"):
        plant_markers(connection, uuid4(), "Quitte")
