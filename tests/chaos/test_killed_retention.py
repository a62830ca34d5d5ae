"""Processes of retention are killed at every statement; the next run ends what they began, once.

In pytest's database, with processes of their own and a real SIGKILL.
"""

import itertools
import os
import signal
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.db import connections

from fluxrouter.foundation.trail.verify import verify_trail
from retention.models import Retirement
from retention.services.retirement.detach import detach
from retention.services.retirement.retire import begun
from tests.chaos.mortals import Ending, Mortals, sessions, wait_until_buried
from tests.chaos.retention_days import ACCOUNTS, HELD, PART, accounts_in, hold
from tests.chaos.retention_rows import no_old_draft_opens
from tests.chaos.retention_scenes import (
    PENDING,
    SCENES,
    Scene,
    clear,
    expect,
    nothing_hangs,
)
from tests.chaos.retention_works import CALLS, DAY, WORKS
from tests.retention.retiring import TABLE, after
from tests.support.database import (
    Connection,
    as_owner,
    committed,
    environment_of_test_database,
)
from tests.support.processes import wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.acceptance("KEEP-16")]


@pytest.fixture(scope="module")
def mortals(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortals]:
    log: Path = tmp_path_factory.mktemp("mortals") / "log"
    with Mortals(environment_of_test_database(), log) as made:
        yield made


@pytest.fixture
def owner() -> Iterator[Connection]:
    with as_owner() as connection:
        clear(connection)
        yield connection
        clear(connection)


class Killing(NamedTuple):
    """After which moments processes were killed until one came to its own end, and what that
    broke.
    """

    places: list[str]
    broken: list[str]


def kill_at_every_moment(mortals: Mortals, owner: Connection, scene: Scene) -> Killing:
    killing = Killing([], [])
    for moment in itertools.count(1):
        clear(owner)
        check = expect(owner, scene)
        ending = die(mortals, owner, scene, moment)
        try:
            if ending.is_killed:
                no_old_draft_opens()
                die(mortals, owner, scene, 1 + 5 * moment % 17)  # so is who carries on
            WORKS[scene.work]()
            check()
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1].line
            killing.broken.append(f"at {moment}, after “{ending.at}”: {error!r} by {where}")
        if not ending.is_killed:
            break
        killing.places.append(ending.at)
    return killing


def die(mortals: Mortals, owner: Connection, scene: Scene, moment: int) -> Ending:
    """A process does the work until that moment, or to its end."""
    files = {name: str(getattr(settings, name)) for name in ("KEYSTORE_DIR", "PACKAGE_DIR")}
    mortals.start(scene.work, moment, **files)
    ending = mortals.ending()
    assert ending.is_killed or ending.code == 0, mortals.log.read_text()[-3000:]
    wait_until_buried(owner)
    return ending


@committed
@pytest.mark.parametrize("name", sorted(SCENES))
def test_a_process_killed_at_any_statement_is_carried_on_and_all_is_done_once(
    mortals: Mortals, owner: Connection, name: str
) -> None:
    hold(ACCOUNTS[0])
    found = kill_at_every_moment(mortals, owner, SCENES[name])
    assert not found.broken, "\n".join(found.broken)
    never = [part for part in SCENES[name].places if not any(part in at for at in found.places)]
    assert not never, "no process was killed there"
    assert verify_trail() == []


@pytest.fixture
def reader() -> Iterator[Connection]:
    """A transaction that reads, until it is rolled back."""
    with as_owner() as connection:
        connection.autocommit = False
        yield connection
        connection.rollback()


def kill_while_it_waits(mortals: Mortals, owner: Connection, part: str) -> None:
    """Kill a retirement while its statement with that part waits for somebody's lock."""
    pid = mortals.start("retire")
    wait_for(lambda: any(part in query for query in waiting(owner)), 10, f"{part} waits")
    os.kill(pid, signal.SIGKILL)
    assert mortals.ending().is_killed


def waiting(owner: Connection) -> list[str]:
    return [each.query for each in sessions(owner) if each.waits_for == "Lock"]


@committed
def test_a_detachment_whose_process_is_dead_goes_on_and_the_next_run_with_it(
    mortals: Mortals, owner: Connection, reader: Connection
) -> None:
    """PostgreSQL doesn't look for its client while it waits."""
    hold(ACCOUNTS[0])
    check = expect(owner, SCENES["a day"])
    reader.execute(f"SELECT count(*) FROM {TABLE}")
    kill_while_it_waits(mortals, owner, "CONCURRENTLY")
    assert WORKS["retire"]() == 0, "that session is still at it"
    reader.rollback()
    wait_until_buried(owner)
    WORKS["retire"]()
    check()


@committed
def test_a_detachment_that_ended_with_its_process_is_finished_however_often_that_is_killed(
    mortals: Mortals, owner: Connection, reader: Connection
) -> None:
    hold(ACCOUNTS[0])
    check = expect(owner, SCENES["a day"])
    reader.execute(f"SELECT count(*) FROM {TABLE}")
    for part in ("CONCURRENTLY", "FINALIZE", "FINALIZE"):
        kill_while_it_waits(mortals, owner, part)
        for session in sessions(owner):
            owner.execute("SELECT pg_terminate_backend(%s)", [session.pid])
        wait_until_buried(owner)
        assert owner.execute(PENDING).fetchone() == (1,)
    reader.rollback()
    WORKS["retire"]()
    check()


@committed
def test_a_process_killed_while_a_reader_keeps_the_day_leaves_room_for_a_hold(
    mortals: Mortals, owner: Connection, reader: Connection
) -> None:
    hold(ACCOUNTS[0])
    SCENES["a day"].prepare(owner)
    with connections["owner"].cursor() as cursor:
        for row in begun(CALLS, after(DAY, CALLS), cursor):
            detach(cursor, row)
    reader.execute(f"SELECT count(*) FROM {PART}")
    kill_while_it_waits(mortals, owner, "DROP TABLE")
    wait_until_buried(owner)
    hold(ACCOUNTS[1])
    reader.rollback()
    assert WORKS["retire"]() == 20
    assert sorted(accounts_in(owner, HELD)) == sorted(ACCOUNTS[:2] * 2)
    assert Retirement.objects.get().kept == 4
    nothing_hangs(owner)
