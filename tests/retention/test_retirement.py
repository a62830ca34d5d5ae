"""A day whose time is up goes as a whole: detached, summed up, checked against holds, dropped."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, connections, transaction
from django.utils import timezone

from accounts.ids import moment_of
from accounts.models import GatewayRequest, UsageStatement
from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.jobs.run import JOB_LEASE
from retention.dispositions import RETIRE
from retention.models import LegalHold, Retirement, RollupCell
from retention.partitions import all_tables, hold_table
from retention.schedule import RETENTION_SCHEDULE
from retention.selectors.outlook import due
from retention.selectors.standing import waiting
from retention.services.holds import lock_holds, place_hold, release_hold
from retention.services.retirement import detach, let_go, retire, sum_up
from tests.retention.retiring import (
    MODEL,
    TABLE,
    after,
    far_days,
    leave_pending,
    make_calls,
    make_days,
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


def hold(account: UUID | None = None, **scope: Any) -> LegalHold:
    later = timezone.now().date() + timedelta(days=30)
    actor = member("Approver")
    return place_hold(
        account, ground="claim", citation="CV-1", review_on=later, actor=actor, **scope
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
        with pytest.RaisesGroup(pytest.RaisesExc(RuntimeError, match=stage)):
            retire_now()
    assert retire_now() == 36
    assert day not in tables()
    assert UsageStatement.objects.count() == 12
    assert Retirement.objects.get(table=day).rows == 36


@committed
def test_an_interrupted_detachment_is_finished(day: str) -> None:
    """PostgreSQL leaves it pending when the waiting session is killed."""
    leave_pending(day)
    assert retire_now() == 36
    assert day not in tables()


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


@committed
def test_a_day_that_comes_back_is_told_of_no_second_time(day: str) -> None:
    """After a restore of its table. Another number of the same day could be subtracted."""
    assert retire_now() == 36
    told = list(RollupCell.objects.values())
    make_days(DAY)
    make_calls(DAY, some_accounts(20), each=5, region="eu")
    assert retire_now() == 100
    assert day not in tables()
    assert list(RollupCell.objects.values()) == told
    assert told


@committed
def test_held_rows_of_a_day_that_comes_back_are_kept_once(day: str) -> None:
    with as_owner() as owner:
        owner.execute(f"CREATE TABLE dumped AS SELECT * FROM {day}")
        try:
            hold(GatewayRequest.objects.values_list("account_id", flat=True)[0])
            assert retire_now() == 33
            make_days(DAY)
            owner.execute(f"INSERT INTO {day} SELECT * FROM dumped")
        finally:
            owner.execute("DROP TABLE dumped")
    rule = rule_of()
    assert due(rule, after(DAY, rule)) == 33
    assert retire_now() == 33
    assert rows_in(hold_table(MODEL)) == Retirement.objects.get(table=day).kept == 3


@committed
def test_a_day_that_a_hold_covers_whole_stays_as_it_is(day: str) -> None:
    """Copying it would keep everybody who places a hold waiting."""
    held = hold(model=MODEL, since=DAY, until=DAY)
    assert retire_now() == 0
    assert rows_in(day) == 36
    assert hold_table(MODEL) not in tables()
    rule = rule_of()
    assert (due(rule, after(DAY, rule)), waiting(rule, after(DAY, rule), {})) == (0, 0)
    Retirement.objects.update(started_at=timezone.now() - timedelta(days=2))
    assert retire_now() == 0
    assert not open_alarms().exists(), "it waits for nobody"
    release_hold(held, actor=member("Approver", "other"), reason="settled")
    assert retire_now() == 36


@committed
def test_no_row_is_in_two_tables_while_a_reader_delays_the_end(
    day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else an export would have it twice."""
    hold(GatewayRequest.objects.values_list("account_id", flat=True)[0])
    monkeypatch.setattr(let_go, "TRYING", timedelta(0))
    with as_owner() as reader:
        reader.autocommit = False
        reader.execute(f"SELECT count(*) FROM {TABLE}")
        reader.rollback()
        begin(day)
        reader.execute(f"SELECT count(*) FROM {day}")
        assert retire_now() == 0
        assert hold_table(MODEL) not in tables()
    assert retire_now() == 33
    assert rows_in(hold_table(MODEL)) == 3


@committed
def test_a_table_that_is_missing_is_told_and_keeps_no_day_from_going(
    day: str, caplog: pytest.LogCaptureFixture
) -> None:
    lost = Retirement(
        table=f"{TABLE}_20210301", model=MODEL, day=DAY - timedelta(days=2), rule=rule_of().name,
        started_at=timezone.now(),
    )  # fmt: skip
    lost.save()
    with pytest.RaisesGroup(ProgrammingError):
        retire_now()
    assert f"retirement.failed {lost.table}" in caplog.text
    assert day not in tables()


def test_both_rules_of_days_are_over_before_their_jobs_lease() -> None:
    rules = [rule for rule in RETENTION_SCHEDULE if rule.dispose == RETIRE]
    assert len(rules) * retire.BUDGET < JOB_LEASE
