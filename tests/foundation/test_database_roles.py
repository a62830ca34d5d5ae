"""Three roles on one schema: who may make tables, who may read and write rows."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction

from accounts.models import Account
from fluxrouter.foundation.database import Router, grant_schema, tables_without_policy
from tests.support.database import BOTH, SCHEMA, as_admin, committed, rolled_back
from tests.support.rows import make_account

pytestmark = pytest.mark.acceptance("MAIN-40")


def ask(alias: str, question: str, *values: str) -> list[tuple[object, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())


def refusal(alias: str, statement: str) -> str:
    with (
        pytest.raises(DatabaseError) as raised,
        transaction.atomic(using=alias),
        connections[alias].cursor() as cursor,
    ):
        cursor.execute(statement)
    return raised.value.sqlstate


@rolled_back
def test_each_alias_is_a_role_of_its_own() -> None:
    names = {alias: ask(alias, "SELECT current_user")[0][0] for alias in BOTH}
    assert len(set(names.values())) == 3


@rolled_back
def test_no_role_of_ours_is_mighty() -> None:
    for alias in BOTH:
        (row,) = ask(
            alias,
            "SELECT rolsuper, rolcreaterole, rolbypassrls FROM pg_roles"
            " WHERE rolname = current_user",
        )
        # Auth's tables have row level security and no policy: only that role must see past it.
        assert row == (False, False, alias == "supabase"), alias


@rolled_back
def test_every_table_of_ours_stands_in_our_schema() -> None:
    rows = ask(
        "owner",
        "SELECT DISTINCT schemaname, tableowner = current_user FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'auth', 'storage',"
        " 'storage_backend')",
    )
    assert rows == [(SCHEMA, True)]


@rolled_back
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TABLE public.mine (id int)",
        "ALTER TABLE accounts_account ADD COLUMN more text",
        "DROP TABLE accounts_account",
        "TRUNCATE accounts_account",
        "ALTER TABLE accounts_account DISABLE ROW LEVEL SECURITY",
        "DROP POLICY application ON accounts_account",
        "ALTER TABLE foundation_trailevent DISABLE TRIGGER USER",
        "CREATE ROLE another",
        "CREATE SCHEMA another",
    ],
)
def test_the_application_can_not_change_the_schema(statement: str) -> None:
    assert refusal("default", statement) == "42501"


@committed
def test_the_application_reads_writes_and_has_temporary_tables() -> None:
    account = make_account()
    Account.objects.filter(pk=account.pk).update(company="Example Ltd")
    assert Account.objects.get(pk=account.pk).company == "Example Ltd"
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE staging (id uuid) ON COMMIT DROP")
    account.delete()
    assert not Account.objects.exists()


@committed
def test_the_connectors_role_sees_auth_and_none_of_ours() -> None:
    users = "SELECT count(*) FROM auth.users"
    assert ask("supabase", users) == ask("owner", users)
    assert refusal("supabase", f"SELECT 1 FROM {SCHEMA}.accounts_account") == "42501"
    assert refusal("supabase", "UPDATE auth.users SET email = 'x'") == "42501"
    assert refusal("supabase", "DELETE FROM auth.users") == "42501"


def test_tables_are_the_owners_whoever_asks() -> None:
    assert Router().allow_migrate("owner", "accounts")
    assert not Router().allow_migrate("default", "accounts")
    assert not Router().allow_migrate("supabase", "accounts")


@committed
@pytest.mark.parametrize("options", [{}, {"database": "default"}])
def test_plain_migrate_goes_to_the_owner_and_can_be_repeated(options: dict[str, str]) -> None:
    call_command("migrate", verbosity=0, **options)
    assert refusal("default", "CREATE TABLE mine (id int)") == "42501"


@committed
def test_granting_again_changes_nothing_and_heals_a_new_table() -> None:
    def rights() -> list[tuple[object, ...]]:
        return ask(
            "owner",
            "SELECT relname, relacl::text FROM pg_class"
            " WHERE relnamespace = %s::regnamespace ORDER BY 1",
            SCHEMA,
        )

    before = rights()
    grant_schema()
    assert rights() == before
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE newcomer (id int)")
        try:
            assert tables_without_policy(cursor) == ["newcomer"]
            grant_schema()
            assert tables_without_policy(cursor) == []
            assert ask("default", "SELECT count(*) FROM newcomer") == [(0,)]
        finally:
            cursor.execute("DROP TABLE newcomer")


@committed
def test_preparing_the_database_again_changes_nothing() -> None:
    with as_admin() as admin:
        call_command("prepare_database", verbosity=0)
        found = admin.execute(
            "SELECT rolname, rolcreatedb FROM pg_roles WHERE rolname LIKE 'flux\\_%' ORDER BY 1"
        ).fetchall()
    assert found == [("flux_app", False), ("flux_owner", True), ("flux_supabase", False)]
