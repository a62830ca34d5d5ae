"""A migration changes the table of calls; days and rows that stand outside follow it."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from retention.columns import columns_of, follow_parents
from retention.partitions import hold_table
from retention.services.holds import place_hold
from retention.services.retirement import retire
from retention.services.retirement.detach import detach
from tests.retention.retiring import (
    MODEL,
    TABLE,
    after,
    far_days,
    make_calls,
    rule_of,
    some_accounts,
)
from tests.support.database import as_owner, committed
from tests.support.staff import member

pytestmark = pytest.mark.acceptance("KEEP-08")

DAY = date(2021, 4, 12)
ONE = timedelta(days=1)
HELD = hold_table(MODEL)


@pytest.fixture
def days() -> Iterator[list[str]]:
    """Two days of calls, of which a hold on an account keeps one each."""
    held, *others = some_accounts(3)
    later = timezone.now().date() + 30 * ONE
    place_hold(held, ground="claim", citation="CV-1", review_on=later, actor=member("Approver"))
    with far_days(DAY, 2) as names:
        for n in range(2):
            make_calls(DAY + n * ONE, [held, *others])
        yield names
        alter("DROP COLUMN IF EXISTS tier", "ALTER COLUMN region TYPE varchar(20)")


def alter(*changes: str) -> None:
    """What a migration does."""
    with as_owner() as owner:
        for change in changes:
            owner.execute(f"ALTER TABLE {TABLE} {change}")


def retire_days(number: int) -> int:
    rule = rule_of()
    return retire.retire(rule, after(DAY + (number - 1) * ONE, rule))


def columns(table: str) -> dict[str, str]:
    with connections["owner"].cursor() as cursor:
        return columns_of(cursor, table)


def follow() -> None:
    with connections["owner"].cursor() as cursor:
        follow_parents(cursor)


@committed
def test_held_rows_come_to_a_table_that_was_made_before_a_column(days: list[str]) -> None:
    retire_days(1)
    alter("ADD COLUMN tier integer NOT NULL DEFAULT 7")
    assert retire_days(2) == 2
    with as_owner() as owner:
        found = owner.execute(f"SELECT tier FROM {HELD} ORDER BY id").fetchall()
    assert found == [(None,), (7,)], "an old row has none"


@committed
def test_held_rows_come_from_a_day_that_was_taken_out_before_a_column(days: list[str]) -> None:
    begin(DAY)
    alter("ADD COLUMN tier integer NOT NULL DEFAULT 7")
    assert retire_days(1) == 2
    with as_owner() as owner:
        assert owner.execute(f"SELECT tier FROM {HELD}").fetchall() == [(None,)]


def begin(day: date) -> None:
    """Take out what is over by then, and no more."""
    rule = rule_of()
    with connections["owner"].cursor() as cursor:
        for row in retire.begun(rule, after(day, rule), cursor):
            detach(cursor, row)


@committed
def test_after_migrations_every_table_of_calls_has_the_same_columns(days: list[str]) -> None:
    """Whoever searches and exports names the columns that a model has now."""
    retire_days(1)
    begin(DAY + ONE)
    alter("ADD COLUMN tier integer NOT NULL DEFAULT 7", "ALTER COLUMN region TYPE varchar(40)")
    follow()
    assert columns(HELD) == columns(days[1]) == columns(TABLE)
    follow()
    assert columns(HELD) == columns(TABLE)


@committed
def test_what_a_column_held_that_is_gone_stays_with_the_held_rows(days: list[str]) -> None:
    alter("ADD COLUMN tier integer NOT NULL DEFAULT 7")
    retire_days(1)
    alter("DROP COLUMN tier")
    follow()
    assert retire_days(2) == 2
    with as_owner() as owner:
        found = owner.execute(f"SELECT tier FROM {HELD} ORDER BY id").fetchall()
    assert found == [(7,), (None,)]
