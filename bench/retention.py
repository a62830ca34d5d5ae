"""What it costs to let go of old rows: by the row, by the day, and of one person."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psutil  # type: ignore[import-untyped]

from bench import stalls
from bench.days import HEAVY, Cost, cost, fill_day, fill_statements, run
from bench.memory import Peak
from bench.result import Baseline, Result
from bench.size import Size
from tests.support.processes import Stack

DAY = timedelta(days=1)
FIRST = date(2021, 1, 4)
NOW = datetime(2040, 1, 1, tzinfo=UTC)
TABLE = "accounts_gatewayrequest"


def measure(stack: Stack, size: Size) -> Iterator[Result]:
    with Peak([psutil.Process()]) as memory:
        yield from by_row(size)
        yield from by_day(size)
    yield Result(
        "memory of the process over all this", memory.grown, "MB above idle",
        Baseline("the rows that went, in millions", size.day * 4 / 1e6), ("<=", 50.0),
    )  # fmt: skip
    yield from of_one_person(size)
    yield from stalls.measure(size)


def by_row(size: Size) -> Iterator[Result]:
    """The toolkit's windows beside one DELETE and beside the loop that one usually sees."""
    from accounts.models import UsageStatement  # noqa: PLC0415  (after django.setup)
    from retention.schedule import RETENTION_SCHEDULE  # noqa: PLC0415
    from retention.services.rows import delete_expired  # noqa: PLC0415

    rule = next(each for each in RETENTION_SCHEDULE if each.model == "accounts.UsageStatement")
    fill_statements(size.day)
    raw = cost(lambda: run("DELETE FROM accounts_usagestatement WHERE day < '2030-01-01'"))
    fill_statements(size.day // 10)
    usual = cost(lambda: usual_loop(UsageStatement))
    fill_statements(size.day)
    ours = cost(lambda: delete_expired(rule, NOW, timedelta(hours=1)))
    rate, loop = size.day / ours.seconds, size.day / 10 / usual.seconds
    whole = size.day / raw.seconds
    yield Result("rows deleted in windows", rate, "rows/s", Baseline("one DELETE", whole),
                 (">=", 0.9 * whole))  # fmt: skip
    yield Result("the same", rate, "rows/s", Baseline("Django, a thousand ids at a time", loop),
                 (">=", 5 * loop))  # fmt: skip


def usual_loop(model: Any) -> None:
    while ids := list(model.objects.values_list("pk", flat=True)[:1000]):
        model.objects.filter(pk__in=ids).delete()


def by_day(size: Size) -> Iterator[Result]:
    """A small and a large day, retired; and the large one deleted by rows."""
    small, large = (retire_day(n, rows) for n, rows in ((0, size.day // 10), (1, size.day)))
    table = make_day(2, size.day)
    rows = cost(lambda: run(f"DELETE FROM {table}"))
    run(f"DROP TABLE {table}")
    yield Result(
        f"a day of {size.day:,} rows invisible after", large["detach"].seconds * 1000, "ms",
        Baseline(f"a day of {size.day // 10:,}", small["detach"].seconds * 1000), ("<=", 50.0),
    )  # fmt: skip
    ends = {name: each["detach"].seconds + each["let_go"].seconds
            for name, each in (("small", small), ("large", large))}  # fmt: skip
    yield Result(
        "and gone, without summing up, after", ends["large"] * 1000, "ms",
        Baseline(f"a day of {size.day // 10:,}", ends["small"] * 1000),
        ("<=", 4 * ends["small"] * 1000),
    )  # fmt: skip
    wal = (large["detach"].wal + large["let_go"].wal) / 1e6
    yield Result("log written for that", wal, "MB", Baseline("its rows by DELETE", rows.wal / 1e6),
                 ("<=", 1.0))  # fmt: skip
    rate, raw = size.day / sum(each.seconds for each in large.values()), size.day / rows.seconds
    yield Result("rows summed up and dropped", rate, "rows/s", Baseline("its rows by DELETE", raw),
                 (">=", 0.8 * raw))  # fmt: skip


def make_day(number: int, rows: int) -> str:
    from retention.partitions import ensure_partitions, partition_name  # noqa: PLC0415

    day = FIRST + number * DAY
    ensure_partitions(day, day)
    table = partition_name(TABLE, day)
    fill_day(table, day, rows)
    return table


def retire_day(number: int, rows: int) -> dict[str, Cost]:
    """What each stage of a day's retirement takes."""
    from django.db import connections  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from retention.models import Retirement  # noqa: PLC0415
    from retention.services.retirement.detach import detach  # noqa: PLC0415
    from retention.services.retirement.let_go import let_go  # noqa: PLC0415
    from retention.services.retirement.sum_up import sum_up  # noqa: PLC0415

    row = Retirement.objects.create(
        table=make_day(number, rows), model="accounts.GatewayRequest", rule="bench",
        day=FIRST + number * DAY, started_at=timezone.now(),
    )  # fmt: skip
    with connections["owner"].cursor() as cursor:
        taken = {"detach": cost(lambda: detach(cursor, row))}
    taken["sum_up"] = cost(lambda: sum_up(row))
    row.refresh_from_db()
    taken["let_go"] = cost(lambda: let_go(row))
    return taken


def of_one_person(size: Size) -> Iterator[Result]:
    """Physically: their rows of a day, in chunks along the index."""
    from psycopg import sql  # noqa: PLC0415

    from privacy.connectors.base import Subject, Task  # noqa: PLC0415
    from privacy.connectors.database import erase, find  # noqa: PLC0415
    from privacy.datamap import DATA_MAP  # noqa: PLC0415

    raw_table = make_day(3, size.day)
    raw = cost(lambda: run(f"DELETE FROM {raw_table} WHERE account_id = '{HEAVY}'"))
    table = make_day(4, size.day)
    where = sql.SQL("account_id = {}::uuid").format(sql.Literal(str(HEAVY)))
    part = find.Slice(DATA_MAP["accounts.GatewayRequest"], table, where)
    task = Task(action="erase_metadata", subject=Subject(HEAVY, "", {}), heartbeat=lambda: None)
    ours = cost(lambda: erase.erase_slice(part, task))
    for each in (raw_table, table):
        run(f"DROP TABLE {each}")
    theirs = size.day / 100
    yield Result(
        "rows of one person purged", theirs / ours.seconds, "rows/s",
        Baseline("DELETE … WHERE account_id", theirs / raw.seconds),
        (">=", 0.9 * theirs / raw.seconds),
    )  # fmt: skip
