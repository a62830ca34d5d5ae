"""Supabase's Data API and PUBLIC see nothing of ours, or nothing starts."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from psycopg import sql

from accounts.models import Account
from fluxrouter.embedded.servers import PROJECT
from fluxrouter.foundation.checks import database_problems, refuse_exposed_database
from fluxrouter.foundation.database import grant_schema
from fluxrouter.foundation.models import Alarm
from fluxrouter.foundation.watch import watch_database
from tests.support.database import (
    DATA_API_ROLES,
    SCHEMA,
    Connection,
    as_admin,
    as_owner,
    committed,
    environment_of_test_database,
    make_role,
    our_tables,
)
from tests.support.rows import make_account

pytestmark = [committed, pytest.mark.acceptance("MAIN-53")]


@pytest.fixture
def admin() -> Iterator[Connection]:
    with as_admin() as connection:
        for name in DATA_API_ROLES:
            make_role(connection, name)
        grant_schema()
        yield connection
        connection.execute("RESET ROLE")


@contextmanager
def undone(connection: Connection, statement: str, undo: str) -> Iterator[None]:
    connection.execute(statement)
    try:
        yield
    finally:
        connection.execute(undo)


GRANTS = [
    ("GRANT SELECT ON accounts_account TO {}", "accounts_account"),
    ("GRANT SELECT (email) ON accounts_account TO {}", "accounts_account"),
    ("GRANT INSERT ON accounts_gatewaybody TO {}", "accounts_gatewaybody"),
    ("GRANT USAGE ON foundation_alarm_id_seq TO {}", "foundation_alarm_id_seq"),
    ("GRANT USAGE ON SCHEMA fluxrouter TO {}", "may use schema fluxrouter"),
]


@pytest.mark.parametrize("name", DATA_API_ROLES)
def test_a_data_api_role_reads_no_table(admin: Connection, name: str) -> None:
    tables = our_tables(admin)
    assert len(tables) > 30
    admin.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(name)))
    for table in tables:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            admin.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(SCHEMA, table)))


@pytest.mark.parametrize("name", [*DATA_API_ROLES, "public"])
def test_no_privilege_stands_in_the_catalogue(admin: Connection, name: str) -> None:
    row = admin.execute("SELECT has_schema_privilege(%s, %s, 'USAGE')", [name, SCHEMA])
    assert row.fetchone() == (False,)
    for table in our_tables(admin):
        found = admin.execute(
            "SELECT has_table_privilege(%s, %s, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')",
            [name, f"{SCHEMA}.{table}"],
        ).fetchone()
        assert found == (False,), table


def test_every_table_has_row_level_security_and_one_policy(admin: Connection) -> None:
    rows = admin.execute(
        """SELECT relname, relrowsecurity,
             (SELECT array_agg(polname::text) FROM pg_policy WHERE polrelid = c.oid)
           FROM pg_class c WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p')""",
        [SCHEMA],
    ).fetchall()
    assert {(secured, *(policies or [])) for _, secured, policies in rows} == {
        (True, "application")
    }


def test_a_grant_without_a_policy_shows_no_row(admin: Connection) -> None:
    make_account()
    assert Account.objects.count() == 1
    grant = "GRANT USAGE ON SCHEMA fluxrouter TO anon; GRANT SELECT ON accounts_account TO anon"
    undo = (
        "RESET ROLE; REVOKE USAGE ON SCHEMA fluxrouter FROM anon;"
        " REVOKE SELECT ON accounts_account FROM anon"
    )
    with undone(admin, grant, undo):
        admin.execute("SET ROLE anon")
        assert admin.execute("SELECT count(*) FROM accounts_account").fetchone() == (0,)


@pytest.mark.parametrize(("grant", "named"), GRANTS)
@pytest.mark.parametrize("grantee", ["anon", "authenticated", "PUBLIC"])
def test_any_grant_stops_the_start(
    admin: Connection, grant: str, named: str, grantee: str
) -> None:
    undo = grant.replace("GRANT", "REVOKE").replace(" TO ", " FROM ").format(grantee)
    with as_owner() as owner, undone(owner, grant.format(grantee), undo):
        (problem,) = database_problems()
        assert named in problem
        assert grantee.lower() in problem
        with pytest.raises(ImproperlyConfigured, match=named):
            refuse_exposed_database()
    assert database_problems() == []


def test_a_view_of_ours_that_public_may_read_counts_too(admin: Connection) -> None:
    make = "CREATE VIEW seen AS SELECT * FROM accounts_account; GRANT SELECT ON seen TO anon"
    with as_owner() as owner, undone(owner, make, "DROP VIEW seen"):
        assert database_problems() == ["Role anon has a privilege on seen."]


IN_PUBLIC = "CREATE TABLE public.accounts_account (id int)"
OUT_OF_PUBLIC = "DROP TABLE public.accounts_account"


def test_a_table_of_ours_in_public_is_named(admin: Connection) -> None:
    with undone(admin, IN_PUBLIC, OUT_OF_PUBLIC):
        with pytest.raises(ImproperlyConfigured, match="accounts_account stands in schema public"):
            refuse_exposed_database()
        with pytest.raises(CommandError, match=r"foundation\.E001"):
            call_command("check", databases=["default"])
        assert watch_database() == {"problems": 1}
        assert Alarm.objects.get(cleared_at=None).code == "database_exposed"
    assert watch_database() == {"problems": 0}
    assert not Alarm.objects.filter(cleared_at=None).exists()


def test_somebody_elses_table_in_public_is_their_own(admin: Connection) -> None:
    with undone(admin, "CREATE TABLE public.todos (id int)", "DROP TABLE public.todos"):
        assert database_problems() == []


@pytest.mark.parametrize(
    "program",
    ["import fluxrouter.wsgi", "from fluxrouter.celery import refuse_unsafe_start as f; f()"],
)
def test_neither_web_server_nor_worker_starts(admin: Connection, program: str) -> None:
    if "celery" in program:
        program = f"import django; import fluxrouter.celery; django.setup(); {program}"
    with undone(admin, IN_PUBLIC, OUT_OF_PUBLIC):
        done = start(program)
    assert done.returncode == 1
    assert "Not starting. Table accounts_account stands in schema public" in done.stderr


def test_a_safe_database_lets_the_web_server_start(admin: Connection) -> None:
    assert start("import fluxrouter.wsgi").returncode == 0


def start(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env=environment_of_test_database(),
        capture_output=True,
        text=True,
        check=False,
    )
