"""What attacks on the published numbers, the holds and the days found, and what withstood them."""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from dateutil.relativedelta import relativedelta
from django.db import Error, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import (
    GatewayRequest,
    Restriction,
    SupportMessage,
    UsageStatement,
)
from accounts.purposes import PURPOSES, Purpose
from privacy.connectors.base import Subject
from privacy.connectors.database.export import export_rows
from retention.models import Retirement, RollupCell
from retention.partitions import hold_table
from retention.rollups import K
from retention.rules import RetentionRule
from retention.selectors.outlook import due
from retention.services import rows
from retention.services.retirement import detach, retire, spread
from retention.services.retirement.publish import to
from retention.services.retirement.sum_up import sum_up
from tests.retention.retiring import (
    MODEL,
    after,
    far_days,
    make_calls,
    make_days,
    rule_of,
    some_accounts,
    tables,
)
from tests.support.database import as_owner, committed, rolled_back
from tests.support.holds import hold
from tests.support.rows import make_account
from tests.support.world import World

pytestmark = pytest.mark.acceptance("KEEP-20")

MONDAY = date(2021, 9, 6)
ONE = timedelta(days=1)
NOW = datetime(2030, 6, 1, 12, tzinfo=UTC)


def retire_days(number: int = 1) -> int:
    rule = rule_of()
    return retire.retire(rule, after(MONDAY + (number - 1) * ONE, rule))


def begin() -> Retirement:
    """The first day, detached and no further."""
    rule = rule_of()
    with connections["owner"].cursor() as cursor:
        row, *_ = retire.begun(rule, after(MONDAY, rule), cursor)
        detach.detach(cursor, row)
    row.refresh_from_db()
    return row


def numbers() -> list[tuple[int, dict[str, int]]]:
    return [(cell.accounts, cell.numbers) for cell in RollupCell.objects.order_by("pk")]


def subject_of(person: Any) -> Subject:
    return Subject(uuid4(), "ann.lee@example.org", {"accounts": [str(person.account.pk)]})


# The numbers.


@committed
def test_who_objected_to_statistics_is_left_out_of_them() -> None:
    """As the table of purposes tells the person; the bill's statement still has them."""
    assert "left out of our statistics" in PURPOSES[Purpose.ANALYTICS].stops
    objector, *others = some_accounts(K)
    Restriction.objects.create(
        account_id=objector, purpose=Purpose.ANALYTICS, request_id=uuid4(), since=timezone.now()
    )
    with far_days(MONDAY, 7):
        make_calls(MONDAY, [objector, *others], each=5)
        retire_days(7)
    assert UsageStatement.objects.get(account_id=objector).requests == 5
    assert numbers() == [], "nine accounts are left, so nothing may be published"


@committed
def test_the_slowest_account_cant_be_read_off_a_percentile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Six percent of the calls are one account's: the 95th percent is its own number, exactly."""
    monkeypatch.setattr(spread, "ENOUGH_ROWS", 100)
    slow, *others = some_accounts(95)
    with far_days(MONDAY):
        make_calls(MONDAY, others, latency_ms=200)
        make_calls(MONDAY, [slow], each=6, latency_ms=8_317)
        retire_days()
    ((_, told),) = numbers()
    assert told["latency_ms_p50"] == 200
    assert "latency_ms_p95" not in told


@committed
def test_a_percentile_that_many_share_is_told_in_steps_and_equals_the_naive_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spread, "ENOUGH_ROWS", 100)
    with far_days(MONDAY):
        for n in range(100):
            make_calls(MONDAY, some_accounts(2), latency_ms=7 * n)
        retire_days()
    ((_, told),) = numbers()
    assert told["latency_ms_p50"] == to(7 * 49 - 5, 10)
    assert told["latency_ms_p95"] == to(7 * 94 - 5, 10)


@committed
def test_the_second_largest_account_cant_work_out_the_largest() -> None:
    """It knows its own number; the rest of the cell is then nearly all the largest one's."""
    largest, second, *others = some_accounts(K)
    with far_days(MONDAY):
        make_calls(MONDAY, [largest], cost_usd=Decimal(1000))
        make_calls(MONDAY, [second], cost_usd=Decimal(992))
        make_calls(MONDAY, others, cost_usd=Decimal(1))
        retire_days()
    for _, told in numbers():
        guess = told["cost_usd"] - 992
        assert abs(guess - 1000) > 100, "the guess is less than a tenth away"


