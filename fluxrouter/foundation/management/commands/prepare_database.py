"""Make the database's roles, and the database where it is missing. Safe to repeat."""

import os
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql
from psycopg.conninfo import make_conninfo

from fluxrouter.foundation.database import SCHEMA

# What the connector needs of Supabase Auth's tables (docs/deployment.md explains each).
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
        with psycopg.connect(admin, autocommit=True) as connection:
            for alias in ("owner", "default", "supabase"):
                make_role(connection, alias)
            made = make_database(connection)
        target = make_conninfo(admin, dbname=settings.DATABASES["owner"]["NAME"])
        with psycopg.connect(target, autocommit=True) as connection:
            make_schema(connection)
            has_auth = grant_auth(connection)
        auth = "granted" if has_auth else "no auth schema here: run this again once there is one"
        self.stdout.write(
            f"Roles ready. Database {'made' if made else 'was there'}. Auth tables: {auth}."
        )


def make_role(connection: psycopg.Connection[Any], alias: str) -> None:
    config = settings.DATABASES[alias]
    name = sql.Identifier(config["USER"])
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [config["USER"]])
    verb = "ALTER" if exists.fetchone() else "CREATE"
    # The owner makes test databases; neither of the others may create anything.
    createdb = "CREATEDB" if alias == "owner" else "NOCREATEDB"
    text = "{verb} ROLE {name} LOGIN NOSUPERUSER NOCREATEROLE {createdb} PASSWORD {password}"
    connection.execute(
        sql.SQL(text).format(
            verb=sql.SQL(verb),
            name=name,
            createdb=sql.SQL(createdb),
            password=sql.Literal(config["PASSWORD"]),
        )
    )


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


def grant_auth(connection: psycopg.Connection[Any]) -> bool:
    """Let the connector's role read Auth's tables and delete what Auth itself can't."""
    if not connection.execute("SELECT to_regnamespace('auth')").fetchone()[0]:  # type: ignore[index]
        return False
    role = sql.Identifier(settings.DATABASES["supabase"]["USER"])
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA auth TO {}").format(role))
    connection.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA auth TO {}").format(role))
    for table in AUTH_DELETES:
        connection.execute(
            sql.SQL("GRANT DELETE ON auth.{} TO {}").format(sql.Identifier(table), role)
        )
    return True
