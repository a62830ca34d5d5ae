"""Days of calls to retire, far from every other test's."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connections

from accounts.ids import uuid7
from accounts.models import GatewayRequest
from retention.partitions import ensure_partitions, partition_name
from retention.rules import RetentionRule
from retention.schedule import RETENTION_SCHEDULE
from retention.services.retirement.detach import Place, place_of
from tests.support.database import as_owner

MODEL = "accounts.GatewayRequest"
TABLE = "accounts_gatewayrequest"


def rule_of(model: str = MODEL) -> RetentionRule:
    return next(rule for rule in RETENTION_SCHEDULE if rule.model == model)


def after(day: date, rule: RetentionRule) -> datetime:
    """The first moment at which the day is over."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1) + rule.keep_for


def make_days(first: date, number: int = 1) -> list[str]:
    last = first + timedelta(days=number - 1)
    ensure_partitions(first, last)
    return [partition_name(TABLE, first + timedelta(days=n)) for n in range(number)]


def make_calls(day: date, accounts: list[UUID], each: int = 1, **fields: object) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    values = {"model": "m-1", "provider": "openai", "input_tokens": 100, "output_tokens": 50}
    GatewayRequest.objects.bulk_create(
        GatewayRequest(id=uuid7(noon), account_id=account, **(values | fields))
        for account in accounts
        for _ in range(each)
    )


def some_accounts(number: int) -> list[UUID]:
    return [uuid4() for _ in range(number)]


def tables() -> set[str]:
    with as_owner() as owner:
        found = owner.execute("SELECT relname FROM pg_class WHERE relkind = 'r'")
        return {name for (name,) in found}


@contextmanager
def far_days(first: date, number: int = 1) -> Iterator[list[str]]:
    try:
        yield make_days(first, number)
    finally:
        with as_owner() as owner:
            rows = owner.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ %s",
                [f"^accounts_gateway[a-z]+_({first.year}|held)"],
            )
            for (name,) in rows.fetchall():
                owner.execute(f"DROP TABLE {name}")


def leave_pending(table: str) -> None:
    """A detachment whose session was ended while it waited for a reader."""
    with as_owner() as reader, as_owner() as detacher, as_owner() as killer:
        reader.autocommit = False
        reader.execute(f"SELECT count(*) FROM {TABLE}")

        def detach() -> None:
            with pytest.raises(psycopg.OperationalError):
                detacher.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {table} CONCURRENTLY")

        thread = threading.Thread(target=detach)
        thread.start()
        wait_for_pending(table)
        killer.execute("SELECT pg_terminate_backend(%s)", [detacher.info.backend_pid])
        thread.join()
    wait_for_pending(table)


def wait_for_pending(table: str) -> None:
    for _ in range(100):
        with connections["owner"].cursor() as cursor:
            if place_of(cursor, table)[0] is Place.PENDING:
                return
        threading.Event().wait(0.05)
    raise AssertionError("the detachment never became pending")
