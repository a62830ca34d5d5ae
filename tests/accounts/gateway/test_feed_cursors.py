"""Cursors: paging, replay, and when one is of no use any more."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.utils import timezone

from accounts.gateway import feed
from accounts.models import Account, ApiKey, FeedEntry
from accounts.purposes import Purpose
from retention.services.dispose import dispose_due
from tests.support.database import as_owner, committed
from tests.support.feed import account_with_key, gateway, known, lift, stop, told

pytestmark = committed


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "PAGE", 2)


def everything(cursor: feed.Cursor | None = None) -> tuple[list[dict[str, Any]], feed.Cursor]:
    changes: list[dict[str, Any]] = []
    while True:
        page = feed.read(cursor)
        changes += page.changes
        cursor = page.cursor
        if not page.more:
            return changes, cursor


def age(subject: UUID, days: int) -> None:
    """As if the entry had changed so long ago."""
    with as_owner() as owner:
        owner.execute(
            "UPDATE accounts_feedentry SET changed_at = %s WHERE id = %s",
            [timezone.now() - timedelta(days=days), subject],
        )


def test_each_kind_of_change_is_told_with_ids_and_nothing_else() -> None:
    (free, _), (denied, revoked), (erased, removed) = (account_with_key() for _ in range(3))
    stop(free, Purpose.MARKETING)
    stop(free, Purpose.ANALYTICS)
    stop(denied, Purpose.SERVICE)
    ApiKey.objects.filter(pk=revoked).update(revoked_at=timezone.now())
    ApiKey.objects.filter(pk=removed).delete()
    Account.objects.filter(pk=erased).delete()
    changes, _ = everything()
    assert changes == [
        {"account": str(free), "state": "active", "stopped": ["analytics", "marketing"]},
        {"account": str(denied), "state": "denied", "stopped": ["service"]},
        {"key": str(revoked), "account": str(denied), "state": "revoked"},
        {"key": str(removed), "account": str(erased), "state": "removed"},
        {"account": str(erased), "state": "erased", "stopped": []},
    ]


@pytest.mark.acceptance("RIGHT-F03")
def test_a_replay_from_any_cursor_ends_at_the_same(small_pages: None) -> None:
    accounts = [uuid4() for _ in range(7)]
    rows = [stop(account) for account in accounts]
    cursors: list[feed.Cursor | None] = [None]
    while (page := feed.read(cursors[-1])).more:
        cursors.append(page.cursor)
    lift(rows[0])
    stop(accounts[5], Purpose.PROFILING)
    ends = []
    for cursor in cursors:
        state: dict[str, Any] = {str(account): ["analytics"] for account in accounts}
        changes, last = everything(cursor)
        assert everything(cursor) == (changes, last)
        state |= {each["account"]: each["stopped"] for each in changes}
        ends.append((state, last.position))
    assert all(end == ends[0] for end in ends)
    assert ends[0][0][str(accounts[0])] == []
    assert ends[0][0][str(accounts[5])] == ["analytics", "profiling"]


@pytest.mark.acceptance("RIGHT-F03")
def test_paging_from_the_beginning_while_writers_write_loses_nobody(small_pages: None) -> None:
    accounts = [uuid4() for _ in range(9)]
    first = stop(accounts[0])
    for account in accounts[1:5]:
        stop(account)
    seen: dict[str, Any] = {}
    cursor, newcomers = None, iter(accounts[5:])
    for _ in range(20):
        page = feed.read(cursor)
        seen |= {each["account"]: each["stopped"] for each in page.changes}
        cursor = page.cursor
        if newcomer := next(newcomers, None):
            stop(newcomer)
        elif first.lifted_at is None:
            lift(first)  # it was read as stopped, and moves to the end
            first.refresh_from_db()
        elif not page.more:
            break
    assert seen.pop(str(accounts[0])) == []
    assert seen == {str(account): ["analytics"] for account in accounts[1:]}


def test_a_cursor_that_we_never_gave_is_refused() -> None:
    for text in ("x", "a.1", "a.1.2.3", "a.-1.0", "a.1.x", "a..", f"a.{'9' * 30}.0", "a.².0"):
        with pytest.raises(feed.BadCursorError):
            feed.Cursor.parse(text)
    cursor = feed.read().cursor
    assert feed.Cursor.parse(str(cursor)) == cursor


@pytest.mark.acceptance("RIGHT-F04")
@pytest.mark.parametrize("how", ["restart", "truncate", "table"])
def test_another_generation_ends_every_cursor(how: str) -> None:
    """By command; and by itself where a restore made the table anew."""
    stop(uuid4())
    cursor = feed.read().cursor
    assert feed.read(cursor).changes == []
    if how == "restart":
        call_command("restart_feed")
    with as_owner() as owner:
        if how == "truncate":
            owner.execute("TRUNCATE accounts_feedentry")
        if how == "table":
            owner.execute("VACUUM FULL accounts_feedentry")
    with pytest.raises(feed.CursorGoneError, match="other_generation"):
        feed.read(cursor)
    assert feed.read(feed.read().cursor).changes == []


@pytest.mark.acceptance("RIGHT-F04")
def test_an_older_copy_of_the_disk_is_known_by_what_it_lacks() -> None:
    """Nothing else tells it: cluster, timeline, database and file are the same."""
    stop(uuid4())
    cursor = feed.read().cursor
    with pytest.raises(feed.CursorGoneError, match="other_generation"):
        feed.read(cursor._replace(position=cursor.position + 1))


def test_a_cursor_at_the_head_holds_when_the_head_is_forgotten() -> None:
    row = stop(uuid4())
    lift(row)
    cursor = feed.read().cursor
    age(row.account_id, 31)
    dispose_due()
    assert not FeedEntry.objects.exists()
    assert feed.read(cursor).changes == []


@pytest.mark.acceptance("RIGHT-F04")
def test_what_is_over_is_forgotten_after_thirty_days_and_older_cursors_end() -> None:
    over, still, fresh = uuid4(), uuid4(), uuid4()
    row = stop(over)
    before = feed.read().cursor  # when it was still in force
    lift(row)
    stop(still)
    knew = feed.read().cursor
    lift(stop(fresh))
    age(over, 30)
    age(still, 400)
    age(fresh, 29)
    dispose_due()
    left = set(FeedEntry.objects.values_list("pk", flat=True))
    assert left == {still, fresh}
    with pytest.raises(feed.CursorGoneError, match="too_old"):
        feed.read(before)
    assert told(feed.read(knew)) == [str(fresh)]
    assert told(feed.read()) == [str(still), str(fresh)]


@pytest.mark.acceptance("RIGHT-F04")
def test_each_forgetting_ends_the_cursors_from_before_it() -> None:
    first, second = stop(uuid4()), stop(uuid4())
    for row in (first, second):
        before = feed.read().cursor
        lift(row)
        age(row.account_id, 31)
        dispose_due()
        with pytest.raises(feed.CursorGoneError, match="too_old"):
            feed.read(before)


def test_a_revoked_key_is_not_forgotten_while_it_is_there_and_a_removed_one_is() -> None:
    (_, revoked), (_, removed) = account_with_key(), account_with_key()
    ApiKey.objects.update(revoked_at=timezone.now())
    ApiKey.objects.filter(pk=removed).delete()
    age(revoked, 60)
    age(removed, 60)
    dispose_due()
    assert set(FeedEntry.objects.values_list("pk", flat=True)) == {revoked}


def test_reading_from_the_beginning_goes_on_across_what_was_forgotten_before(
    small_pages: None,
) -> None:
    rows = [stop(uuid4()) for _ in range(6)]
    for row in rows[3:]:
        lift(row)
        age(row.account_id, 31)
    dispose_due()
    changes, _ = everything()
    assert [each["account"] for each in changes] == [str(row.account_id) for row in rows[:3]]


@pytest.mark.acceptance("RIGHT-F04")
def test_a_gateway_that_was_away_too_long_begins_again_by_itself(tmp_path: Path) -> None:
    away, present = gateway(tmp_path, "away"), gateway(tmp_path, "present")
    row, still = (stop(account_with_key()[0]) for _ in range(2))
    away.sync()
    present.sync()
    lift(row)
    stop(uuid4())
    present.sync()
    age(row.account_id, 31)
    dispose_due()
    away.sync()
    assert known(away) == known(present)
    assert str(still.account_id) in known(away)
    assert str(row.account_id) not in known(away)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_feedentry SET position = 0",
        "INSERT INTO accounts_feedentry (id, kind) VALUES (gen_random_uuid(), 'key')",
        "UPDATE accounts_feedmark SET floor = 0",
        "DELETE FROM accounts_feedmark",
        "SELECT feed_note()",
        "SELECT feed_forget()",
        "ALTER TABLE accounts_restriction DISABLE TRIGGER feed_restriction",
    ],
)
def test_the_application_can_not_write_the_feed_by_hand(statement: str) -> None:
    with pytest.raises(DatabaseError) as raised, connections["default"].cursor() as cursor:
        cursor.execute(statement)
    assert raised.value.sqlstate == "42501"


def test_a_use_of_a_key_and_a_change_of_an_address_are_no_news() -> None:
    account, key = account_with_key()
    ApiKey.objects.filter(pk=key).update(last_used_at=timezone.now(), label="new")
    Account.objects.filter(pk=account).update(company="Other")
    assert feed.read().changes == []
