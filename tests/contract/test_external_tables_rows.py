"""Rows of tables beside our own: found, exported, erased, and looked for again."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from privacy.connectors.base import Residue, Subject
from privacy.connectors.errors import NeedsHumanError, PermanentError
from privacy.connectors.external_tables import ExternalTablesConnector, change
from privacy.connectors.external_tables.catalogue import Catalogue
from privacy.connectors.external_tables.file import load
from privacy.connectors.testing import Life
from tests.contract.community import add_member, community, connector, rows_of, sql
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
ANN = "ann.lee@example.org"


@pytest.fixture
def there(world: World) -> Iterator[World]:
    with community(world):
        yield world


def life_of(subject: Subject) -> Life:
    return Life(connector(), subject)


def texts(records: list[tuple[str, Any]], kind: str) -> list[Any]:
    return [record for collection, record in records if collection == kind]


@pytest.mark.acceptance("PROC-34")
def test_more_rows_than_a_chunk_are_all_exported_and_erased(
    there: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change, "CHUNK", 100)
    bob = add_member(there, "bob@example.org", posts=3)
    life = life_of(add_member(there, ANN, posts=1001))
    before = rows_of(there, bob)
    assert life.look().found["public_posts"] == 1001
    assert len(texts(life.export(), "public_posts")) == 1001
    beats: list[int] = []
    task = life._task("erase_rows", "", {}, 0)
    done = life.connector.erase(
        type(task)(task.action, task.subject, refs=life.refs, heartbeat=lambda: beats.append(1))
    )
    assert done.receipt["erased"]["public_posts"] == 1001
    assert len(beats) >= 11
    assert rows_of(there, bob) == before


def test_what_stays_is_emptied_once_and_named_with_its_ground(there: World) -> None:
    life = life_of(add_member(there, ANN))
    discovery = life.look()
    assert discovery.keep == [{"what": "public_orders", "count": 1, "ground": "tax"}]
    life.erase()
    assert sql(there, "SELECT email, ship_to, amount_cents FROM public.orders") == [
        (ANN, None, 1900)
    ]
    again = life.look()
    assert (again.found, again.erase) == ({"public_orders": 1}, {})


def test_an_export_withholds_credentials_and_leaves_staff_out(there: World) -> None:
    life = life_of(add_member(there, ANN))
    life.look()
    records = life.export()
    [profile] = texts(records, "public_profiles")
    assert profile["feed_token"] == "[withheld]"
    assert profile["about"] == 'a\\b "c"\nd\te'
    assert "checked_by" not in texts(records, "public_posts")[0]
    assert "secret-token" not in json.dumps(records)


def test_an_address_is_found_in_any_case_and_never_by_likeness(there: World) -> None:
    others = [add_member(there, email) for email in ("annxlee@example.org", "an@example.org")]
    life = life_of(add_member(there, "Ann_Lee@Example.org"))
    before = [rows_of(there, other) for other in others]
    life.subject = life.subject._replace(email="ann_lee@EXAMPLE.org")
    assert life.look().found["public_orders"] == 1
    life.erase()
    assert life.verify() == []
    assert [rows_of(there, other) for other in others] == before


def test_a_user_whom_only_the_address_leads_to_is_found(there: World) -> None:
    subject = add_member(there, ANN)
    life = life_of(subject._replace(refs={}))
    assert life.look().found["public_profiles"] == 1
    life.erase()
    assert rows_of(there, subject) == []


def test_a_row_whose_way_to_the_person_is_gone_is_still_seen(there: World) -> None:
    life = life_of(add_member(there, ANN))
    life.look()
    sql(there, "ALTER TABLE public.posts DROP CONSTRAINT posts_profile_id_fkey")
    sql(there, "DELETE FROM public.profiles")
    life.erase(without="prepare")
    assert Residue("public_posts", 2) in life.verify()


def test_the_last_look_sees_a_column_that_no_path_uses(there: World) -> None:
    life = life_of(add_member(there, ANN))
    other = add_member(there, "bob@example.org")
    life.look()
    sql(
        there,
        "UPDATE public.profiles SET about = %s WHERE user_id = %s::uuid",
        ANN.upper(),
        other.refs["auth_users"][0],
    )
    life.erase()
    assert life.verify() == [Residue("public_profiles", 1)]


def test_a_column_that_was_added_after_the_approval_stops_the_erasure(there: World) -> None:
    subject = add_member(there, ANN)
    life = life_of(subject)
    life.look()
    before = len(rows_of(there, subject))
    sql(there, "ALTER TABLE public.posts ADD COLUMN place text")
    with pytest.raises(PermanentError, match="external_tables_wrong"):
        life.erase()
    assert len(rows_of(there, subject)) == before


def test_rows_in_another_table_than_the_approver_saw_go_to_a_person(there: World) -> None:
    subject = add_member(there, ANN, posts=0)
    life = life_of(subject)
    life.look()
    sql(
        there,
        "INSERT INTO public.posts (profile_id, text) SELECT id, 'new' FROM public.profiles",
    )
    with pytest.raises(NeedsHumanError, match="new_kind"):
        life.erase()
    assert sql(there, "SELECT count(*) FROM public.posts") == [(1,)]


def test_a_row_that_somebody_elses_row_refers_to_stops_for_a_person(there: World) -> None:
    """A foreign key that came after the check, as any may."""
    life = life_of(add_member(there, ANN))
    life.look()
    catalogue = life.connector._catalogue()
    sql(there, "CREATE TABLE public.likes (post uuid REFERENCES public.posts)")
    sql(there, "INSERT INTO public.likes SELECT id FROM public.posts LIMIT 1")
    try:
        person = change.Person.of(life.subject, life.refs)
        with pytest.raises(PermanentError, match="still_referenced") as refused:
            change.erase(catalogue, catalogue.tables[0], person, lambda: None)
        assert refused.value.__cause__ is None
    finally:
        sql(there, "DROP TABLE public.likes")


def test_a_correction_is_written_where_it_differs(there: World) -> None:
    other = add_member(there, "bob@example.org")
    before = rows_of(there, other)
    life = life_of(add_member(there, ANN))
    life.look()
    patch = {"full_name": "Zoë “Q” O'Neil %s \\"}
    receipts = []
    for _ in range(2):
        life.correct(patch)
        receipts.append(life.written[-2])
    assert receipts == [{"corrected": {"full_name": 1}}, {"corrected": {"full_name": 0}}]
    assert [value.text for value in life.current(patch)] == [patch["full_name"]]
    assert rows_of(there, other) == before


@pytest.mark.parametrize(
    "rule", ["ALTER display_name TYPE varchar(12)", "ADD CHECK (display_name <> 'Anna Zweigelt')"]
)
def test_a_value_that_the_table_refuses_is_for_a_person(there: World, rule: str) -> None:
    life = life_of(add_member(there, ANN))
    life.look()
    sql(there, f"ALTER TABLE public.profiles {rule}")
    with pytest.raises(PermanentError, match="refused_value"):
        life.correct({"full_name": "Anna Zweigelt"})
    assert sql(there, "SELECT display_name FROM public.profiles") == [("Ann Zweigelt",)]


NOTES = """
tables:
  - table: public.notes
    key: id
    title: Notes on accounts
    path: ["public.notes.account = account"]
    fields: {identifier: [id, account], content: [text]}
    erase: delete
    purpose: Remember what was said
    basis: none
    source: Our staff
