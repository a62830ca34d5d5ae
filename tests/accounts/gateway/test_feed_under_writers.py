"""The feed while others write: places are those of commits, and nothing is passed over."""

import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connections, transaction

from accounts.gateway import feed
from accounts.models import Account, ApiKey, Restriction
from accounts.purposes import Purpose
from tests.support.database import Connection, committed
from tests.support.feed import (
    account_with_key,
    gateway,
    known,
    lift,
    stop,
    told,
    truth,
    without_stops_of_the_gone,
)
from tests.support.steps import at_once
from tests.support.world import connect_to_test_database

pytestmark = committed
STOP = """
INSERT INTO accounts_restriction (id, account_id, purpose, source, request_id, since)
VALUES (gen_random_uuid(), %s, 'analytics', 'request', gen_random_uuid(), now())
"""


@pytest.fixture
def other() -> Iterator[Connection]:
    """Somebody else's open transaction."""
    connection = connect_to_test_database()
    connection.execute("SET search_path = fluxrouter")
    connection.commit()
    yield connection
    connection.close()


@pytest.fixture
def impatient(db: None) -> Iterator[None]:
    """Whoever would have to wait for somebody else's transaction fails instead."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SET lock_timeout = '3s'")
        yield
        cursor.execute("RESET lock_timeout")


@pytest.mark.usefixtures("impatient")
@pytest.mark.acceptance("RIGHT-F01")
def test_what_commits_after_a_longer_transaction_is_not_passed_over(other: Connection) -> None:
    """The classic loss: the first writer commits last, below what was read already."""
    early, late = uuid4(), uuid4()
    other.execute(STOP, [early])
    stop(late)
    seen = feed.read()
    assert told(seen) == [str(late)]
    other.commit()
    assert told(feed.read(seen.cursor)) == [str(early)]


@pytest.mark.acceptance("RIGHT-F01")
def test_nothing_is_published_above_a_transaction_that_has_its_place_and_is_open(
    other: Connection,
) -> None:
    held, waiting = uuid4(), uuid4()
    other.execute(STOP, [held])
    other.execute("SET CONSTRAINTS ALL IMMEDIATE")  # takes its place now, and stays open
    thread = threading.Thread(target=at_once, args=(lambda: (stop(waiting), None)[1],))
    thread.start()
    thread.join(0.5)
    assert thread.is_alive()
    assert told(feed.read()) == []
    other.commit()
    thread.join()
    assert told(feed.read()) == [str(held), str(waiting)]


@pytest.mark.acceptance("RIGHT-F01")
def test_what_an_open_transaction_takes_back_leaves_no_trace(other: Connection) -> None:
    other.execute(STOP, [uuid4()])
    other.execute("SET CONSTRAINTS ALL IMMEDIATE")
    other.rollback()
    after = uuid4()
    stop(after)
    assert told(feed.read()) == [str(after)]


@pytest.mark.usefixtures("impatient")
@pytest.mark.acceptance("RIGHT-F01")
def test_somebody_elses_long_transaction_delays_nothing(other: Connection) -> None:
    """Not even one that writes: a backfill of an hour must not hold a restriction back."""
    other.execute("UPDATE accounts_account SET company = 'x'")
    other.execute("SELECT pg_current_xact_id()")
    account = uuid4()
    stop(account)
    assert told(feed.read()) == [str(account)]


def test_two_who_lock_in_opposite_order_do_not_block_each_other_for_the_feed() -> None:
    """The feed's lock is the last of a transaction, so it is in no circle."""
    account, key = account_with_key()

    def freeze_it() -> None:
        with transaction.atomic():
            stop(account, Purpose.SERVICE)
            ApiKey.objects.filter(account_id=account).update(revoked_at="2026-01-01T00:00Z")

    def erase_it() -> None:
        with transaction.atomic():
            ApiKey.objects.filter(pk=key).delete()
            Restriction.objects.filter(account_id=account).update(purpose="service")

    for _ in range(10):
        assert at_once(freeze_it, erase_it, freeze_it) == []


def stop_something(chance: random.Random, account: UUID, key: UUID) -> None:
    stop(account, chance.choice(list(Purpose)))


