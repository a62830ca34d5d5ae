"""Make the database's roles, and the database where it is missing. Safe to repeat."""

import os
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql
from psycopg.conninfo import make_conninfo

from fluxrouter.foundation.database import SCHEMA

# What the connector needs of Supabase's tables (docs/deployment.md explains each).
STORAGE_READS = ("buckets", "objects", "s3_multipart_uploads")
AUTH_DELETES = ("sessions", "refresh_tokens", "flow_state", "audit_log_entries")


class Command(BaseCommand):
    help = (
        "Reads DATABASE_ADMIN_URL (a role that may create roles and databases) and makes the "
        "roles named in DATABASE_URL, DATABASE_OWNER_URL and SUPABASE_DATABASE_URL."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        admin = os.environ.get("DATABASE_ADMIN_URL")
        if not admin:
            raise CommandError("DATABASE_ADMIN_URL is not set: it names who may create roles.")
        with connect_somewhere(admin) as connection:
            for alias in ("owner", "default", "supabase"):
                make_role(connection, alias)
            made = make_database(connection)
        target = make_conninfo(admin, dbname=settings.DATABASES["owner"]["NAME"])
        with psycopg.connect(target, autocommit=True) as connection:
            make_schema(connection)
            auth = grant_auth(connection)
            grant_storage(connection)
            sees = let_see_rows(connection)
        self.stdout.write(f"Roles ready. Database {'made' if made else 'was there'}.")
        self.stdout.write(f"Rights on Auth's tables: {auth}.")
        if not sees:
            self.stdout.write(
                "The role for Auth's tables has no BYPASSRLS, and you may not give it: if row "
                "level security is on there, requests will stop and say so."
            )


def connect_somewhere(admin: str) -> psycopg.Connection[Any]:
    """The named database may be the one that is still to be made."""
    try:
        return psycopg.connect(admin, autocommit=True)
    except psycopg.OperationalError:
        return psycopg.connect(make_conninfo(admin, dbname="postgres"), autocommit=True)


def make_role(connection: psycopg.Connection[Any], alias: str) -> None:
    """A login role without any special right; only the owner makes (test) databases."""
    config = settings.DATABASES[alias]
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [config["USER"]])
    verb = "ALTER" if exists.fetchone() else "CREATE"
    text = "{verb} ROLE {name} LOGIN {createdb} PASSWORD {password}"
    connection.execute(
        sql.SQL(text).format(
            verb=sql.SQL(verb),
            name=sql.Identifier(config["USER"]),
            createdb=sql.SQL("CREATEDB" if alias == "owner" else "NOCREATEDB"),
            password=sql.Literal(config["PASSWORD"]),
        )
    )


def let_see_rows(connection: psycopg.Connection[Any]) -> bool:
    """Auth's tables have row level security and no policy: only BYPASSRLS sees their rows.

    False where the administrator may not give that right away.
    """
    name = sql.Identifier(settings.DATABASES["supabase"]["USER"])
    try:
        connection.execute(sql.SQL("ALTER ROLE {} BYPASSRLS").format(name))
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def make_database(connection: psycopg.Connection[Any]) -> bool:
    name = settings.DATABASES["owner"]["NAME"]
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if not found:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    owner = sql.Identifier(settings.DATABASES["owner"]["USER"])
    connection.execute(
        sql.SQL("GRANT CREATE, CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
            sql.Identifier(name), owner
        )
    )
    return not found


def make_schema(connection: psycopg.Connection[Any]) -> None:
    """The schema, owned by the owner's role. On Supabase `postgres` must be a member of it."""
    owner = sql.Identifier(settings.DATABASES["owner"]["USER"])
    connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owner))
    connection.execute(
        sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(
            sql.Identifier(SCHEMA), owner
        )
    )


def grant_auth(connection: psycopg.Connection[Any]) -> str:
    """Let the connector's role read Auth's tables and delete what Auth itself can't.

    Returns what came of it, in words: PostgreSQL only warns where a grant isn't ours to give.
    """
    found = connection.execute("SELECT to_regnamespace('auth')").fetchone()
    if not found or not found[0]:
        return "no auth schema here; run this again once there is one"
    role = sql.Identifier(settings.DATABASES["supabase"]["USER"])
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA auth TO {}").format(role))
    connection.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA auth TO {}").format(role))
    for table in AUTH_DELETES:
        connection.execute(
            sql.SQL("GRANT DELETE ON auth.{} TO {}").format(sql.Identifier(table), role)
        )
    missing = missing_rights(connection)
    return f"still without {', '.join(missing)}" if missing else "granted"


def grant_storage(connection: psycopg.Connection[Any]) -> None:
    """Let the connector's role read who owns which file. Storage's API does the rest."""
    found = connection.execute("SELECT to_regclass('storage.objects')").fetchone()
    if not found or not found[0]:
        return
    role = sql.Identifier(settings.DATABASES["supabase"]["USER"])
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA storage TO {}").format(role))
    for table in STORAGE_READS:
        connection.execute(
            sql.SQL("GRANT SELECT ON storage.{} TO {}").format(sql.Identifier(table), role)
        )


def missing_rights(connection: psycopg.Connection[Any]) -> list[str]:
    name = settings.DATABASES["supabase"]["USER"]
    wanted = [("auth.users", "SELECT"), *((f"auth.{table}", "DELETE") for table in AUTH_DELETES)]
    missing = []
    for table, right in wanted:
        row = connection.execute(
            "SELECT has_table_privilege(%s, %s, %s)", [name, table, right]
        ).fetchone()
        if not row or not row[0]:
            missing.append(f"{right} on {table}")
    return missing
