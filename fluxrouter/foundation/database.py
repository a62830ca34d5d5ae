"""Our schema and its roles: who may do what in PostgreSQL, and the check that it is so.

The application's role reads and writes rows and can't change tables; the owner's role makes
tables; Supabase's Data-API roles and PUBLIC get nothing. Row level security with a single policy
is a second lock: a role without the policy sees no row even where somebody granted it the table.
"""

from typing import Any

from django.conf import settings
from django.db import connections
from psycopg import sql

SCHEMA = "fluxrouter"
DATA_API_ROLES = ("anon", "authenticated")
# What the application may do with a table's rows, where it isn't everything: the trail is only
# added to, and the feed is written by its triggers.
VERBS = {
    "foundation_trailevent": "SELECT, INSERT",
    "foundation_trailseal": "SELECT, INSERT",
    "accounts_feedentry": "SELECT, DELETE",
    "accounts_feedmark": "SELECT",
}


class Router:
    """Tables are made by the owner; the application's alias is everything else's default."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == "owner"

    def allow_relation(self, first: object, second: object, **hints: object) -> bool:
        return True  # all aliases look at one database


def role(alias: str) -> str:
    return str(settings.DATABASES[alias]["USER"])


def create_schema() -> None:
    """Before the first migration: Django's own bookkeeping table needs the schema."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")


def grant_table(cursor: Any, table: str) -> None:
    """Give the application's role one table, or partition, and nobody else anything.

    Grants and policies are per table: a partition reached by its own name has neither of its
    parent's, so every new partition passes here.
    """
    names = {"table": sql.Identifier(SCHEMA, table), "app": sql.Identifier(role("default"))}
    verbs = VERBS.get(table, "SELECT, INSERT, UPDATE, DELETE")
    for statement in (
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        "REVOKE ALL ON {table} FROM PUBLIC",
        f"GRANT {verbs} ON {{table}} TO {{app}}",
        "CREATE POLICY application ON {table} TO {app} USING (true) WITH CHECK (true)",
    ):
        cursor.execute(sql.SQL(statement).format(**names).as_string())


def grant_schema() -> None:
    """After migrations: grants, row level security and policy for each table without one."""
    with connections["owner"].cursor() as cursor:
        for table in tables_without_policy(cursor):
            grant_table(cursor, table)
        app = sql.Identifier(role("default")).as_string()
        cursor.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {app}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {app}")
        for other in ("PUBLIC", *existing_roles(cursor, DATA_API_ROLES)):
            for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
                cursor.execute(f"REVOKE ALL ON ALL {kind} IN SCHEMA {SCHEMA} FROM {other}")
            cursor.execute(f"REVOKE ALL ON SCHEMA {SCHEMA} FROM {other}")


def tables_without_policy(cursor: Any) -> list[str]:
    cursor.execute(
        """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = %s AND c.relkind IN ('r', 'p') AND NOT EXISTS
             (SELECT 1 FROM pg_policy WHERE polrelid = c.oid)""",
        [SCHEMA],
    )
    return [name for (name,) in cursor.fetchall()]


def existing_roles(cursor: Any, names: tuple[str, ...]) -> list[str]:
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(names)])
    return [name for (name,) in cursor.fetchall()]


def exposure_problems(cursor: Any, our_tables: list[str]) -> list[str]:
    """What would let Supabase's Data API serve our data: one sentence each, empty when safe."""
    cursor.execute(
        """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm')
             AND c.relname = ANY(%s)""",
        [our_tables],
    )
    problems = [
        f"Table {name} stands in schema public, which the Data API serves."
        for (name,) in cursor.fetchall()
    ]
    for other in ("public", *existing_roles(cursor, DATA_API_ROLES)):
        cursor.execute(
            """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               CROSS JOIN LATERAL (  -- of the table, and of single columns
                 SELECT grantee FROM aclexplode(c.relacl)
                 UNION SELECT e.grantee FROM pg_attribute a, aclexplode(a.attacl) e
                 WHERE a.attrelid = c.oid) acl
               LEFT JOIN pg_roles r ON r.oid = acl.grantee
               WHERE n.nspname = %s AND coalesce(r.rolname, 'public') = %s
               GROUP BY 1 ORDER BY 1""",
            [SCHEMA, other],
        )
        problems += [f"Role {other} has a privilege on {name}." for (name,) in cursor.fetchall()]
        cursor.execute(
            """SELECT 1 FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) acl
               LEFT JOIN pg_roles r ON r.oid = acl.grantee
               WHERE n.nspname = %s AND coalesce(r.rolname, 'public') = %s""",
            [SCHEMA, other],
        )
        if cursor.fetchone():
            problems.append(f"Role {other} may use schema {SCHEMA}.")
    return problems
