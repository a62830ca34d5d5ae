"""A partition for each day: made ahead, once, and readable by us alone, attached or not."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from accounts.ids import uuid7
from accounts.models import GatewayBody, GatewayRequest
from retention.partitions import AHEAD, all_tables, ensure_partitions, partition_name
from tests.support.database import as_owner, committed, rolled_back

pytestmark = pytest.mark.acceptance("MAIN-40")

FAR = date(2041, 5, 1)  # no other test goes there
TABLE = "accounts_gatewayrequest"


def drop_partitions(year: str) -> None:
    with as_owner() as owner:
        rows = owner.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ %s",
            [f"^accounts_gateway.*_{year}"],
        )
        for (name,) in rows.fetchall():
            owner.execute(f"DROP TABLE {name}")


@pytest.fixture
def far_day() -> Iterator[str]:
    """A partition of its own, gone afterwards."""
    ensure_partitions(FAR, FAR)
    yield partition_name(TABLE, FAR)
    drop_partitions("2041")


def call_of(moment: datetime) -> GatewayRequest:
    return GatewayRequest(id=uuid7(moment), account_id=uuid4(), model="m", provider="p")


@rolled_back
def test_yesterday_to_two_weeks_ahead_are_there_after_migrating() -> None:
    now = timezone.now()
    for days in range(-1, AHEAD + 1):
        call = call_of(now + timedelta(days=days))
        call.save(force_insert=True)
        GatewayBody.objects.create(id=call.pk, account_id=call.account_id, prompt="Hello")
    assert GatewayRequest.objects.count() == GatewayBody.objects.count() == AHEAD + 2


@committed
def test_making_them_again_makes_none() -> None:
    assert ensure_partitions() == {"made": 0}


@committed
def test_each_day_makes_the_one_that_is_missing() -> None:
    try:
        with time_machine.travel(datetime(2042, 1, 10, 5, tzinfo=UTC)):
            assert ensure_partitions() == {"made": 2 * (AHEAD + 2)}
        with time_machine.travel(datetime(2042, 1, 11, 5, tzinfo=UTC)):
            assert ensure_partitions() == {"made": 2}
    finally:
        drop_partitions("2042")


@committed
def test_two_makers_at_once_make_each_once() -> None:
    made: list[int] = []

    def make() -> None:
        made.append(ensure_partitions(FAR, FAR + timedelta(days=2))["made"])
        connections.close_all()

    try:
        threads = [threading.Thread(target=make) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        drop_partitions("2041")
    assert sorted(made) == [0, 6]


@committed
def test_a_day_without_partition_refuses_a_row_and_tells_no_value(far_day: str) -> None:
    call = call_of(datetime(2001, 1, 1, tzinfo=UTC))
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        call.save(force_insert=True)
    assert raised.value.sqlstate == "23514"
    assert raised.value.constraint is None
    assert str(call.pk) not in str(raised.value)


@committed
def test_a_days_edges_go_to_its_own_partition(far_day: str) -> None:
    midnight = datetime(FAR.year, FAR.month, FAR.day, tzinfo=UTC)
    for moment in (midnight, midnight + timedelta(days=1) - timedelta(microseconds=1)):
        call_of(moment).save(force_insert=True)
    assert count(far_day) == 2


@committed
def test_a_partition_has_its_own_rights_and_policy(far_day: str) -> None:
    with as_owner() as owner:
        found = owner.execute(
            """SELECT relrowsecurity, (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid),
                 (SELECT count(*) FROM aclexplode(relacl) WHERE grantee = 0)
               FROM pg_class c WHERE relname = %s""",
            [far_day],
        ).fetchone()
    assert found == (True, 1, 0)


@committed
def test_a_detached_partition_can_still_be_read_and_emptied_by_us(far_day: str) -> None:
    call = call_of(datetime(FAR.year, FAR.month, FAR.day, 12, tzinfo=UTC))
    call.save(force_insert=True)
    with as_owner() as owner:
        owner.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {far_day}")
    assert not GatewayRequest.objects.exists()
    with connections["default"].cursor() as cursor:
        assert far_day in all_tables(cursor, TABLE)
        assert count(far_day) == 1
        cursor.execute(f"DELETE FROM {far_day} WHERE id = %s", [call.pk])
    assert count(far_day) == 0


@committed
def test_a_detached_day_is_not_made_a_second_time(far_day: str) -> None:
    with as_owner() as owner:
        owner.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {far_day}")
    assert ensure_partitions(FAR, FAR) == {"made": 0}


def count(table: str) -> int:
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])
