"""Taking a day out of its table: under no time-out, and watched."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from fluxrouter.foundation.alarms import open_alarms
from retention.services.retirement import detach, retire
from tests.retention.retiring import (
    TABLE,
    after,
    far_days,
    leave_pending,
    make_calls,
    rule_of,
    some_accounts,
    tables,
)
from tests.support.database import as_owner, committed
from tests.support.processes import wait_for

DAY = date(2021, 4, 5)
LIMITS = ("lock_timeout", "statement_timeout")


@pytest.fixture
def day() -> Iterator[str]:
    with far_days(DAY) as (table,):
        make_calls(DAY, some_accounts(12))
        yield table


def retire_now() -> int:
    rule = rule_of()
    return retire.retire(rule, after(DAY, rule))


class Limits:
    """Notes which time-outs are in force at each statement that takes a day out or away."""

    def __init__(self) -> None:
        self.at: dict[str, list[str]] = {}

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        for word in ("CONCURRENTLY", "FINALIZE", "DROP TABLE"):
            if word in sql:
                session = context["connection"].connection
                found = [session.execute(f"SHOW {name}").fetchone()[0] for name in LIMITS]
                self.at[word] = found
        return execute(sql, params, many, context)


@committed
@pytest.mark.acceptance("KEEP-01")
@pytest.mark.parametrize("way", ["CONCURRENTLY", "FINALIZE"])
def test_only_the_drop_has_a_time_out_whatever_the_role_has(day: str, way: str) -> None:
    """An interrupted detachment stays pending; many hosts give their roles a time-out."""
    if way == "FINALIZE":
        leave_pending(day)
    limits = Limits()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET lock_timeout = '2min'")
        cursor.execute("SET statement_timeout = '2min'")
        with connections["owner"].execute_wrapper(limits):
            assert retire_now() == 12
    assert limits.at.pop("DROP TABLE")[0] == "50ms"
    assert limits.at == {way: ["0", "0"]}


@committed
@pytest.mark.acceptance("KEEP-14")
def test_a_day_that_waits_for_a_reader_raises_an_alarm_at_once_and_clears_it(
    day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detach, "PATIENCE", timedelta(milliseconds=200))
    alarms = open_alarms().filter(code="retirement_waits", about=day)

    def run() -> None:
        retire_now()
        connections.close_all()

    thread = threading.Thread(target=run)
    with as_owner() as reader:
        reader.autocommit = False
        reader.execute(f"SELECT count(*) FROM {TABLE}")
        thread.start()
        wait_for(alarms.exists, 10, "an alarm")
        assert thread.is_alive(), "nothing is interrupted"
        assert day in tables()
        reader.rollback()
    thread.join()
    assert day not in tables()
    assert not alarms.exists()


@committed
@pytest.mark.acceptance("KEEP-14")
def test_a_day_that_nobody_reads_raises_none(day: str) -> None:
    retire_now()
    assert not open_alarms().filter(code="retirement_waits").exists()