def lift_something(chance: random.Random, account: UUID, key: UUID) -> None:
    for row in Restriction.objects.filter(account_id=account, lifted_at=None)[:2]:
        lift(row)


def turn_the_key(chance: random.Random, account: UUID, key: UUID) -> None:
    when = chance.choice([None, "2026-01-01T00:00Z"])
    ApiKey.objects.filter(pk=key).update(revoked_at=when)


def remove_the_key(chance: random.Random, account: UUID, key: UUID) -> None:
    ApiKey.objects.filter(pk=key).delete()


def erase(chance: random.Random, account: UUID, key: UUID) -> None:
    remove_the_key(chance, account, key)
    Account.objects.filter(pk=account).delete()


DEEDS = {stop_something: 16, lift_something: 8, turn_the_key: 4, remove_the_key: 1, erase: 1}


def writer(seed: int, accounts: list[tuple[UUID, UUID]], deeds: int = 40) -> Callable[[], None]:
    """Does things at random, and takes a third of them back."""
    chance = random.Random(seed)  # noqa: S311

    def work() -> None:
        for deed in chance.choices([*DEEDS], [*DEEDS.values()], k=deeds):
            with transaction.atomic():
                deed(chance, *chance.choice(accounts))
                transaction.set_rollback(not chance.randrange(3))

    return work


@pytest.mark.acceptance("RIGHT-F02")
def test_readers_beside_many_writers_end_with_the_truth_and_never_go_back(tmp_path: Path) -> None:
    accounts = [account_with_key() for _ in range(12)]
    done = threading.Event()
    positions: list[int] = []
    client = gateway(tmp_path)

    def read() -> None:
        cursor = None
        while not done.is_set():
            client.sync()
            page = feed.read(cursor)
            positions.append(page.cursor.position)
            cursor = page.cursor

    def write() -> None:
        failed = at_once(*(writer(seed, accounts) for seed in range(6)))
        done.set()
        # Two of them may lock the same rows in another order: PostgreSQL lets one try again.
        assert [each for each in failed if getattr(each, "sqlstate", "") != "40P01"] == []

    assert at_once(read, write) == []
    assert positions == sorted(positions)
    client.sync()
    now = truth({one for one, _ in accounts}, {two for _, two in accounts})
    assert without_stops_of_the_gone(known(client)) == without_stops_of_the_gone(now)


@pytest.mark.acceptance("RIGHT-F02")
@pytest.mark.parametrize("read_at", range(4))
def test_any_interleaving_ends_with_the_gateway_knowing_the_truth(
    tmp_path: Path, read_at: int
) -> None:
    """One after the other, with readers that look now and then, and start anew now and then."""
    accounts = [account_with_key() for _ in range(5)]
    chance = random.Random(read_at)  # noqa: S311
    clients = [gateway(tmp_path, f"{n}.json") for n in range(3)]
    for step in range(30):
        writer(1000 * read_at + step, accounts)()
        for number, client in enumerate(clients):
            if chance.randrange(3):
                client.sync()
            elif not chance.randrange(4):
                clients[number] = gateway(tmp_path, f"{number}.json")
        if step % 10 == 9:
            with connections["owner"].cursor() as cursor:
                cursor.execute("DELETE FROM accounts_feedentry")
    for client in clients:
        client.sync()
        mine = without_stops_of_the_gone(known(client))
        now = without_stops_of_the_gone(
            truth({one for one, _ in accounts}, {two for _, two in accounts})
        )
        # What was forgotten as removed before somebody began is unknown to them, and harmless.
        harmless = {s for s, (name, _) in now.items() if name in ("removed", "erased")}
        assert {s: v for s, v in mine.items() if s not in harmless} == {
            s: v for s, v in now.items() if s not in harmless
        }


def test_a_refused_commit_is_not_told(other: Connection) -> None:
    account = uuid4()
    other.execute(STOP, [account])
    with pytest.raises(psycopg.errors.NotNullViolation):
        other.execute(STOP, [None])
    other.rollback()
    assert told(feed.read()) == []
