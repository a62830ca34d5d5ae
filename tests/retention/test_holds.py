"""A legal hold names an account, or a kind of data and its days, and stops all that would go."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import GatewayRequest, SupportMessage, User
from privacy.models import Draft, PrivacyRequest
from privacy.services import intake
from privacy.services.holds import hold_code
from retention.columns import outside
from retention.models import LegalHold, Retirement
from retention.rules import RetentionRule
from retention.selectors.outlook import due
from retention.services import rows
from retention.services.dispose import dispose_due
from retention.services.holds import HoldError, lock_holds, place_hold
from retention.services.retirement import retire
from tests.retention.retiring import (
    MODEL,
    TABLE,
    after,
    far_days,
    make_calls,
    rule_of,
    some_accounts,
)
from tests.support.database import committed, rolled_back
from tests.support.rows import make_account, make_request
from tests.support.staff import member

pytestmark = pytest.mark.acceptance("KEEP-08")

NOW = datetime(2030, 6, 1, 12, tzinfo=UTC)
ONE = timedelta(days=1)
MESSAGES = "accounts.SupportMessage"
RULE = RetentionRule(
    MESSAGES, "received_at", relativedelta(days=30), "a test", subject="account_id"
)
DAY = date(2021, 3, 3)


def hold(subject: UUID | None = None, **scope: Any) -> LegalHold:
    actor = User.objects.filter(username="holder").first() or member("Approver", "holder")
    return place_hold(
        subject, ground="claim", citation="CV-1", review_on=date(2031, 1, 1), actor=actor, **scope
    )


def release(placed: LegalHold) -> None:
    LegalHold.objects.filter(pk=placed.pk).update(released_at=timezone.now())


def message(at: datetime, account: Any = None, email: str = "ann@example.org") -> None:
    SupportMessage.objects.create(account=account, email=email, received_at=at)


def left() -> list[datetime]:
    return sorted(SupportMessage.objects.values_list("received_at", flat=True))


@rolled_back
@pytest.mark.parametrize(
    "scope",
    [
        {},
        {"model": MESSAGES},
        {"model": MESSAGES, "since": DAY},
        {"since": DAY, "until": DAY},
        {"model": MESSAGES, "since": DAY, "until": DAY - ONE},
        {"model": "accounts.User", "since": DAY, "until": DAY},
    ],
)
def test_there_is_no_hold_on_everything_or_on_nothing(scope: dict[str, Any]) -> None:
    with pytest.raises(HoldError):
        hold(**scope)
    assert not LegalHold.objects.exists()


@rolled_back
def test_the_database_refuses_a_hold_on_everything_too() -> None:
    values = {"ground": "claim", "citation": "CV-1", "review_on": DAY, "placed_at": NOW}
    for scope in ({}, {"model": MESSAGES}, {"since": DAY, "until": DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LegalHold.objects.create(**values, **scope)


@rolled_back
def test_an_account_has_no_rows_among_data_that_belongs_to_no_account() -> None:
    with pytest.raises(HoldError, match="belongs to no account"):
        hold(make_account().pk, model="privacy.Draft")


@rolled_back
def test_the_review_is_after_today() -> None:
    with pytest.raises(HoldError, match="after today"):
        place_hold(
            make_account().pk, ground="claim", citation="CV-1", actor=member("Approver"),
            review_on=timezone.now().date(),
        )  # fmt: skip


@rolled_back
def test_a_hold_on_days_keeps_everybodys_rows_of_these_days_and_no_others() -> None:
    first = datetime(2030, 1, 10, tzinfo=UTC)
    inside = [first, first + ONE, first + 2 * ONE - timedelta(microseconds=1)]
    for at in (first - timedelta(microseconds=1), *inside, first + 2 * ONE):
        message(at, make_account(email="bob@example.org") if at == first else None)
    placed = hold(model=MESSAGES, since=first.date(), until=first.date() + ONE)
    assert rows.delete_expired(RULE, NOW) == 2
    assert left() == inside
    release(placed)
    assert rows.delete_expired(RULE, NOW) == 3


@rolled_back
def test_a_hold_on_an_accounts_days_keeps_only_its_rows_of_them() -> None:
    ann, bob = make_account(), make_account(email="bob@example.org")
    day = datetime(2030, 1, 10, 12, tzinfo=UTC)
    for account in (ann, bob):
        message(day, account)
        message(day - 5 * ONE, account)
    hold(ann.pk, since=day.date())
    assert rows.delete_expired(RULE, NOW) == 3
    assert SupportMessage.objects.get().account == ann


@rolled_back
def test_every_disposition_of_rows_leaves_out_what_is_held() -> None:
    draft = intake.start_draft("cookie")
    old = timezone.now() - 5 * ONE
    Draft.objects.filter(pk=draft.pk).update(created_at=old)
    placed = hold(model="privacy.Draft", since=old.date(), until=old.date())
    assert dispose_due()["privacy.Draft.created_at"] == 0
    release(placed)
    assert dispose_due()["privacy.Draft.created_at"] == 1


@committed
def test_a_hold_that_is_being_placed_is_waited_for() -> None:
    account = make_account()
    message(NOW - 40 * ONE, account)
    ended = threading.Event()

    def run() -> None:
        rows.delete_expired(RULE, NOW)
        connections.close_all()
        ended.set()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        lock_holds()
        thread.start()
        assert not ended.wait(0.3), "it didn't wait for the lock"
        hold(account.pk)
    thread.join()
    assert len(left()) == 1


def calls() -> list[UUID]:
    return list(GatewayRequest.objects.values_list("account_id", flat=True))


def kept() -> list[UUID]:
    """Whose calls stand outside: in the table of held rows, or in a day that is held whole."""
    with connections["owner"].cursor() as cursor:
        found = []
        for table in outside(cursor, TABLE):
            cursor.execute(f"SELECT account_id FROM {table} ORDER BY id")
            found += [account for (account,) in cursor.fetchall()]
        return found


@committed
def test_a_hold_on_days_keeps_a_whole_partition_and_the_next_goes() -> None:
    with far_days(DAY, 2):
        make_calls(DAY, some_accounts(3))
        make_calls(DAY + ONE, some_accounts(4))
        placed = hold(model=MODEL, since=DAY, until=DAY)
        rule = rule_of()
        now = after(DAY + ONE, rule)
        assert due(rule, now) == 4
        assert retire.retire(rule, now) == 4
        assert len(kept()) == 3
        release(placed)
        assert due(rule, now) == 3
        assert retire.retire(rule, now) == 3
        assert (kept(), due(rule, now)) == ([], 0)


@committed
@pytest.mark.acceptance("KEEP-09")
def test_what_only_one_of_two_holds_kept_goes_when_that_one_ends() -> None:
    ann, bob, *_ = accounts = some_accounts(5)
    with far_days(DAY):
        make_calls(DAY, accounts)
        placed = hold(ann)
        hold(bob, model=MODEL, since=DAY, until=DAY)
        hold(accounts[2], since=DAY + ONE)
        rule = rule_of()
        retire.retire(rule, after(DAY, rule))
        assert set(kept()) == {ann, bob}
        release(placed)
        assert retire.retire(rule, after(DAY, rule)) == 1
        assert kept() == [bob]


@rolled_back
def test_an_erasure_waits_for_a_hold_on_days_in_which_the_person_has_rows() -> None:
    ann, bob = make_account(), make_account(email="bob@example.org")
    at = datetime(2030, 1, 10, 12, tzinfo=UTC)
    message(at, ann)
    message(at + 9 * ONE, bob, "bob@example.org")
    message(at, email="only.mail@example.org")
    placed = hold(model=MESSAGES, since=at.date(), until=at.date())
    assert hold_code(erasure("x@example.org", ann))
    assert hold_code(erasure("only.mail@example.org"))
    assert not hold_code(erasure("bob@example.org", bob))
    release(placed)
    assert not hold_code(erasure("x@example.org", ann))


def erasure(email: str, *accounts: Any) -> PrivacyRequest:
    request = make_request(email=email)
    request.refs = {"accounts": [str(account.pk) for account in accounts]}
    return request


@committed
def test_an_erasure_waits_for_held_calls_attached_or_kept() -> None:
    ann, bob = make_account(), make_account(email="bob@example.org")
    with far_days(DAY, 2):
        make_calls(DAY, [ann.pk])
        make_calls(DAY + ONE, [bob.pk])
        hold(model=MODEL, since=DAY, until=DAY)
        for _ in range(2):
            assert hold_code(erasure("x@example.org", ann))
            assert not hold_code(erasure("x@example.org", bob))
            rule = rule_of()
            retire.retire(rule, after(DAY + ONE, rule))


# The model: whatever the schedule, the holds and the time, and in any order.

DAYS = 3
some_hold = st.tuples(
    st.sampled_from([None, 0, 1, 2]),  # whose
    st.integers(0, DAYS - 1),
    st.integers(0, DAYS - 1),
    st.booleans(),  # released before the second run
)


@committed
@settings(
    max_examples=8, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    holds=st.lists(some_hold, max_size=3),
    keep=st.integers(0, 5),
    times=st.lists(st.integers(-1, 2 * DAYS + 3), min_size=2, max_size=2).map(sorted),
)
def test_partitions_go_exactly_when_the_naive_answer_says(
    holds: list[Any], keep: int, times: list[int]
) -> None:
    accounts = [UUID(int=n + 1) for n in range(3)]
    rule = RetentionRule(MODEL, "id", relativedelta(days=keep), "a test", dispose="retire")
    LegalHold.objects.all().delete()
    Retirement.objects.all().delete()
    there = {(account, day) for account in accounts for day in range(DAYS)}
    with far_days(DAY, DAYS):
        for day in range(DAYS):
            make_calls(DAY + day * ONE, accounts)
        placed = [(each, on_days(each, accounts)) for each in holds]
        for run, time in enumerate(times):
            moment = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + time * ONE
            for (*_, ends), each in placed:
                if run and ends:
                    release(each)
            in_force = [each for (*each, ends), _ in placed if not (run and ends)]
            going = {
                row
                for row in there
                if row[1] + 1 + keep <= time and not covered(row, in_force, accounts)
            }
            assert due(rule, moment) == len(going)
            assert retire.retire(rule, moment) == len(going)
            there -= going
            assert sorted([*calls(), *kept()]) == sorted(account for account, _ in there)


def on_days(each: Any, accounts: list[UUID]) -> LegalHold:
    who, one, other, _ = each
    days = {"since": DAY + min(one, other) * ONE, "until": DAY + max(one, other) * ONE}
    return hold(None if who is None else accounts[who], model=MODEL, **days)


def covered(row: tuple[UUID, int], in_force: list[Any], accounts: list[UUID]) -> bool:
    account, day = row
    return any(
        (who is None or accounts[who] == account) and min(one, other) <= day <= max(one, other)
        for who, one, other in in_force
    )
