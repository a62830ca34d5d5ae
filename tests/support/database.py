"""Roles and second connections for tests that look at the database from outside Django."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.support.world import connect_to_test_database

SCHEMA = "fluxrouter"
DATA_API_ROLES = ("anon", "authenticated")
BOTH = ["default", "owner", "supabase"]
# The marks under which rows are committed, so that other connections see them.
committed = pytest.mark.django_db(transaction=True, databases=BOTH)
rolled_back = pytest.mark.django_db(databases=BOTH)

Connection = psycopg.Connection[Any]


@contextmanager
def as_owner() -> Iterator[Connection]:
    """The owner's role on the test database, each statement committed at once."""
    with connect_to_test_database() as connection:
        connection.autocommit = True
        connection.execute(f"SET search_path = {SCHEMA}")
        yield connection


@contextmanager
def as_admin() -> Iterator[Connection]:
    """Who may make roles, on the test database."""
    admin = os.environ.get("DATABASE_ADMIN_URL")
    if not admin:
        pytest.skip("DATABASE_ADMIN_URL is not set: this needs who may make roles")
    target = make_conninfo(admin, dbname=connections["owner"].settings_dict["NAME"])
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute(f"SET search_path = {SCHEMA}")
        yield connection


def make_role(connection: Connection, name: str) -> None:
    """A role as Supabase has it; another worker may make it at the same time."""
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    if not found.fetchone():
        try:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            return


def our_tables(connection: Connection) -> list[str]:
    """Every table of our schema, partitions included."""
    rows = connection.execute(
        """SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace
           AND relkind IN ('r', 'p') ORDER BY 1""",
        [SCHEMA],
    )
    return [name for (name,) in rows]


def environment_of_test_database() -> dict[str, str]:
    """For a process of its own that must see what the test sees."""
    names = {
        "default": "DATABASE_URL",
        "owner": "DATABASE_OWNER_URL",
        "supabase": "SUPABASE_DATABASE_URL",
    }
    return {
        **os.environ,
        **{names[alias]: url_of(connections[alias].settings_dict) for alias in names},
    }


def url_of(config: dict[str, Any]) -> str:
    return make_conninfo(
        dbname=config["NAME"],
        user=config["USER"],
        password=config["PASSWORD"],
        host=config["HOST"],
        port=config["PORT"],
    )
