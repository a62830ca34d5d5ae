"""Whether a writer is held up while days come and go and somebody reads for long."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from typing import Any

import psycopg

from bench.result import Baseline, Result
from bench.size import Size

TABLE = "accounts_gatewayrequest"
LONGEST = 100.0  # milliseconds
FAR = date(2021, 9, 6)
DAY = timedelta(days=1)


def measure(size: Size) -> Iterator[Result]:
    quiet = longest_stall(lambda: time.sleep(min(size.hold, 3)))
    for name, work in WORK.items():
        stall = longest_stall(partial(work, size.hold))
        yield Result(
            f"longest insert while a day is {name}, with a reader of {size.hold:.0f} s", stall,
            "ms", Baseline("nothing else going on", quiet), ("<=", LONGEST),
        )  # fmt: skip


def longest_stall(work: Callable[[], object]) -> float:
    """Milliseconds that the slowest of many single inserts took while `work` ran."""
    over, slowest = threading.Event(), [0.0]

    def write() -> None:
        from django.db import connection  # noqa: PLC0415

        from accounts.models import GatewayRequest  # noqa: PLC0415  (after django.setup)

        while not over.is_set():
            started = time.perf_counter()
            GatewayRequest(account_id="0" * 32, model="m", provider="p").save(force_insert=True)
            slowest[0] = max(slowest[0], time.perf_counter() - started)
            time.sleep(0.002)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        work()
    finally:
        over.set()
        thread.join()
    return slowest[0] * 1000


@contextmanager
def reader(table: str, seconds: float) -> Iterator[None]:
    """Somebody with a transaction open over a table for so long."""
    begun, over = threading.Event(), threading.Event()

    def read() -> None:
        with connect() as connection:
            connection.execute(f"SELECT count(*) FROM {table}")
            begun.set()
            over.wait(seconds)

    thread = threading.Thread(target=read)
    thread.start()
    begun.wait()
    try:
        yield
    finally:
        over.set()
        thread.join()


def connect() -> "psycopg.Connection[Any]":
    from django.db import connections  # noqa: PLC0415

    config = connections["owner"].settings_dict
    parts = {name.lower(): config[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}
    return psycopg.connect(dbname=config["NAME"], **parts, options="-c search_path=fluxrouter")


def create(seconds: float) -> None:
    from retention.partitions import ensure_partitions  # noqa: PLC0415

    with reader(TABLE, seconds):
        ensure_partitions(FAR, FAR + 3 * DAY)


def detach(seconds: float) -> None:
    """It waits for the reader; the writer doesn't wait for it."""
    row = retirement(1)
    with reader(TABLE, seconds):
        taken_out(row)


def finalize(seconds: float) -> None:
    """A detachment that was interrupted, finished."""
    row = retirement(2)
    with reader(TABLE, seconds):
        interrupted(row.table)
        taken_out(row)


def drop(seconds: float) -> None:
    """Tried again and again while the reader reads the very table."""
    from retention.services.retirement.let_go import let_go  # noqa: PLC0415
    from retention.services.retirement.sum_up import sum_up  # noqa: PLC0415

    row = retirement(3)
    taken_out(row)
    sum_up(row)
    row.refresh_from_db()
    with reader(row.table, seconds):
        while not let_go(row):
            pass


def retirement(number: int) -> Any:
    """A day without rows, to be retired."""
    from django.utils import timezone  # noqa: PLC0415

    from retention.models import Retirement  # noqa: PLC0415
    from retention.partitions import partition_name  # noqa: PLC0415

    day = FAR + number * DAY
    return Retirement.objects.create(
        table=partition_name(TABLE, day), model="accounts.GatewayRequest", rule="bench", day=day,
        started_at=timezone.now(),
    )  # fmt: skip


def taken_out(row: Any) -> None:
    from django.db import connections  # noqa: PLC0415

    from retention.services.retirement import detach as detaching  # noqa: PLC0415

    with connections["owner"].cursor() as cursor:
        detaching.detach(cursor, row)
    row.refresh_from_db()


def interrupted(table: str) -> None:
    """Begin a detachment and end its session while it waits for the reader."""
    with connect() as connection:
        connection.autocommit = True
        connection.execute("SET statement_timeout = '500ms'")
        try:
            connection.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {table} CONCURRENTLY")
        except psycopg.errors.QueryCanceled:
            return
    raise RuntimeError("the detachment waited for nobody")


WORK = {"made": create, "detached": detach, "finalized": finalize, "dropped": drop}
