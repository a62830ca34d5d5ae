"""An erasure takes calls and leaves what invoices rest on, in no published number."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from accounts.models import GatewayRequest, UsageStatement
from privacy.connectors.base import Subject
from privacy.connectors.database import DatabaseConnector
from privacy.connectors.testing import Life
from retention.models import RollupCell
from retention.rollups import K
from retention.services.retirement import retire
from tests.retention.retiring import after, far_days, make_calls, rule_of, some_accounts
from tests.support.database import as_owner, committed
from tests.support.world import Planted, World

pytestmark = [committed, pytest.mark.acceptance("KEEP-20")]

MONDAY = date(2021, 10, 4)
ONE = timedelta(days=1)


@pytest.fixture
def ann(world: World) -> Planted:
    return world.add_person("ann.lee@example.org", calls=0)


def erase(planted: Planted) -> None:
    subject = Subject(uuid4(), planted.account.email, {"accounts": [str(planted.account.pk)]})
    life = Life(DatabaseConnector(), subject)
    life.look()
    life.freeze()
    life.erase()


def retire_days(number: int = 1) -> None:
    rule = rule_of()
    retire.retire(rule, after(MONDAY + (number - 1) * ONE, rule))


def stated(planted: Planted) -> list[int]:
    rows = UsageStatement.objects.filter(account_id=planted.account.pk).order_by("day", "model")
    return list(rows.values_list("requests", flat=True))


def test_the_calls_behind_the_last_invoices_are_stated_before_an_erasure_takes_them(
    ann: Planted,
) -> None:
    """A certificate says that what invoices rest on is kept; no later run could state it."""
    with far_days(MONDAY, 2):
        make_calls(MONDAY, [ann.account.pk], each=4)
        make_calls(MONDAY + ONE, [ann.account.pk], each=2)
        make_calls(MONDAY + ONE, [ann.account.pk], model="m-2")
        make_calls(MONDAY, some_accounts(1))
        erase(ann)
        assert not GatewayRequest.objects.filter(account_id=ann.account.pk).exists()
        assert stated(ann) == [4, 2, 1]
        assert UsageStatement.objects.count() == 3, "nobody else is stated before their time"
        retire_days(2)
    assert stated(ann) == [4, 2, 1]


def test_an_erasure_that_is_killed_midway_and_done_again_states_all_calls(ann: Planted) -> None:
    with far_days(MONDAY) as (table,):
        make_calls(MONDAY, [ann.account.pk], each=4)
        erase(ann)
        make_calls(MONDAY, [ann.account.pk])  # as if the kill had left one
        erase(ann)
        assert not GatewayRequest.objects.filter(account_id=ann.account.pk).exists()
        with as_owner() as owner:
            (left,) = owner.execute(f"SELECT count(*) FROM {table}").fetchone() or (None,)
    assert left == 0
    assert stated(ann) == [4]


def test_who_was_erased_is_in_no_number_of_a_week_although_their_statement_stays(
    ann: Planted,
) -> None:
    """Nine others are too few; with the erased one there would be a number."""
    with far_days(MONDAY, 7):
        make_calls(MONDAY, [ann.account.pk, *some_accounts(K - 1)])
        erase(ann)
        retire_days(7)
    assert stated(ann) == [1]
    assert not RollupCell.objects.exists()
