"""Tables with very many rows, made by PostgreSQL itself."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import connections

TABLE = "accounts_gatewayrequest"
FIRST, DAY = date(2021, 1, 4), timedelta(days=1)
TURNS = 3
ACCOUNTS = 5_000
HEAVY = [UUID(int=n) for n in range(1, 7)]  # accounts with a hundredth of all rows each

CALLS = """
INSERT INTO {table} (id, account_id, model, provider, region, input_tokens, output_tokens,
  cost_usd, latency_ms, status_code, end_user)
SELECT (lpad(to_hex({start} + g::bigint * 86400000 / {rows}), 12, '0') || '7'
    || substr(md5(g::text), 1, 3)
    || '8' || substr(md5(g::text), 4, 15))::uuid,
  CASE WHEN g % 100 < {heavy} THEN
    ('00000000-0000-0000-0000-00000000000' || g % 100 + 1)::uuid
    ELSE md5('a' || g % {accounts})::uuid END,
  'm-' || g % 7, CASE WHEN g % 7 < 3 THEN 'openai' ELSE 'anthropic' END,
  CASE (g % {accounts}) % 4 WHEN 0 THEN 'eu' ELSE 'us' END, g % 900, g % 500, 0.001, g % 4000,
  CASE g % 53 WHEN 0 THEN 429 ELSE 200 END,
  md5(g::text)
FROM generate_series(0, {rows} - 1) g
"""
# Rows of some 430 bytes with four indexes, one after the other in time.
MESSAGES = """
INSERT INTO accounts_supportmessage (id, email, subject, body, received_at)
SELECT gen_random_uuid(), 'p' || g % 50000 || '@example.org', md5(g::text),
  repeat(md5(g::text), 9), TIMESTAMPTZ '2020-01-01' + g * INTERVAL '1 second'
FROM generate_series(1, {rows}) g
"""


class Cost(NamedTuple):
    """What something took: seconds, and bytes of write-ahead log."""

    seconds: float
    wal: int


def run(statement: str) -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def value(statement: str) -> Any:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def cost(work: Callable[..., object], *arguments: Any) -> Cost:
    before, started = value("SELECT pg_current_wal_lsn()"), time.perf_counter()
    work(*arguments)
    seconds = time.perf_counter() - started
    return Cost(seconds, int(value(f"SELECT pg_current_wal_lsn() - '{before}'::pg_lsn")))


def make_day(number: int, rows: int) -> str:
    """A day's partition with so many rows, made once. Returns its name."""
    from retention.partitions import ensure_partitions, partition_name  # noqa: PLC0415

    day = FIRST + number * DAY
    table = partition_name(TABLE, day)
    ensure_partitions(day, day)
    if not value(f"SELECT EXISTS (SELECT FROM {table})"):
        fill_day(table, day, rows)
    return table


def fill_day(table: str, day: date, rows: int) -> None:
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
    names = {"table": table, "start": start, "rows": rows, "heavy": len(HEAVY)}
    run(CALLS.format(**names, accounts=ACCOUNTS))


def fill_messages(rows: int) -> None:
    run("TRUNCATE accounts_supportmessage")
    run(MESSAGES.format(rows=rows))


def settle(admin: str, table: str) -> None:
    """As rows are that were written long ago: looked at, on disk, in nobody's checkpoint."""
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"VACUUM (ANALYZE) fluxrouter.{table}")
        connection.execute("CHECKPOINT")


def median(costs: Sequence[Cost]) -> Cost:
    return sorted(costs)[len(costs) // 2]
