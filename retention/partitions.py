"""Partitions of the gateway's tables: one per UTC day, made ahead of time.

There is no default partition (it would forbid DETACH CONCURRENTLY), so a day without its own
refuses rows: two weeks ahead, made by `migrate` and daily by beat, with an alarm when it fails.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connections
from django.utils import timezone
from psycopg import sql

from accounts.ids import first_id
from fluxrouter.foundation.database import SCHEMA, grant_table

PARTITIONED = ("accounts.GatewayRequest", "accounts.GatewayBody")
AHEAD = 14
LOCK = 7_262_002  # advisory lock: one maker of partitions at a time


def partition_name(table: str, day: date) -> str:
    return f"{table}_{day:%Y%m%d}"


def ensure_partitions(start: date | None = None, stop: date | None = None) -> dict[str, int]:
    """Make the missing partitions of [start, stop]; yesterday to 14 days ahead by default.

    Yesterday counts because ids up to 24 hours old are accepted.
    """
    today = timezone.now().date()
    start, stop = start or today - timedelta(days=1), stop or today + timedelta(days=AHEAD)
    made = 0
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            for label in PARTITIONED:
                table = apps.get_model(label)._meta.db_table
                existing = set(all_tables(cursor, table))
                for offset in range((stop - start).days + 1):
                    day = start + timedelta(days=offset)
                    if partition_name(table, day) not in existing:
                        make_partition(cursor, table, day)
                        made += 1
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return {"made": made}


def parent_of(model: str) -> str:
    """The table of a partitioned model."""
    return str(apps.get_model(model)._meta.db_table)


def hold_table(model: str) -> str:
    """Where a partitioned model's rows stay that a legal hold covers."""
    return f"{parent_of(model)}_held"


def all_tables(cursor: Any, table: str) -> list[str]:
    """Every table that holds rows of `table`: partitions, attached or not, oldest first, and the
    table of held rows.
    """
    cursor.execute(
        """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = %s AND c.relkind = 'r' AND c.relname ~ %s ORDER BY 1""",
        [SCHEMA, f"^{table}_([0-9]{{8}}|held)$"],
    )
    return [name for (name,) in cursor.fetchall()]


def day_of(table: str) -> date | None:
    """The day of a partition, by its name; None for a table of held rows."""
    ending = table.rsplit("_", 1)[-1]
    return datetime.strptime(ending, "%Y%m%d").date() if ending.isdigit() else None  # noqa: DTZ007


def make_partition(cursor: Any, table: str, day: date) -> None:
    """Made beside its parent with a matching CHECK, so attaching it scans nothing."""
    name = partition_name(table, day)
    names = {
        "parent": sql.Identifier(SCHEMA, table),
        "part": sql.Identifier(SCHEMA, name),
        "check": sql.Identifier(f"{name}_bounds"),
        "low": sql.Literal(str(first_id(day))),
        "high": sql.Literal(str(first_id(day + timedelta(days=1)))),
    }
    statements = (
        """CREATE TABLE {part} (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
           CONSTRAINT {check} CHECK (id >= {low}::uuid AND id < {high}::uuid),
           PRIMARY KEY (id))""",
        "CREATE INDEX ON {part} (account_id, id)",
    )
    for statement in statements:
        cursor.execute(sql.SQL(statement).format(**names).as_string())
    grant_table(cursor, name)
    attach = "ALTER TABLE {parent} ATTACH PARTITION {part} FOR VALUES FROM ({low}) TO ({high})"
    cursor.execute(sql.SQL(attach).format(**names).as_string())