@committed
def test_an_account_with_all_the_money_and_few_calls_hides_it() -> None:
    payer, *others = some_accounts(2 * K)
    with far_days(MONDAY, 7):
        make_calls(MONDAY, others, each=4)
        make_calls(MONDAY, [payer], cost_usd=Decimal(50))
        retire_days(7)
    assert numbers() == []


@committed
def test_nothing_costing_anything_is_told_as_nothing() -> None:
    with far_days(MONDAY):
        make_calls(MONDAY, some_accounts(K), cost_usd=Decimal(0))
        retire_days()
    ((_, told),) = numbers()
    assert told["cost_usd"] == 0


@committed
def test_a_week_holds_only_the_days_that_no_number_told() -> None:
    """Else the week minus its days would be the calls of the few of the quiet days."""
    regulars = some_accounts(K - 1)
    with far_days(MONDAY, 7):
        for n in range(7):
            few = n in (2, 5)
            guests = [uuid4()] if few else some_accounts(3)
            make_calls(MONDAY + n * ONE, [*regulars[: 5 if few else None], *guests])
        # Together ten accounts on the two quiet days, six on each.
        make_calls(MONDAY + 5 * ONE, some_accounts(3))
        retire_days(7)
    week = RollupCell.objects.exclude(first_day=MONDAY)
    (told,) = [cell for cell in week if cell.first_day != cell.last_day]
    assert (told.first_day, told.last_day) == (MONDAY + 2 * ONE, MONDAY + 5 * ONE)
    assert told.numbers["requests"] == to(6 + 9, 10)
    assert RollupCell.objects.count() == 6


@committed
def test_who_is_erased_before_a_day_is_summed_up_is_in_no_number_and_no_statement() -> None:
    gone, *others = some_accounts(K)
    with far_days(MONDAY, 7) as (table, *_):
        make_calls(MONDAY, [gone, *others])
        begin()
        with as_owner() as owner:
            owner.execute(f"DELETE FROM {table} WHERE account_id = %s", [gone])
        retire_days(7)
    assert not UsageStatement.objects.filter(account_id=gone).exists()
    assert numbers() == []
    assert Retirement.objects.get(table=table).rows == K - 1


@committed
def test_the_evidence_of_a_day_names_none_of_its_calls() -> None:
    """A call's id is its account's: it is in their package, and nothing of it outlives erasure."""
    with far_days(MONDAY):
        make_calls(MONDAY, [uuid4()])
        (call,) = GatewayRequest.objects.values_list("pk", flat=True)
        retire_days()
    (evidence,) = Retirement.objects.values()
    assert call not in evidence.values()


# The days.


@committed
def test_a_day_that_fails_keeps_no_other_from_going(monkeypatch: pytest.MonkeyPatch) -> None:
    with far_days(MONDAY, 2) as (first, second):
        for n in range(2):
            make_calls(MONDAY + n * ONE, some_accounts(2))

        def fails_once(row: Retirement) -> None:
            if row.table == first:
                raise RuntimeError(first)
            sum_up(row)

        monkeypatch.setattr(retire, "sum_up", fails_once)
        with pytest.raises((RuntimeError, ExceptionGroup)):
            retire_days(2)
        assert first in tables()
        assert second not in tables()


@committed
def test_a_day_whose_table_comes_back_goes_again() -> None:
    """After a restore of one table, or a clock that was ahead for an hour."""
    with far_days(MONDAY) as (table,):
        make_calls(MONDAY, some_accounts(2))
        assert retire_days() == 2
        make_days(MONDAY)
        make_calls(MONDAY, some_accounts(3))
        assert due(rule_of(), after(MONDAY, rule_of())) == 3
        assert retire_days() == 3
        assert table not in tables()


@committed
def test_a_late_call_of_a_day_that_is_gone_is_refused_and_brings_no_day_back() -> None:
    with far_days(MONDAY) as (table,):
        make_calls(MONDAY, some_accounts(2))
        retire_days()
        with pytest.raises(Error, match="23514"):
            make_calls(MONDAY, some_accounts(1))
        assert table not in tables()


@committed
def test_a_person_erased_between_detachment_and_end_is_kept_nowhere() -> None:
    """Also when a hold on somebody else copies rows of that day."""
    gone, held = some_accounts(2)
    with far_days(MONDAY) as (table,):
        make_calls(MONDAY, [gone, held])
        sum_up(begin())
        with as_owner() as owner:
            owner.execute(f"DELETE FROM {table} WHERE account_id = %s", [gone])
        hold(held)
        retire_days()
        with as_owner() as owner:
            kept = owner.execute(f"SELECT account_id FROM {hold_table(MODEL)}").fetchall()
    assert kept == [(held,)]


