"""What it costs to retire a day, beside deleting its rows."""

from collections.abc import Iterator
from typing import Any

from bench.days import DAY, FIRST, TURNS, Cost, cost, make_day, median, run, settle, value
from bench.result import Baseline, Result
from bench.size import Size


def measure(admin: str, size: Size) -> Iterator[Result]:
    yield from whatever_its_size(admin, size)
    yield from beside_rows(admin, size)


def whatever_its_size(admin: str, size: Size) -> Iterator[Result]:
    """A day that nobody has to look into goes as fast however large it is."""
    few = size.largest // 30
    small = median([retired(admin, n, few)["detach"] for n in range(TURNS)]).seconds * 1000
    table = make_day(TURNS, size.largest)
    gigabytes = value(f"SELECT pg_total_relation_size('{table}')") / 1e9
    large = retired(admin, TURNS, size.largest)
    invisible = large["detach"].seconds * 1000
    name = f"a day of {size.largest:,} rows invisible after"
    yield Result(name, invisible, "ms", Baseline("a blink", 50.0), ("<=", 50.0))
    yield Result("the same", invisible, "ms", Baseline(f"a day of {few:,}", small),
                 ("<=", 4 * small))  # fmt: skip
    ends = (large["detach"].seconds + large["let_go"].seconds) * 1000
    yield Result("and gone, without summing up, after", ends, "ms",
                 Baseline("250 ms for each GB", 250 * gigabytes))  # fmt: skip
    wal = (large["detach"].wal + large["let_go"].wal) / 1e6
    yield Result("log written for that", wal, "MB", Baseline("the goal", 1.0), ("<=", 1.0))


def beside_rows(admin: str, size: Size) -> Iterator[Result]:
    """The whole retirement, with statements and published numbers, beside its rows by DELETE."""
    ours, raw, clean = [], [], []
    for turn in range(TURNS):
        table = make_day(10 + turn, size.day)
        settle(admin, table)
        raw.append(cost(run, f"DELETE FROM {table}"))
        clean.append(cost(run, f"VACUUM {table}"))
        run(f"DROP TABLE {table}")
        ours.append(sum(each.seconds for each in retired(admin, 20 + turn, size.day).values()))
    rate, theirs = size.day / sorted(ours)[TURNS // 2], median(raw).seconds
    yield Result("rows summed up and dropped", rate, "rows/s",
                 Baseline("its rows by DELETE", size.day / theirs),
                 (">=", 0.8 * size.day / theirs))  # fmt: skip
    both = theirs + median(clean).seconds
    yield Result("the same", rate, "rows/s",
                 Baseline("its rows by DELETE and VACUUM", size.day / both))  # fmt: skip


def retired(admin: str, number: int, rows: int) -> dict[str, Cost]:
    """What each stage of a day's retirement takes."""
    from django.db import connections  # noqa: PLC0415  (after django.setup)

    from retention.services.retirement.detach import detach  # noqa: PLC0415
    from retention.services.retirement.let_go import let_go  # noqa: PLC0415
    from retention.services.retirement.sum_up import sum_up  # noqa: PLC0415

    row = begun(make_day(number, rows), number)
    settle(admin, row.table)
    with connections["owner"].cursor() as cursor:
        taken = {"detach": cost(detach, cursor, row)}
    taken["sum_up"] = cost(sum_up, row)
    row.refresh_from_db()
    taken["let_go"] = cost(let_go, row)
    return taken


def begun(table: str, number: int) -> Any:
    from django.utils import timezone  # noqa: PLC0415

    from retention.models import Retirement  # noqa: PLC0415

    return Retirement.objects.create(
        table=table, model="accounts.GatewayRequest", rule="bench", day=FIRST + number * DAY,
        started_at=timezone.now(),
    )  # fmt: skip
