"""Old rows go in windows of their clock: all of them, nothing else, and a kill loses no place."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import BillingRecord, SupportMessage, User
from privacy.models import MailToken
from retention import checks
from retention.dispositions import DISPOSITIONS
from retention.models import Disposition, Sweep
from retention.rules import RetentionRule
from retention.schedule import RETENTION_SCHEDULE
from retention.services import dispose, rows
from retention.services.holds import place_hold
from tests.support.database import as_owner, committed, rolled_back
from tests.support.rows import make_account, make_request
from tests.support.staff import member

pytestmark = pytest.mark.acceptance("KEEP-03")

NOW = datetime(2030, 6, 1, 12, tzinfo=UTC)
MONTH = timedelta(days=30)
RULE = RetentionRule(
    "accounts.SupportMessage", "received_at", relativedelta(days=30), "a test",
    subject="account_id",
)  # fmt: skip


def messages(*days_ago: float, account: Any = None) -> None:
    SupportMessage.objects.bulk_create(
        SupportMessage(
            account=account, email="ann@example.org", received_at=NOW - timedelta(days=days)
        )
        for days in days_ago
    )


def left() -> list[float]:
    found = SupportMessage.objects.values_list("received_at", flat=True)
    return sorted((NOW - at) / timedelta(days=1) for at in found)


@rolled_back
def test_the_moment_itself_is_over_and_a_moment_later_is_not() -> None:
    messages(30, 30 - 1e-6 / 86400, 29, 31)
    assert rows.delete_expired(RULE, NOW) == 2
    assert len(left()) == 2
    assert rows.delete_expired(RULE, NOW) == 0


@rolled_back
@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
def test_chunks_of_any_size_take_the_same_rows(
    monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(rows, "CHUNK", chunk)
    messages(*range(20, 50), 40, 40, 40)
    assert rows.delete_expired(RULE, NOW) == 23
    assert left() == list(range(20, 30))


@rolled_back
def test_a_run_whose_budget_is_over_is_carried_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "CHUNK", 10)
    messages(*range(31, 66))
    gone = [rows.delete_expired(RULE, NOW, budget=timedelta(0))]
    sweep = Sweep.objects.get()
    assert (gone, sweep.rows_remaining) == ([10], 25)
    assert datetime.fromisoformat(sweep.reached[:-37]) == NOW - timedelta(days=56)
    while Sweep.objects.get().reached:
        gone.append(rows.delete_expired(RULE, NOW, budget=timedelta(0)))
    assert (sum(gone), left()) == (35, [])


@rolled_back
def test_windows_grow_while_they_are_quick_and_shrink_when_they_are_slow() -> None:
    pace, sizes = rows.Pace(rows.FIRST), []
    for seconds in (0.01, 0.01, 0.5, 1.5, 1.5, *[0.01] * 9):
        pace.after(seconds)
        sizes.append(pace.rows)
    assert sizes[:5] == [2_000, 4_000, 4_000, 2_000, 1_000]
    assert sizes[-1] == rows.CHUNK


@committed
def test_what_a_failed_run_disposed_of_is_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "CHUNK", 10)
    messages(*range(31, 66))
    delete_window = rows.delete_window

    def broken(rule: RetentionRule, window: rows.Window) -> int:
        if window.high is None or len(left()) <= 15:
            raise RuntimeError("the third window")
        return delete_window(rule, window)

    monkeypatch.setattr(rows, "delete_window", broken)
    with pytest.raises(RuntimeError, match="third"):
        dispose.apply(RULE, NOW)
    assert [each.rows for each in Disposition.objects.all()] == [20]
    monkeypatch.undo()
    assert dispose.apply(RULE, NOW) == 15
    assert (left(), Sweep.objects.get().unrecorded) == ([], 0)


@rolled_back
def test_a_held_accounts_rows_stay_and_go_when_the_hold_ends() -> None:
    account = make_account()
    messages(40, 50, account=account)
    messages(40)
    hold = place_hold(
        account.pk, ground="claim", citation="CV-1", review_on=date(2031, 1, 1),
        actor=member("Approver"),
    )  # fmt: skip
    assert rows.delete_expired(RULE, NOW) == 1
    assert left() == [40, 50]
    hold.released_at = NOW
    hold.save()
    assert rows.delete_expired(RULE, NOW) == 2


@rolled_back
def test_a_clock_of_days_counts_whole_days() -> None:
    rule = RetentionRule("accounts.BillingRecord", "issued_on", relativedelta(years=7), "a test")
    for day in (date(2023, 5, 31), date(2023, 6, 1)):
        BillingRecord.objects.create(
            account_id=uuid4(), invoice_number="1", amount_cents=1, currency="usd", issued_on=day
        )
    assert rows.delete_expired(rule, NOW) == 1
    assert BillingRecord.objects.get().issued_on == date(2023, 6, 1)


@rolled_back
def test_a_leap_day_is_over_on_the_last_day_of_february() -> None:
    rule = RetentionRule("accounts.BillingRecord", "issued_on", relativedelta(years=7), "a test")
    BillingRecord.objects.create(
        account_id=uuid4(), invoice_number="1", amount_cents=1, currency="usd",
        issued_on=date(2024, 2, 29),
    )  # fmt: skip
    assert rows.delete_expired(rule, datetime(2031, 2, 28, 23, tzinfo=UTC)) == 0
    assert rows.delete_expired(rule, datetime(2031, 3, 1, tzinfo=UTC)) == 1


@committed
def test_a_row_that_somebody_holds_on_to_stops_the_run_and_not_the_other_person() -> None:
    messages(40)
    with as_owner() as other:
        other.autocommit = False
        other.execute("SELECT * FROM accounts_supportmessage FOR UPDATE")
        with pytest.raises(Exception, match="55P03"):
            rows.delete_expired(RULE, NOW)
    assert rows.delete_expired(RULE, NOW) == 1


@committed
def test_two_runs_at_once_delete_each_row_once() -> None:
    messages(*range(31, 300))
    gone: list[int] = []

    def run() -> None:
        gone.append(rows.delete_expired(RULE, NOW))
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(gone) == 269
    assert left() == []


@rolled_back
def test_children_go_by_one_statement_each_not_by_row() -> None:
    rule = RetentionRule("privacy.PrivacyRequest", "received_at", relativedelta(), "a test")
    for _ in range(3):
        request = make_request()
        MailToken.objects.create(
            request=request, kind="verify", digest=uuid4().bytes, created_at=NOW, expires_at=NOW
        )
    with CaptureQueriesContext(connections["default"]) as made, transaction.atomic():
        rows.delete_with_children(rule.expired(NOW + MONTH * 99))
    tokens = [q for q in made.captured_queries if 'DELETE FROM "privacy_mailtoken"' in q["sql"]]
    assert len(tokens) == 1
    assert not MailToken.objects.exists()


# Tables that stay small: staff's own, or about requests.
SMALL = {
    "retention.LegalHold",
    "admin.LogEntry",
    "privacy.MailToken",
    "privacy.Suppression",
    "sessions.Session",
}


def leads(model: Any, clock: str) -> bool:
    """Whether an index gives a model's rows in the order of its clock and id."""
    return any(index.fields == [clock, "id"] for index in model._meta.indexes)


