"""What it costs to let go of old rows: by the row, by the day, and of one person.

What is compared takes turns, three times each; the middle one counts. Before each turn the rows
are made as old ones are: vacuumed, on disk, in no checkpoint.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psutil  # type: ignore[import-untyped]

from bench import retirement, stalls
from bench.days import HEAVY, TABLE, TURNS, cost, fill_messages, make_day, median, run, settle
from bench.memory import Peak
from bench.result import Baseline, Result
from bench.size import Size
from tests.support.processes import Stack

SECOND = timedelta(seconds=1)
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)  # of the support messages
MESSAGES = "accounts_supportmessage"


def measure(stack: Stack, size: Size) -> Iterator[Result]:
    with Peak([psutil.Process()]) as memory:
        yield from by_row(stack.admin_url, size)
        yield from retirement.measure(stack.admin_url, size)
    yield Result(
        "memory of the process over all this", memory.grown, "MB above idle",
        Baseline("the rows that went, in millions", size.day * TURNS / 1e6), ("<=", 50.0),
    )  # fmt: skip
    yield from of_one_person(stack.admin_url, size)
    yield from stalls.measure(size)


def by_row(admin: str, size: Size) -> Iterator[Result]:
    """The toolkit's windows beside one DELETE and beside the loop that one usually sees."""
    from accounts.models import SupportMessage  # noqa: PLC0415  (after django.setup)

    number = size.day // TURNS
    fill_messages(number * 2 * TURNS + number // 10)
    ours, raw = [], []
    for turn in range(TURNS):
        settle(admin, MESSAGES)
        until = BEGINNING + 2 * turn * number * SECOND
        raw.append(cost(delete_until, until + number * SECOND))
        settle(admin, MESSAGES)
        ours.append(cost(windows_until, until + 2 * number * SECOND))
    settle(admin, MESSAGES)
    usual = cost(usual_loop, SupportMessage)
    rate, whole = number / median(ours).seconds, number / median(raw).seconds
    loop = number // 10 / usual.seconds
    yield Result("rows deleted in windows", rate, "rows/s", Baseline("one DELETE", whole),
                 (">=", 0.9 * whole))  # fmt: skip
    yield Result("the same", rate, "rows/s", Baseline("Django, a thousand ids at a time", loop),
                 (">=", 5 * loop))  # fmt: skip


def delete_until(moment: datetime) -> None:
    run(f"DELETE FROM {MESSAGES} WHERE received_at <= '{moment.isoformat()}'")


def windows_until(moment: datetime) -> None:
    from retention.schedule import BY_MODEL  # noqa: PLC0415
    from retention.services.rows import delete_expired  # noqa: PLC0415

    rule = BY_MODEL["accounts.SupportMessage"]
    delete_expired(rule, moment + rule.keep_for, timedelta(hours=1))


def usual_loop(model: Any) -> None:
    while ids := list(model.objects.values_list("pk", flat=True)[:1000]):
        model.objects.filter(pk__in=ids).delete()


def of_one_person(admin: str, size: Size) -> Iterator[Result]:
    """Physically: their rows of a day, each on a page of its own."""
    from privacy.connectors.base import Subject, Task  # noqa: PLC0415
    from privacy.connectors.database import erase, find  # noqa: PLC0415
    from privacy.datamap import DATA_MAP  # noqa: PLC0415

    table, row = make_day(100, size.day), DATA_MAP["accounts.GatewayRequest"]
    ours, raw = [], []
    people = iter(HEAVY)
    for _ in range(TURNS):
        settle(admin, table)
        account = next(people)
        raw.append(cost(run, f"DELETE FROM {table} WHERE account_id = '{account}'"))
        settle(admin, table)
        account = next(people)
        part = find.Slice(row, table, find.account_condition(row, [str(account)]))
        task = Task(action="erase_metadata", subject=Subject(account, "", {}),
                    heartbeat=lambda: None)  # fmt: skip
        ours.append(cost(erase.erase_slice, part, task))
    run(f"DROP TABLE {table}")
    rate, whole = (size.day / 100 / median(each).seconds for each in (ours, raw))
    yield Result("rows of one person purged", rate, "rows/s",
                 Baseline(f"DELETE FROM {TABLE} … WHERE account_id", whole),
                 (">=", 0.9 * whole))  # fmt: skip
