"""Tables with very many rows, made by PostgreSQL itself."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections

ACCOUNTS = 5_000
HEAVY = UUID(int=1)  # one account with a hundredth of all rows

CALLS = """
INSERT INTO {table} (id, account_id, model, provider, region, input_tokens, output_tokens,
  cost_usd, latency_ms, status_code, end_user)
SELECT (lpad(to_hex({start} + g::bigint * 86400000 / {rows}), 12, '0') || '7'
    || substr(md5(g::text), 1, 3)
    || '8' || substr(md5(g::text), 4, 15))::uuid,
  CASE WHEN g % 100 = 0 THEN '{heavy}'::uuid ELSE md5('a' || g % {accounts})::uuid END,
  'm-' || g % 7, CASE WHEN g % 7 < 3 THEN 'openai' ELSE 'anthropic' END,
  CASE (g % {accounts}) % 4 WHEN 0 THEN 'eu' ELSE 'us' END, g % 900, g % 500, 0.001, g % 4000,
  CASE g % 53 WHEN 0 THEN 429 ELSE 200 END,
  md5(g::text)
FROM generate_series(0, {rows} - 1) g
"""
STATEMENTS = """
INSERT INTO accounts_usagestatement (account_id, day, provider, model, requests, input_tokens,
  output_tokens, cost_usd)
SELECT md5('a' || g)::uuid, DATE '2020-01-01' + (g / ({rows} / 90 + 1))::int, 'openai', 'm', 1, 1,
  1, 0
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


def cost(work: Callable[[], object]) -> Cost:
    before, started = value("SELECT pg_current_wal_lsn()"), time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    return Cost(seconds, int(value(f"SELECT pg_current_wal_lsn() - '{before}'::pg_lsn")))


def fill_day(table: str, day: date, rows: int) -> None:
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
    names = {"table": table, "start": start, "rows": rows, "heavy": HEAVY, "accounts": ACCOUNTS}
    run(CALLS.format(**names))
    run(f"ANALYZE {table}")


def fill_statements(rows: int) -> None:
    run("TRUNCATE accounts_usagestatement")
    run(STATEMENTS.format(rows=rows))
    run("ANALYZE accounts_usagestatement")
