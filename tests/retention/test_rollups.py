"""Published numbers point to nobody, however one subtracts."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import GatewayRequest, UsageStatement
from retention.models import Retirement, RollupCell
from retention.rollups import ROLL_UPS, K
from retention.services.retirement import detach, retire
from retention.services.retirement.publish import Cell, to
from retention.services.retirement.sum_up import sum_up
from tests.retention.retiring import MODEL, after, far_days, make_calls, rule_of, some_accounts
from tests.support.database import committed

pytestmark = pytest.mark.acceptance("KEEP-02")

MONDAY = date(2021, 3, 1)
SPEC = ROLL_UPS[MODEL]


def retire_all(first: date, number: int = 1) -> None:
    rule = rule_of()
    retire.retire(rule, after(first + timedelta(days=number - 1), rule))


def cells() -> dict[str, RollupCell]:
    """By the values of their keys in the order of the ladder."""
    order = SPEC.ladder[0]
    return {
        "/".join(cell.key[name] for name in order if name in cell.key) or "rest": cell
        for cell in RollupCell.objects.all()
    }


@committed
def test_what_enough_accounts_did_is_told_at_the_finest_level() -> None:
    with far_days(MONDAY):
        make_calls(MONDAY, some_accounts(K), region="eu")
        make_calls(MONDAY, some_accounts(K), region="us", model="m-2")
        retire_all(MONDAY)
    assert set(cells()) == {"openai/m-1/2/eu", "openai/m-2/2/us"}
    assert Retirement.objects.get().level == "provider+model+status+region"


@committed
def test_one_account_less_and_the_region_is_not_told() -> None:
    with far_days(MONDAY):
        make_calls(MONDAY, some_accounts(K - 1), region="eu")
        make_calls(MONDAY, some_accounts(K - 1), region="us")
        retire_all(MONDAY)
    (cell,) = RollupCell.objects.all()
    assert cell.key in ({}, {"provider": "openai", "model": "m-1", "status": "2"})
    assert cell.accounts == to(2 * (K - 1), K)


@committed
def test_an_account_that_is_most_of_a_number_hides_it() -> None:
    giant = uuid4()
    with far_days(MONDAY):
        make_calls(MONDAY, some_accounts(K))
        make_calls(MONDAY, [giant], each=K + 2)
        retire_all(MONDAY)
    assert not RollupCell.objects.exists()
    assert UsageStatement.objects.get(account_id=giant).requests == K + 2


@committed
def test_what_is_left_out_is_itself_safe_so_that_no_total_tells_it() -> None:
    """Nine accounts used a rare model; the smallest published cell goes with them."""
    with far_days(MONDAY):
        make_calls(MONDAY, some_accounts(K + 5), model="common")
        make_calls(MONDAY, some_accounts(K), model="usual")
        make_calls(MONDAY, some_accounts(K - 1), model="rare")
        retire_all(MONDAY)
    shown = cells()
    assert set(shown) == {"openai/common/2/", "rest"}
    assert shown["rest"].accounts == to(2 * K - 1, K)


@committed
def test_days_that_are_safe_at_no_level_are_told_as_a_week() -> None:
    regulars = some_accounts(4)
    with far_days(MONDAY, 7):
        for n in range(7):
            make_calls(MONDAY + timedelta(days=n), [*regulars, *some_accounts(1)])
        retire_all(MONDAY, 6)
        assert not RollupCell.objects.exists(), "a week is told when it is over"
        retire_all(MONDAY, 7)
        (cell,) = RollupCell.objects.all()
        assert (cell.first_day, cell.last_day) == (MONDAY, MONDAY + timedelta(days=6))
        assert cell.key == {"provider": "openai"}
        assert cell.numbers["requests"] == to(7 * 5, 10)
        retire_all(MONDAY, 7)
        assert RollupCell.objects.count() == 1
    assert set(Retirement.objects.values_list("level", flat=True)) == {"week+provider"}


@committed
def test_a_day_is_summed_up_once_whoever_is_erased_afterwards() -> None:
    with far_days(MONDAY) as (table,):
        accounts = some_accounts(K + 1)
        make_calls(MONDAY, accounts)
        rule = rule_of()
        with connections["owner"].cursor() as cursor:
            (row,) = retire.begun(rule, after(MONDAY, rule), cursor)
            detach.detach(cursor, row)
            sum_up(row)
            before = list(RollupCell.objects.values_list("key", "numbers", "accounts"))
            cursor.execute(f"DELETE FROM {table} WHERE account_id = %s", [accounts[0]])
        sum_up(row)
        retire_all(MONDAY)
        assert list(RollupCell.objects.values_list("key", "numbers", "accounts")) == before


def test_sums_are_rounded() -> None:
    assert (to(4, 10), to(5, 10), to(Decimal("1499.5"), 1000), to(0, 10)) == (0, 10, 1000, 0)


# The attack: everything that is published, and all that follows from it by subtraction.

call = st.tuples(
    st.integers(0, 25),  # account
    st.sampled_from(["openai", "anthropic"]),
    st.sampled_from(["m-1", "m-2", "m-3"]),
    st.sampled_from(["eu", "us"]),
)


@committed
@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(st.lists(call, min_size=1, max_size=250))
def test_no_cell_and_no_difference_points_to_less_than_ten_accounts(calls: list[Any]) -> None:
    names = {n: UUID(int=n + 1) for n in range(26)}
    RollupCell.objects.all().delete()
    Retirement.objects.all().delete()
    UsageStatement.objects.all().delete()
    with far_days(MONDAY):
        kinds: dict[Any, list[UUID]] = {}
        for account, *kind in calls:
            kinds.setdefault(tuple(kind), []).append(names[account])
        for (provider, model, region), accounts in kinds.items():
            make_calls(MONDAY, accounts, provider=provider, model=model, region=region)
        rows = list(GatewayRequest.objects.values("account_id", "provider", "model", "region"))
        retire_all(MONDAY)
    shown = [cell.key for cell in RollupCell.objects.all()]
    if not shown:
        return
    told = [key for key in shown if key]
    groups = [in_cell(rows, lambda row, key=key: matches(row, key)) for key in told]
    rest = in_cell(rows, lambda row: not any(matches(row, key) for key in told))
    if {} in shown:
        groups.append(rest)
    else:
        assert not rest, "something was left out without a cell of its own"
    for group in groups:
        assert len(group) >= K
        assert max(group.values()) * 2 <= sum(group.values())


def matches(row: dict[str, Any], key: dict[str, str]) -> bool:
    return all(row[name] == value for name, value in key.items() if name in row)


def in_cell(rows: list[Any], belongs: Callable[..., bool]) -> "Counter[UUID]":
    return Counter(row["account_id"] for row in rows if belongs(row))


def test_a_cell_with_nobodys_money_in_it_can_be_safe() -> None:
    free = Cell(
        "", {}, K, {"requests": 20, "cost_usd": Decimal(0)}, {"requests": 2, "cost_usd": 0}
    )
    assert free.is_safe
