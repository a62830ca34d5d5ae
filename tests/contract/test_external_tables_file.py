"""What a file of tables may say, and that every mistake in it is told, all at once."""

import uuid
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from privacy.connectors.base import Subject
from privacy.connectors.errors import PermanentError
from privacy.connectors.external_tables import (
    ExternalTablesConnector,
    catalogue_problems,
    from_settings,
)
from privacy.connectors.external_tables.catalogue import Catalogue
from privacy.connectors.external_tables.file import load
from privacy.words import kind_name
from tests.contract.community import EXAMPLE, add_member, community, grant, sql, tables
from tests.support.world import World

Change = Callable[[list[dict[str, Any]]], Any]
PROFILES, POSTS, ORDERS = range(3)
committed = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])


def changed(tmp_path: Path, change: Change) -> Path:
    content = deepcopy(yaml.safe_load(EXAMPLE.read_text()))
    change(content["tables"])
    path = tmp_path / "tables.yaml"
    path.write_text(yaml.safe_dump(content))
    return path


def circle(rows: list[dict[str, Any]]) -> None:
    rows[PROFILES]["path"] = [
        "public.profiles.id = public.posts.profile_id",
        "public.posts.checked_by = account",
    ]


MISTAKES: dict[str, tuple[Change, str]] = {
    "an unknown key": (lambda rows: rows[0].update(erases="delete"), "erases: Extra inputs"),
    "no title": (lambda rows: rows[0].pop("title"), "title: Field required"),
    "an unknown category": (
        lambda rows: rows[0]["fields"].update(secret=["about"]),
        "public.profiles.fields.secret",
    ),
    "a column in two categories": (
        lambda rows: rows[0]["fields"]["contact"].append("about"),
        "about stands in two categories",
    ),
    "a key without a category": (
        lambda rows: rows[POSTS]["fields"]["identifier"].remove("id"),
        "public.posts: id has no category",
    ),
    "one of our own tables": (
        lambda rows: rows[ORDERS].update(
            table="fluxrouter.accounts_account", path=["fluxrouter.accounts_account.email = email"]
        ),
        "our own tables",
    ),
    "what stays without a ground": (lambda rows: rows[ORDERS].pop("ground"), "needs a ground"),
    "an unknown ground": (lambda rows: rows[ORDERS].update(ground="because"), "ground: Input"),
    "nothing to blank": (lambda rows: rows[ORDERS].pop("blank"), "blank names the fields"),
    "blank fields of what goes": (lambda rows: rows[0].update(blank=["about"]), "blank names"),
    "no path": (lambda rows: rows[0].update(path=[]), "path: List should have"),
    "no hop": (lambda rows: rows[0].update(path=["user_id = me"]), "no hop: user_id = me"),
    "a name that is no name": (
        lambda rows: rows[0].update(key='id" OR true --'),
        "key: String should match",
    ),
    "a path that starts elsewhere": (
        lambda rows: rows[0].update(path=["public.posts.profile_id = account"]),
        "the path starts at public.posts",
    ),
    "a path that breaks off": (
        lambda rows: rows[POSTS].update(
            path=["public.posts.profile_id = public.orders.number", rows[0]["path"][0]]
        ),
        "breaks off before public.profiles",
    ),
    "a path that ends at nobody": (
        lambda rows: rows[0].update(path=["public.profiles.user_id = neighbour"]),
        "must end at one of account, auth_user, email",
    ),
    "a path without an end": (
        lambda rows: rows[POSTS].update(path=rows[POSTS]["path"][:1]),
        "must end at one of",
    ),
    "a path that comes back": (
        lambda rows: rows[POSTS].update(
            path=[
                "public.posts.id = public.posts.profile_id",
                "public.posts.profile_id = account",
            ]
        ),
        "comes back to a table",
    ),
    "a table named twice": (lambda rows: rows.append(rows[0]), "named twice: public_profiles"),
    "a circle": (circle, "no order of erasure"),
    "an unknown field to correct": (
        lambda rows: rows[0].update(correct={"shoe_size": "about"}),
        "correct.shoe_size",
    ),
    "a key that says something of the person": (
        lambda rows: rows[0].update(key="display_name"),
        "the key must be an identifier",
    ),
    "a correction of the column that leads to the person": (
        lambda rows: rows[ORDERS].update(correct={"email": "email"}),
        "can't be corrected here",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.acceptance("PROC-60")
def test_a_mistake_in_the_file_is_told(name: str, tmp_path: Path) -> None:
    change, words = MISTAKES[name]
    found, problems = load(changed(tmp_path, change))
    assert found == []
    assert any(words in problem for problem in problems), problems


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    def change(rows: list[dict[str, Any]]) -> None:
        rows[PROFILES].pop("title")
        rows[POSTS]["key"] = "a b"
        rows[ORDERS].pop("ground")

    _, problems = load(changed(tmp_path, change))
    assert [problem.split(":")[0] for problem in problems] == [
        "public.profiles.title",
        "public.posts.key",
        "public.orders",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tables: [", "No YAML, line"),
        ("[]", "The file: Input should be"),
        ("tables: []", "tables: List should have"),
        ("", "The file: Input should be"),
    ],
)
def test_a_file_without_tables_is_told(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "tables.yaml"
    path.write_text(text)
    [problem] = load(path)[1]
    assert words in problem


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert load(tmp_path / "nowhere.yaml") == ([], ["nowhere.yaml can't be read."])


def test_children_come_before_those_through_whom_they_are_reached() -> None:
    order = [table.table for table in tables()]
    assert order.index("public.posts") < order.index("public.profiles")


@pytest.fixture
def there(world: World) -> Iterator[World]:
    with community(world):
        yield world


DIFFERENCES: dict[str, tuple[str, str]] = {
    "a table that is not there": ("DROP TABLE public.orders", "public.orders does not exist"),
    "a column that nobody classified": (
        "ALTER TABLE public.orders ADD COLUMN phone text",
        "public.orders has columns without a category: phone.",
    ),
    "a column that is not there": (
        "ALTER TABLE public.orders DROP COLUMN amount_cents",
        "public.orders has no columns: amount_cents.",
    ),
    "a column on the way that is not there": (
        "ALTER TABLE public.profiles RENAME user_id TO owner_id",
        "public.posts: public.profiles has no column user_id.",
    ),
    "a person's column of another type": (
        "ALTER TABLE public.orders ALTER email TYPE integer USING 1",
        "public.orders.email must be text or uuid.",
    ),
    "a field that can't be emptied": (
        "ALTER TABLE public.orders ALTER ship_to TYPE integer USING 1, ALTER ship_to SET NOT NULL",
        "public.orders has fields that can't be emptied: ship_to.",
    ),
    "a table that would refuse a deletion": (
        "CREATE TABLE public.likes (post uuid REFERENCES public.posts)",
        "public.posts: public.likes refers to it and would refuse.",
    ),
}


@committed
@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_database_that_differs_stops_everything(name: str, there: World) -> None:
    statement, words = DIFFERENCES[name]
    assert Catalogue(tables()).problems() == []
    sql(there, statement)
    try:
        assert any(words in problem for problem in Catalogue(tables()).problems())
        with pytest.raises(PermanentError, match="external_tables_wrong"):
            ExternalTablesConnector(tables()).discover(
                Subject(uuid.uuid4(), "ann@example.org", {})
            )
    finally:
        sql(there, "DROP TABLE IF EXISTS public.likes")


@committed
@pytest.mark.parametrize(
    ("rights", "words"),
    [
        ("SELECT", ["rows may not be deleted", "rows may not be changed"]),
        ("DELETE", ["may not be read"]),
    ],
)
def test_a_right_that_is_missing_is_told(rights: str, words: list[str], there: World) -> None:
    grant(there, rights)
    problems = " ".join(Catalogue(tables()).problems())
    assert all(each in problems for each in words), problems


@committed
def test_a_foreign_key_against_the_order_of_the_file_is_a_circle(there: World) -> None:
    sql(there, "ALTER TABLE public.profiles ADD COLUMN pinned uuid REFERENCES public.posts")
    found = [
        table.model_copy(
            update={"fields": {**table.fields, "identifier": ["id", "user_id", "pinned"]}}
        )
        if table.table == "public.profiles"
        else table
        for table in tables()
    ]
    [problem] = Catalogue(found).problems()
    assert problem.startswith("no order of erasure")


def test_a_second_database_must_be_named(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda rows: [row.update(database="external") for row in rows])
    problems = Catalogue(load(path)[0]).problems()
    assert problems[0] == "public.posts: EXTERNAL_DATABASE_URL is not set."


def test_without_a_file_there_is_no_connector(settings: Any) -> None:
    settings.EXTERNAL_TABLES = None
    assert from_settings() is None
    assert catalogue_problems() == []


def test_a_file_brings_its_own_words(settings: Any) -> None:
    settings.EXTERNAL_TABLES = EXAMPLE
    made = from_settings()
    assert made is not None
    assert made.corrects == {"full_name"}
    assert kind_name("public_posts") == "Your posts"


@pytest.mark.acceptance("PROC-60")
def test_a_broken_file_fails_the_checks_and_stops_every_request(
    settings: Any, tmp_path: Path
) -> None:
    settings.EXTERNAL_TABLES = changed(tmp_path, lambda rows: rows[0].pop("title"))
    found = [each.msg for each in run_checks() if each.id == "privacy.E008"]
    assert found == ["public.profiles.title: Field required."]
    made = from_settings()
    assert made is not None
    with pytest.raises(PermanentError, match="external_tables_wrong"):
        made.discover(Subject(uuid.uuid4(), "ann@example.org", {}))


@committed
def test_a_difference_fails_the_check_of_the_database(settings: Any, there: World) -> None:
    settings.EXTERNAL_TABLES = EXAMPLE
    add_member(there, "ann@example.org")
    call_command("check", "--database", "default")
    sql(there, "ALTER TABLE public.orders ADD COLUMN phone text")
    with pytest.raises(SystemCheckError, match="without a category: phone"):
        call_command("check", "--database", "default")