def test_a_window_is_found_by_an_index_wherever_a_table_may_grow_large() -> None:
    found = {
        rule.model
        for rule in RETENTION_SCHEDULE
        if rule.dispose == "delete" and not leads(apps.get_model(rule.model), rule.clock)
    }
    assert found == SMALL


@pytest.mark.parametrize("dispose", ["delete", "delete_with_key", "erase_subject"])
def test_a_relation_that_would_keep_rows_from_going_is_told_at_start(
    monkeypatch: pytest.MonkeyPatch, dispose: str
) -> None:
    rule = RetentionRule(
        "accounts.User", "date_joined", relativedelta(), "a test", dispose=dispose
    )
    monkeypatch.setattr(checks, "RETENTION_SCHEDULE", (rule,))
    assert {each.id for each in checks.every_relation_is_decided(None)} == {"retention.E003"}


def test_a_relation_that_a_disposition_empties_itself_is_named_by_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert checks.every_relation_is_decided(None) == []
    named = DISPOSITIONS["delete_request"]
    assert named.unties
    monkeypatch.setitem(DISPOSITIONS, "delete_request", named._replace(unties=()))
    (problem,) = checks.every_relation_is_decided(None)
    assert named.unties[0] in problem.msg


@rolled_back
@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(
    ages=st.lists(st.integers(0, 60), max_size=40),
    held=st.sets(st.integers(0, 2)),
    days=st.integers(1, 59),
    chunk=st.integers(1, 7),
)
def test_whatever_the_schedule_the_holds_and_the_time_it_equals_the_naive_answer(
    monkeypatch: pytest.MonkeyPatch, ages: list[int], held: set[int], days: int, chunk: int
) -> None:
    monkeypatch.setattr(rows, "CHUNK", chunk)
    with transaction.atomic():
        accounts = [make_account(email=f"ann{n}@example.org") for n in range(3)]
        for place, age in enumerate(ages):
            messages(age, account=accounts[place % 3])
        for n in sorted(held):
            hold_on(accounts[n])
        rule = RetentionRule(
            "accounts.SupportMessage", "received_at", relativedelta(days=days), "a test",
            subject="account_id",
        )  # fmt: skip
        rows.delete_expired(rule, NOW)
        kept = [age for place, age in enumerate(ages) if age < days or place % 3 in held]
        assert left() == sorted(kept)
        transaction.set_rollback(True)


def hold_on(account: Any) -> None:
    actor = User.objects.filter(username="holder").first() or member("Approver", "holder")
    place_hold(
        account.pk, ground="claim", citation="CV-1", review_on=date(2031, 1, 1), actor=actor
    )