@committed
def test_days_go_once_although_two_servers_take_turns() -> None:
    with far_days(MONDAY, 4):
        for n in range(4):
            make_calls(MONDAY + n * ONE, some_accounts(3))
        gone: list[int] = []

        def run() -> None:
            gone.extend(retire_days(4) for _ in range(3))
            connections.close_all()

        together(run, run)
        assert sum(gone) == 12
        assert UsageStatement.objects.count() == 12
        assert Retirement.objects.filter(state=Retirement.State.DROPPED).count() == 4


@committed
def test_a_long_export_holds_up_no_day_but_the_one_it_reads(world: World) -> None:
    """It copies one day after the other, and each with a snapshot of its own."""
    ann = world.add_person("ann.lee@example.org", calls=0)
    with far_days(MONDAY, 2) as (first, second):
        for n in range(2):
            make_calls(MONDAY + n * ONE, [ann.account.pk], each=3000)
        export = (each for each in export_rows(subject_of(ann)) if "m-1" in each.json)
        for _ in range(3001):
            next(export)  # it is in the middle of the second day

        def run() -> None:
            retire_days()
            connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(20)
        went = first not in tables()
        export.close()
        thread.join()
        assert went
        assert second in tables()


@committed
def test_new_days_are_made_while_an_old_one_waits_for_a_dump() -> None:
    """Else a dump of two weeks would have calls refused."""
    with far_days(MONDAY) as (table,), as_owner() as dump:
        make_calls(MONDAY, some_accounts(2))
        dump.autocommit = False
        dump.execute("SELECT count(*) FROM accounts_gatewayrequest")

        def wait() -> None:
            retire_days()
            connections.close_all()

        def make() -> None:
            make_days(MONDAY + ONE)
            connections.close_all()

        waiting = threading.Thread(target=wait)
        waiting.start()
        until_pending(table)
        making = threading.Thread(target=make)
        making.start()
        making.join(10)
        was_made = not making.is_alive()
        assert waiting.is_alive(), "it waits for nobody"
        dump.rollback()
        making.join()
        waiting.join()
        assert was_made
        assert table not in tables()


def until_pending(table: str) -> None:
    for _ in range(100):
        with connections["owner"].cursor() as cursor:
            if detach.place_of(cursor, table)[0] is detach.Place.PENDING:
                return
        threading.Event().wait(0.05)
    raise AssertionError("it was never pending")


def together(*work: Any) -> None:
    threads = [threading.Thread(target=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# The rows.


@rolled_back
def test_rows_of_one_and_the_same_day_go_in_small_windows_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A million accounts have a statement of the same day: its clock can't tell them apart."""
    monkeypatch.setattr(rows, "CHUNK", 10)
    rule = RetentionRule("accounts.UsageStatement", "day", relativedelta(years=7), "a test")
    statements(date(2021, 9, 6), 35)
    with CaptureQueriesContext(connections["default"]) as made:
        assert rows.delete_expired(rule, NOW) == 35
    deletes = [q for q in made.captured_queries if q["sql"].startswith("DELETE")]
    assert len(deletes) >= 4, "all went in one statement, however many"


def statements(day: date, number: int) -> None:
    UsageStatement.objects.bulk_create(
        UsageStatement(
            account_id=uuid4(), day=day, provider="p", model="m", requests=1, input_tokens=1,
            output_tokens=1, cost_usd=1,
        )
        for _ in range(number)
    )  # fmt: skip


# The holds.


@committed
def test_a_hold_placed_between_two_windows_keeps_what_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Disposal is in the middle of its windows when the hold comes; what went before is gone."""
    monkeypatch.setattr(rows, "CHUNK", 2)
    account = make_account()
    for days in range(40, 50):
        SupportMessage.objects.create(
            account=account, email="ann@example.org", received_at=NOW - days * ONE
        )
    rule = RetentionRule(
        "accounts.SupportMessage", "received_at", relativedelta(days=30), "a test",
        subject="account_id",
    )  # fmt: skip
    assert rows.delete_expired(rule, NOW, timedelta(0)) == 2
    hold(account.pk)
    assert rows.delete_expired(rule, NOW) == 0
    assert SupportMessage.objects.count() == 8
