"""Workers are killed at every boundary of every step, and each request ends as it should.

Not in pytest's database: real processes on servers of their own.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from tests.chaos import boundaries
from tests.chaos.nursery import Nursery
from tests.support.processes import Stack

pytestmark = pytest.mark.chaos

ACCESSES, ERASURES = 12, 8
ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "1"))
FEWEST_KILLS = 50
PATIENCE = 180  # seconds; a quiet machine needs a fifth of it
POLL = 0.03
WORKERS = ("one", "two")
FAST_BEAT = "tests.support.fast_beat"
# What may be done once for each person who is erased, by sandbox.
ONCE = {
    "stripe": (
        "DELETE /v1/customers/<customer> 200",
        "DELETE /v1/subscriptions/<subscription> 200",
        "POST /v1/payment_methods/<method>/detach 200",
        "DELETE /v1/customers/<customer>/tax_ids/<tax_id> 200",
    ),
    "supabase": ("DELETE /auth/v1/admin/users/<user_id> 200",),
    "mailbox": ("DELETE /contacts/<wanted> 200",),
    "models": (
        "DELETE /openai/v1/files/<id> 200",
        "DELETE /anthropic/v1/files/<id> 200",
        "DELETE /gemini/v1beta/files/<id> 200",
    ),
}
LETTERS = {"access": 3, "erasure": 4}  # confirm, confirmed; ready | about to erase, erased


def plant(stack: Stack) -> dict[str, str]:
    """Approved requests; the right that each address asked for. All nudges are lost."""
    output = stack.python("-m", "tests.support.crowd", str(ACCESSES), str(ERASURES))
    return {email: right for _, email, right in json.loads(output)}


def unfinished(connection: boundaries.Connection) -> list[Any]:
    return connection.execute(
        """SELECT connector, action, state, error, count(*) FROM privacy_fulfilmentstep
           WHERE state <> 'done' AND connector <> 'expiry' GROUP BY 1, 2, 3, 4"""
    ).fetchall()


def circumstances(connection: boundaries.Connection) -> str:
    """What the ledger and the database's sessions say, for whoever must find out why."""
    steps = connection.execute(
        """SELECT connector, action, state, error, attempts, fence, not_before - now()
           FROM privacy_fulfilmentstep WHERE state NOT IN ('done', 'blocked')"""
    )
    sessions = connection.execute(
        """SELECT pid, application_name, state, wait_event_type, wait_event, now() - xact_start
           FROM pg_stat_activity WHERE backend_type = 'client backend'"""
    )
    return "\n".join(str(row) for row in [*steps, *sessions])


def one_of_them_stands(
    connection: boundaries.Connection, nursery: Nursery
) -> Iterator[list[boundaries.Held]]:
    """As long as steps are left: the boundaries at which one worker stands right now.

    A worker that ended by itself meanwhile is started again, as any supervisor would.
    """
    dead: set[int] = set()
    until = time.monotonic() + PATIENCE
    while unfinished(connection) and time.monotonic() < until:
        time.sleep(POLL)
        for name in WORKERS:
            if not nursery.is_alive(name):
                nursery.kill(name)
                nursery.start(name)
        found = [each for each in boundaries.held(connection) if each.session not in dead]
        mine = [each for each in found if each.worker == found[0].worker]
        if mine:
            yield mine
        dead |= {each.session for each in mine}


def kill_at_every_boundary(
    stack: Stack, connection: boundaries.Connection, broker: redis.Redis
) -> int:
    """How many workers were killed."""
    killed = 0
    boundaries.stop_at_every_boundary(connection)
    log = stack.supervisor.state_dir / "log" / "nursery.log"
    with Nursery(stack.environ, log) as nursery:
        for name in WORKERS:
            nursery.start(name)
        # Late: until now nobody has asked the ledger. Doubled: two of them ask from here on.
        for name in ("beat", "beat-again"):
            stack.start_beat(name, FAST_BEAT)
        for standing in one_of_them_stands(connection, nursery):
            nursery.kill(standing[0].worker)
            for boundary in standing:
                boundaries.done_with(connection, boundary)
            broker.flushall()
            nursery.start(standing[0].worker)
            killed += 1
    for name in ("beat", "beat-again"):
        stack.supervisor.stop(name)
    return killed


def letters(stack: Stack) -> Counter[tuple[str, str]]:
    """How often each person got each letter."""
    messages = stack.sandbox("mailbox", "/api/messages")["messages"]
    found: Counter[tuple[str, str]] = Counter()
    for message in messages:
        found.update((address, message["subject"]) for address in message["to"])
    return found


@pytest.mark.acceptance("MAIN-51", "SEC-01", "PROC-41")
def test_every_request_survives_a_killed_worker_at_every_boundary(stack: Stack) -> None:
    rights: dict[str, str] = {}
    killed = 0
    with stack.connect() as connection, redis.Redis.from_url(stack.servers.redis_url) as broker:
        boundaries.install(connection)
        for _ in range(ROUNDS):
            rights |= plant(stack)
            killed += kill_at_every_boundary(stack, connection, broker)
            if left := unfinished(connection):
                log = (stack.supervisor.state_dir / "log" / "nursery.log").read_text()[-3000:]
                pytest.fail(f"not finished: {left}\n{circumstances(connection)}\n{log}")
            assert boundaries.left(connection) == [], "no worker was killed there"
        statuses = connection.execute("SELECT DISTINCT status FROM privacy_privacyrequest")
        assert statuses.fetchall() == [("completed",)]
    assert killed >= FEWEST_KILLS
    print(f"{killed} workers killed")  # noqa: T201
    for name, calls in ONCE.items():
        counts = stack.sandbox(name, "/_sandbox/calls")["counts"]
        assert {call: counts.get(call) for call in calls} == dict.fromkeys(
            calls, ERASURES * ROUNDS
        )
    got = letters(stack)
    assert set(got.values()) == {1}
    received = Counter(address for address, _ in got if address in rights)
    assert received == {email: LETTERS[right] for email, right in rights.items()}
    assert "Intact" in stack.python("manage.py", "verify_trail")
