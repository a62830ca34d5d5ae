"""Chains to damage, and ways to damage them as the tables' owner can."""

import hashlib
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction

from fluxrouter.foundation.models import TrailChain, TrailEvent, TrailSeal
from fluxrouter.foundation.trail import append_event
from fluxrouter.foundation.trail.append import payload
from fluxrouter.foundation.trail.seal import seal_digest
from tests.support.database import Connection, as_owner

GUARDS = {
    "foundation_trailevent": ("trail_rows", "trail_whole"),
    "foundation_trailseal": ("seal_rows", "seal_whole"),
}


def make_chain(length: int, chain: uuid.UUID | None = None) -> uuid.UUID:
    chain = chain or uuid.uuid4()
    with transaction.atomic():
        for number in range(length):
            append_event(chain, "step.done", step=f"stripe:step_{number}", attempt=number)
    return chain


@contextmanager
def guards_off() -> Iterator[Connection]:
    """Whoever owns the tables can switch the triggers off; then only digests and seals tell."""
    with as_owner() as connection:
        for table in GUARDS:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield connection
        finally:
            for table, (rows, _) in GUARDS.items():
                connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER {rows}")


@contextmanager
def whole_guards_on() -> Iterator[None]:
    """The triggers against TRUNCATE, which the suite switches off so that a flush can empty."""
    with as_owner() as connection:
        for table, (_, whole) in GUARDS.items():
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER {whole}")
        try:
            yield
        finally:
            for table, (_, whole) in GUARDS.items():
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER {whole}")


def run(statement: str, *values: Any) -> None:
    """One statement as the owner, with the guards off."""
    with guards_off() as connection:
        connection.execute(statement, values)


def cut_to(chain: uuid.UUID, length: int) -> None:
    """Cut the tail off, and make the chain's row fit."""
    run("DELETE FROM foundation_trailevent WHERE chain_id = %s AND seq > %s", chain, length)
    last = TrailEvent.objects.get(chain_id=chain, seq=length)
    TrailChain.objects.filter(pk=chain).update(head_seq=length, head_digest=last.digest)


def add_beyond_the_head(chain: uuid.UUID) -> None:
    """Insert a well-made event behind the last, without telling the chain's row."""
    last = TrailEvent.objects.filter(chain_id=chain).latest("seq")
    event = TrailEvent(
        chain_id=chain, seq=last.seq + 1, at=last.at, code="request.denied", actor="system"
    )
    covered = payload(event.id, chain, event.at, event.code, event.actor, event.data)
    event.digest = hashlib.sha256(bytes(last.digest) + covered).digest()
    event.save(force_insert=True)


def reseal(seal: TrailSeal, previous: bytes) -> None:
    """Give a seal the digest that fits its content, in the database and in the file."""
    digest = seal_digest(previous, seal.seq, seal.at, seal.heads)
    old, new = bytes(seal.digest).hex(), digest.hex()
    settings.TRAIL_SEAL_FILE.write_text(settings.TRAIL_SEAL_FILE.read_text().replace(old, new))
    heads = json.dumps(seal.heads)
    run(
        "UPDATE foundation_trailseal SET heads = %s, digest = %s WHERE seq = %s",
        heads,
        digest,
        seal.seq,
    )


def rewrite(chain: uuid.UUID, code: str) -> None:
    """Change the first event and recompute every digest after it, the chain's row included."""
    previous = b""
    for event in TrailEvent.objects.filter(chain_id=chain).order_by("seq"):
        if event.seq == 1:
            event.code = code
        covered = payload(event.id, chain, event.at, event.code, event.actor, event.data)
        previous = hashlib.sha256(previous + covered).digest()
        run(
            "UPDATE foundation_trailevent SET code = %s, digest = %s WHERE id = %s",
            event.code,
            previous,
            event.id,
        )
    TrailChain.objects.filter(pk=chain).update(head_digest=previous)
