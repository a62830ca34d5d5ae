"""Verifying finds each kind of damage, also what somebody did who owns the tables."""

import io
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from fluxrouter.foundation.models import TrailChain, TrailEvent, TrailSeal
from fluxrouter.foundation.trail import append_event
from fluxrouter.foundation.trail.seal import DISPOSALS, seal_trail
from fluxrouter.foundation.trail.verify import verify_trail
from tests.support.database import committed
from tests.support.trail import (
    add_beyond_the_head,
    cut_to,
    guards_off,
    make_chain,
    reseal,
    rewrite,
    run,
)

pytestmark = [committed, pytest.mark.acceptance("MAIN-44")]

Damage = Callable[[uuid.UUID], None]


def seal_file() -> Path:
    path: Path = settings.TRAIL_SEAL_FILE
    return path


def edit_a_row(chain: uuid.UUID) -> None:
    run("UPDATE foundation_trailevent SET actor = 'x' WHERE chain_id = %s AND seq = 2", chain)


def edit_data(chain: uuid.UUID) -> None:
    run("UPDATE foundation_trailevent SET data = '{}' WHERE chain_id = %s AND seq = 2", chain)


def move_in_time(chain: uuid.UUID) -> None:
    day = timedelta(days=1)
    run("UPDATE foundation_trailevent SET at = at - %s WHERE chain_id = %s", day, chain)


def delete_the_middle(chain: uuid.UUID) -> None:
    run("DELETE FROM foundation_trailevent WHERE chain_id = %s AND seq = 2", chain)


def delete_the_first(chain: uuid.UUID) -> None:
    run("DELETE FROM foundation_trailevent WHERE chain_id = %s AND seq = 1", chain)


def cut_the_tail(chain: uuid.UUID) -> None:
    run("DELETE FROM foundation_trailevent WHERE chain_id = %s AND seq = 4", chain)


def cut_the_tail_and_the_head(chain: uuid.UUID) -> None:
    cut_to(chain, 3)


def cut_the_tail_and_grow_again(chain: uuid.UUID) -> None:
    cut_to(chain, 3)
    make_chain(2, chain)


def rewrite_it(chain: uuid.UUID) -> None:
    rewrite(chain, "request.denied")


def rewrite_and_call_it_disposed(chain: uuid.UUID) -> None:
    """A chain that is said to be disposed of, but is there, is still held against its seal."""
    rewrite(chain, "request.denied")
    with transaction.atomic():
        append_event(DISPOSALS, "chain.disposed", kind="retention", disposed=str(chain))


def remove_all_of_it(chain: uuid.UUID) -> None:
    run("DELETE FROM foundation_trailevent WHERE chain_id = %s", chain)
    TrailChain.objects.filter(pk=chain).delete()


def fork_it(chain: uuid.UUID) -> None:
    with guards_off() as connection:
        connection.execute("ALTER TABLE foundation_trailevent DROP CONSTRAINT trail_no_fork")
        connection.execute(
            """INSERT INTO foundation_trailevent
               SELECT gen_random_uuid(), chain_id, seq, at, 'request.denied', actor, data, digest
               FROM foundation_trailevent WHERE chain_id = %s AND seq = 3""",
            [chain],
        )


def orphan_it(chain: uuid.UUID) -> None:
    TrailChain.objects.filter(pk=chain).delete()


def alter_a_seal(chain: uuid.UUID) -> None:
    run("UPDATE foundation_trailseal SET heads = '{}' WHERE seq = 1")


def delete_a_seal(chain: uuid.UUID) -> None:
    run("DELETE FROM foundation_trailseal WHERE seq = 1")


def forge_a_seal(chain: uuid.UUID) -> None:
    """Well made in itself and in the file: only the next seal tells."""
    seal = TrailSeal.objects.get(seq=1)
    seal.heads = {}
    reseal(seal, b"")


def delete_a_seal_and_join_the_rest(chain: uuid.UUID) -> None:
    """The file is made to fit, too: only the missing number tells."""
    delete_a_seal(chain)
    drop_a_line(chain)
    reseal(TrailSeal.objects.get(seq=2), b"")


def delete_the_last_seal(chain: uuid.UUID) -> None:
    run("DELETE FROM foundation_trailseal WHERE seq = 2")


def alter_the_file(chain: uuid.UUID) -> None:
    text = seal_file().read_text()
    seal_file().write_text(text.replace(text.splitlines()[0][-8:], "00000000"))


def tear_the_file(chain: uuid.UUID) -> None:
    seal_file().write_text(seal_file().read_text()[:-30])


def scribble_in_the_file(chain: uuid.UUID) -> None:
    seal_file().write_text(seal_file().read_text() + "one two\nx 2027 ab\n\n")