"""


def test_a_table_in_our_own_database_is_found_by_the_account(world: World, tmp_path: Path) -> None:
    path = tmp_path / "tables.yaml"
    path.write_text(NOTES)
    found, problems = load(path)
    assert problems == []
    account, role = str(uuid.uuid4()), connections["default"].settings_dict["USER"]
    sql(world, "CREATE TABLE public.notes (id text PRIMARY KEY, account text, text text)")
    try:
        sql(world, f'GRANT ALL ON public.notes TO "{role}"')
        sql(
            world,
            "INSERT INTO public.notes SELECT n, %s, 'x' FROM generate_series(1, 3) n",
            account,
        )
        sql(world, "INSERT INTO public.notes VALUES ('9', %s, 'y')", str(uuid.uuid4()))
        subject = Subject(uuid.uuid4(), ANN, {"accounts": [account]})
        life = Life(ExternalTablesConnector(found), subject)
        assert life.look().found == {"public_notes": 3}
        life.erase()
        assert life.verify() == []
        assert sql(world, "SELECT id FROM public.notes") == [("9",)]
        sql(world, "ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY")
        [problem] = Catalogue(found).problems()
        assert problem.endswith("may not be read (grant, or row level security).")
    finally:
        sql(world, "DROP TABLE public.notes")


def test_a_key_that_two_people_share_takes_nobody_elses_row(world: World, tmp_path: Path) -> None:
    path = tmp_path / "tables.yaml"
    path.write_text(NOTES)
    mine, theirs = str(uuid.uuid4()), str(uuid.uuid4())
    sql(world, "CREATE TABLE public.notes (id text, account text, text text)")
    try:
        sql(
            world, f'GRANT ALL ON public.notes TO "{connections["default"].settings_dict["USER"]}"'
        )
        for account in (mine, mine, theirs):
            sql(world, "INSERT INTO public.notes VALUES ('same', %s, 'x')", account)
        subject = Subject(uuid.uuid4(), ANN, {"accounts": [mine]})
        life = Life(ExternalTablesConnector(load(path)[0]), subject)
        life.look()
        life.erase()
        assert life.verify() == []
        assert sql(world, "SELECT account FROM public.notes") == [(theirs,)]
    finally:
        sql(world, "DROP TABLE public.notes")
