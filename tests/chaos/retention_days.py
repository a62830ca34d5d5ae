"""Days of calls, and what must be left of them when their retirement came to its end."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import connections
from django.db.models import Sum
from django.utils import timezone

from accounts.models import GatewayRequest, UsageStatement
from retention.models import Retirement, RollupCell
from retention.partitions import hold_table, make_partition, partition_name
from retention.rollups import ROLL_UPS
from retention.services.holds import place_hold
from retention.services.retirement.let_go import make_hold_table
from retention.services.retirement.sum_up import CHECKSUM
from tests.chaos.retention_works import CALLS, DAY
from tests.retention.retiring import MODEL, TABLE, make_calls, tables
from tests.support.database import Connection
from tests.support.staff import member

PART, HELD = partition_name(TABLE, DAY), hold_table(MODEL)
WEEK = [DAY - timedelta(days=n) for n in range(6, -1, -1)]
ACCOUNTS = [uuid4() for _ in range(12)]
FINEST = "+".join(ROLL_UPS[MODEL].ladder[0])
Check = Callable[[], None]
State = Retirement.State


def hold(account: UUID) -> None:
    place_hold(
        account,
        ground="claim",
        citation="CV-1",
        review_on=timezone.now().date() + timedelta(days=30),
        actor=member("Approver", str(account)),
    )


def make_day() -> None:
    """The day's partition, with two calls of each account."""
    with connections["owner"].cursor() as cursor:
        make_partition(cursor, TABLE, DAY)
    make_calls(DAY, ACCOUNTS, each=2)


def calls_of(account: UUID) -> list[UUID]:
    found = GatewayRequest.objects.filter(account_id=account).order_by("pk")
    return list(found.values_list("pk", flat=True))


def ids_in(owner: Connection, table: str) -> list[UUID]:
    return [each for (each,) in owner.execute(f"SELECT id FROM {table} ORDER BY id")]


def accounts_in(owner: Connection, table: str) -> list[UUID]:
    return [each for (each,) in owner.execute(f"SELECT account_id FROM {table}")]


def a_day(owner: Connection) -> Check:
    """One account of twelve is held."""
    make_day()
    kept = calls_of(ACCOUNTS[0])
    evidence = owner.execute(f"SELECT count(*), {CHECKSUM}::text FROM {PART}").fetchone()

    def check() -> None:
        assert PART not in tables()
        row = Retirement.objects.get()
        assert (row.rows, row.checksum) == evidence
        assert row.first_at
        assert row.first_at == row.last_at
        assert (row.state, row.kept, row.level) == (State.DROPPED, 2, FINEST)
        assert ids_in(owner, HELD) == kept
        assert stated() == {"n": 12, "requests": 24, "input": 2_400, "output": 1_200}
        (cell,) = RollupCell.objects.all()
        assert (cell.first_day, cell.last_day, cell.accounts) == (DAY, DAY, 10)
        assert cell.numbers["requests"] == 20

    return check


def stated() -> dict[str, int]:
    found = UsageStatement.objects.aggregate(
        requests=Sum("requests"), input=Sum("input_tokens"), output=Sum("output_tokens")
    )
    return {"n": UsageStatement.objects.count(), **found}


def a_week(owner: Connection) -> Check:
    """Each of its days is gone and had too few accounts; all of them together are enough."""
    Retirement.objects.bulk_create(
        Retirement(
            table=partition_name(TABLE, day), model=MODEL, day=day, rule=CALLS.name,
            state=State.DROPPED, rows=2, started_at=timezone.now(),
        )
        for day in WEEK
    )  # fmt: skip
    UsageStatement.objects.bulk_create(statement(day) for day in WEEK for _ in range(2))

    def check() -> None:
        (cell,) = RollupCell.objects.all()
        assert (cell.first_day, cell.last_day, cell.accounts) == (WEEK[0], WEEK[-1], 10)
        assert set(Retirement.objects.values_list("level", flat=True)) == {"week+provider"}

    return check


def statement(day: date) -> UsageStatement:
    return UsageStatement(
        account_id=uuid4(), day=day, provider="openai", model="m-1",
        requests=1, input_tokens=100, output_tokens=50, cost_usd=0,
    )  # fmt: skip


def rows_once_held(owner: Connection) -> Check:
    """The hold of four accounts is over, that of a fifth isn't."""
    make_day()
    kept = calls_of(ACCOUNTS[0])
    with connections["owner"].cursor() as cursor:
        make_hold_table(cursor, MODEL)
    among = [*ACCOUNTS[:5]]
    owner.execute(f"INSERT INTO {HELD} SELECT * FROM {PART} WHERE account_id = ANY(%s)", [among])
    owner.execute(f"DROP TABLE {PART}")

    def check() -> None:
        assert ids_in(owner, HELD) == kept

    return check