def drop_a_line(chain: uuid.UUID) -> None:
    seal_file().write_text("\n".join(seal_file().read_text().splitlines()[1:]) + "\n")


def remove_the_file(chain: uuid.UUID) -> None:
    seal_file().unlink()


DAMAGES: list[tuple[Damage, str]] = [
    (edit_a_row, "edited"),
    (edit_data, "edited"),
    (move_in_time, "edited"),
    (delete_the_middle, "gap"),
    (delete_the_first, "gap"),
    (cut_the_tail, "cut"),
    (cut_the_tail_and_the_head, "cut"),
    (cut_the_tail_and_grow_again, "rewritten"),
    (rewrite_it, "rewritten"),
    (rewrite_and_call_it_disposed, "rewritten"),
    (remove_all_of_it, "cut"),
    (fork_it, "fork"),
    (orphan_it, "orphan"),
    (add_beyond_the_head, "rewritten"),
    (alter_a_seal, "seal"),
    (delete_a_seal, "seal"),
    (forge_a_seal, "seal"),
    (delete_a_seal_and_join_the_rest, "seal"),
    (delete_the_last_seal, "file"),
    (alter_the_file, "file"),
    (tear_the_file, "file"),
    (scribble_in_the_file, "file"),
    (drop_a_line, "file"),
    (remove_the_file, "file"),
]
NAMES = [damage.__name__ for damage, _ in DAMAGES]
ONLY_THE_SEAL_TELLS = (cut_the_tail_and_the_head, rewrite_it)


@pytest.fixture
def chain() -> uuid.UUID:
    """A sealed chain of four events beside another, with two seals."""
    made = make_chain(4)
    seal_trail()
    make_chain(2)
    seal_trail()
    assert verify_trail() == []
    return made


@pytest.fixture
def fork_is_mended() -> Iterator[None]:
    """Runs its end before the flush, which would leave the constraint dropped."""
    yield
    with guards_off() as connection:
        connection.execute("DELETE FROM foundation_trailevent")
        connection.execute(
            """ALTER TABLE foundation_trailevent DROP CONSTRAINT IF EXISTS trail_no_fork,
               ADD CONSTRAINT trail_no_fork UNIQUE (chain_id, seq)"""
        )


@pytest.mark.parametrize(("damage", "kind"), DAMAGES, ids=NAMES)
def test_damage_is_found(
    chain: uuid.UUID, fork_is_mended: None, damage: Damage, kind: str
) -> None:
    damage(chain)
    assert kind in {finding.kind for finding in verify_trail()}


@pytest.mark.parametrize("damage", ONLY_THE_SEAL_TELLS)
def test_without_a_seal_these_would_pass(chain: uuid.UUID, damage: Damage) -> None:
    run("DELETE FROM foundation_trailseal")
    seal_file().unlink()
    damage(chain)
    assert verify_trail() == []


def test_an_intact_neighbour_is_not_accused(chain: uuid.UUID) -> None:
    other = make_chain(3)
    edit_a_row(chain)
    assert verify_trail(other) == []
    assert {finding.where for finding in verify_trail(chain)} == {f"chain {chain}"}
    assert all(str(other) not in finding.where for finding in verify_trail())


def test_one_chain_is_held_against_its_seals_too(chain: uuid.UUID) -> None:
    rewrite_it(chain)
    assert {finding.kind for finding in verify_trail(chain)} == {"rewritten"}


def test_the_command_says_intact_and_its_head(chain: uuid.UUID) -> None:
    out = io.StringIO()
    call_command("verify_trail", stdout=out)
    head = bytes(TrailSeal.objects.get(seq=2).digest).hex()
    assert out.getvalue() == f"Intact: {TrailEvent.objects.count()} events. Head: {head}\n"


def test_the_command_lists_findings_and_fails(chain: uuid.UUID) -> None:
    edit_a_row(chain)
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"1 finding\(s\)") as raised:
        call_command("verify_trail", stdout=out)
    assert raised.value.returncode == 1
    assert f"edited     chain {chain}: event 2 was changed" in out.getvalue()


def test_what_is_written_meanwhile_is_no_damage() -> None:
    """Verifying a live system: events and seals come while the chains are read."""
    chain, stop = make_chain(1), threading.Event()

    def live() -> None:
        while not stop.is_set():
            make_chain(3, chain)
            seal_trail()
        connections.close_all()

    thread = threading.Thread(target=live)
    thread.start()
    try:
        found = [verify_trail() for _ in range(40)]
    finally:
        stop.set()
        thread.join()
    assert found == [[]] * 40
    assert TrailSeal.objects.count() > 1
