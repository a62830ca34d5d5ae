"""A day whose time is up goes as a whole: detached, summed up, checked against holds, dropped."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.ids import moment_of
from accounts.models import GatewayRequest, UsageStatement
from retention.models import LegalHold, Retirement
from retention.partitions import all_tables, hold_table
from retention.services.holds import lock_holds, place_hold
from retention.services.retirement import detach, let_go, retire, sum_up
from tests.retention.retiring import (
    MODEL,
    TABLE,
    after,
    far_days,
    make_calls,
    rule_of,
    some_accounts,
    tables,
)
from tests.support.database import as_owner, committed
from tests.support.staff import member

pytestmark = pytest.mark.acceptance("KEEP-01")

DAY = date(2021, 3, 3)  # long before every day that other tests use
SECOND = timedelta(seconds=1)
State = Retirement.State


@pytest.fixture
def day() -> Iterator[str]:
    """A day of calls by twelve accounts, three each."""
    with far_days(DAY) as (table,):
        make_calls(DAY, some_accounts(12), each=3)
        yield table


def retire_now(late: timedelta = timedelta(0)) -> int:
    rule = rule_of()
    return retire.retire(rule, after(DAY, rule) + late)


def rows_in(table: str) -> int:
    with as_owner() as owner:
        found: Any = owner.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(found[0])


@committed
def test_a_day_goes_when_its_last_moment_is_old_enough_and_not_before(day: str) -> None:
    assert retire_now(-SECOND) == 0
    assert day in tables()
    assert retire_now() == 36
    assert day not in tables()
    assert not GatewayRequest.objects.exists()


@committed
def test_the_evidence_says_what_went(day: str) -> None:
    first, *_, last = GatewayRequest.objects.order_by("pk").values_list("pk", flat=True)
    retire_now()
    evidence = Retirement.objects.get(table=day)
    assert (evidence.state, evidence.rows, evidence.kept) == (State.DROPPED, 36, 0)
    assert (evidence.first_at, evidence.last_at) == (moment_of(first), moment_of(last))
    assert evidence.checksum.lstrip("-").isdigit()
    assert evidence.dropped_at


@committed
def test_what_bills_rest_on_stays_per_account_and_day(day: str) -> None:
    account = GatewayRequest.objects.values_list("account_id", flat=True)[0]
    retire_now()
    statement = UsageStatement.objects.get(account_id=account)
    assert (statement.day, statement.model, statement.requests) == (DAY, "m-1", 3)
    assert (statement.input_tokens, statement.output_tokens) == (300, 150)
    assert UsageStatement.objects.count() == 12


@committed
def test_a_held_accounts_rows_stay_where_everybody_looks_for_them(day: str) -> None:
    account = GatewayRequest.objects.values_list("account_id", flat=True)[0]
    hold(account)
    assert retire_now() == 33
    with connection.cursor() as cursor:
        assert hold_table(MODEL) in all_tables(cursor, TABLE)
    with as_owner() as owner:
        kept = owner.execute(f"SELECT account_id FROM {hold_table(MODEL)}").fetchall()
    assert kept == [(account,)] * 3
    assert Retirement.objects.get(table=day).kept == 3


def hold(account: UUID) -> LegalHold:
    later = timezone.now().date() + timedelta(days=30)
    return place_hold(
        account, ground="claim", citation="CV-1", review_on=later, actor=member("Approver")
    )


@committed
def test_a_hold_that_is_being_placed_is_waited_for(day: str) -> None:
    """Who has the lock first is first: a hold placed a moment before the end keeps its rows."""
    account = GatewayRequest.objects.values_list("account_id", flat=True)[0]
    begun = begin(day)
    sum_up.sum_up(begun)
    begun.refresh_from_db()
    gone = threading.Event()

    def go() -> None:
        let_go.let_go(begun)
        connections.close_all()
        gone.set()

    with transaction.atomic():
        lock_holds()
        thread = threading.Thread(target=go)
        thread.start()
        assert not gone.wait(0.3), "it didn't wait for the lock"
        hold(account)
    thread.join()
    assert rows_in(hold_table(MODEL)) == 3
    assert day not in tables()


def begin(day: str) -> Retirement:
    """A day that is detached, and no further."""
    rule = rule_of()
    with connections["owner"].cursor() as cursor:
        (row,) = retire.begun(rule, after(DAY, rule), cursor)
        detach.detach(cursor, row)
    row.refresh_from_db()
    return row


@committed
def test_nobody_adds_to_a_detached_day_and_it_is_still_searched(day: str) -> None:
    begin(day)
    with connection.cursor() as cursor:
        assert day in all_tables(cursor, TABLE)
        cursor.execute("SELECT has_table_privilege(current_user, %s, 'INSERT')", [day])
        assert cursor.fetchone() == (False,)
        cursor.execute(f"DELETE FROM {day} WHERE false")
    assert not GatewayRequest.objects.exists(), "its parent shows it no more"


@committed
@pytest.mark.parametrize("stage", ["detach", "sum_up", "let_go"])
def test_a_run_that_ends_after_any_stage_is_carried_on(
    day: str, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: Any) -> None:
        raise RuntimeError(stage)

    with monkeypatch.context() as patch:
        patch.setattr(retire, stage, broken)
        with pytest.raises(RuntimeError, match=stage):
            retire_now()
    assert retire_now() == 36
    assert day not in tables()
    assert UsageStatement.objects.count() == 12
    assert Retirement.objects.get(table=day).rows == 36


@committed
def test_an_interrupted_detachment_is_finished(day: str) -> None:
    """PostgreSQL leaves it pending when the waiting session is killed."""
    rule = rule_of()
    with connections["owner"].cursor() as cursor:
        retire.begun(rule, after(DAY, rule), cursor)
    with as_owner() as reader, as_owner() as detacher, as_owner() as killer:
        reader.autocommit = False
        reader.execute(f"SELECT count(*) FROM {TABLE}")
        pid = detacher.info.backend_pid

        def detach_it() -> None:
            with pytest.raises(Exception, match="terminat"):
                detacher.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {day} CONCURRENTLY")

        thread = threading.Thread(target=detach_it)
        thread.start()
        wait_for_pending(day)
        killer.execute("SELECT pg_terminate_backend(%s)", [pid])
        thread.join()
    with connections["owner"].cursor() as cursor:
        assert detach.place_of(cursor, day)[0] is detach.Place.PENDING
    assert retire_now() == 36
    assert day not in tables()


def wait_for_pending(day: str) -> None:
    with connections["owner"].cursor() as cursor:
        for _ in range(100):
            if detach.place_of(cursor, day)[0] is detach.Place.PENDING:
                return
            threading.Event().wait(0.05)
    raise AssertionError("the detachment never became pending")


@committed
def test_a_reader_of_a_detached_day_delays_its_end_and_nothing_else(
    day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(day)
    monkeypatch.setattr(let_go, "TRYING", timedelta(0))
    with as_owner() as reader:
        reader.autocommit = False
        reader.execute(f"SELECT count(*) FROM {day}")
        assert retire_now() == 0
        assert day in tables()
    assert retire_now() == 36


@committed
def test_two_runs_at_once_are_one(day: str) -> None:
    gone: list[int] = []

    def run() -> None:
        gone.append(retire_now())
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(gone) == [0, 36]
    assert UsageStatement.objects.count() == 12
