"""Verifying the trail: recompute every digest, and compare with the seals and their file."""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction

from fluxrouter.foundation.models import TrailChain, TrailEvent, TrailSeal
from fluxrouter.foundation.trail.append import payload
from fluxrouter.foundation.trail.seal import DISPOSALS, SEAL_LOCK, seal_digest


class Finding(NamedTuple):
    """Damage. `kind` is one of edited, gap, fork, cut, rewritten, orphan, seal, file."""

    kind: str
    where: str
    text: str


class Chain(NamedTuple):
    """What recomputing a chain gave: its length, its last digest, the digest at each seq."""

    length: int
    digests: dict[int, bytes]


def verify_trail(chain: uuid.UUID | None = None) -> list[Finding]:
    """All damage found in one chain, or in all chains with their seals. Empty means intact."""
    findings: list[Finding] = []
    chains: dict[str, Chain] = {}
    with one_moment():
        for chain_id in [chain] if chain else chain_ids():
            chains[str(chain_id)] = verify_chain(chain_id, findings)
        findings += verify_seals(chains, only=str(chain) if chain else None)
    if chain is None:
        findings += verify_file()
    return findings


@contextmanager
def one_moment() -> Iterator[None]:
    """One snapshot for all queries: what is written meanwhile must not look like damage."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def chain_ids() -> list[uuid.UUID]:
    heads = TrailChain.objects.values_list("id", flat=True)
    return sorted({*heads, *TrailEvent.objects.values_list("chain_id", flat=True).distinct()})


def verify_chain(chain_id: uuid.UUID, findings: list[Finding]) -> Chain:
    digests: dict[int, bytes] = {}
    previous, seq = b"", 0
    where = f"chain {chain_id}"
    for event in TrailEvent.objects.filter(chain_id=chain_id).order_by("seq").iterator():
        if event.seq == seq:
            findings.append(Finding("fork", where, f"two events stand at place {seq}"))
            continue
        if event.seq != seq + 1:
            findings.append(Finding("gap", where, f"events {seq + 1} to {event.seq - 1} are gone"))
        covered = payload(event.id, event.chain_id, event.at, event.code, event.actor, event.data)
        if hashlib.sha256(previous + covered).digest() != bytes(event.digest) and (
            event.seq == seq + 1
        ):
            findings.append(Finding("edited", where, f"event {event.seq} was changed"))
        previous, seq = bytes(event.digest), event.seq
        digests[seq] = previous
    findings += verify_head(chain_id, seq, previous)
    return Chain(seq, digests)


def verify_head(chain_id: uuid.UUID, length: int, last: bytes) -> Iterator[Finding]:
    where = f"chain {chain_id}"
    head = TrailChain.objects.filter(pk=chain_id).first()
    if head is None:
        yield Finding("orphan", where, "events without their chain's row")
    elif head.head_seq > length:
        yield Finding("cut", where, f"events {length + 1} to {head.head_seq} are cut off")
    elif head.head_seq < length or bytes(head.head_digest) != last:
        yield Finding("rewritten", where, "the chain doesn't end where its row says")


def verify_seals(chains: dict[str, Chain], *, only: str | None) -> Iterator[Finding]:
    previous, expected = b"", 1
    disposed = disposed_chains()
    for seal in TrailSeal.objects.order_by("seq").iterator():
        where = f"seal {seal.seq}"
        right = seal_digest(previous, seal.seq, seal.at, seal.heads) == bytes(seal.digest)
        if seal.seq != expected or not right:
            yield Finding("seal", where, "the seal was changed, or one before it is gone")
        previous, expected = bytes(seal.digest), seal.seq + 1
        for chain_id, (seq, digest) in seal.heads.items():
            found = chains.get(chain_id, Chain(0, {}))
            # Only a chain that is gone is excused: to call a rewritten one disposed of is no help.
            gone = chain_id in disposed and not found.length
            if gone or (only and chain_id != only):
                continue
            if found.length < seq:
                yield Finding(
                    "cut", f"chain {chain_id}", f"{where} saw {seq}, {found.length} left"
                )
            elif found.digests.get(seq, b"").hex() != digest:
                yield Finding("rewritten", f"chain {chain_id}", f"{where} saw another event {seq}")


def disposed_chains() -> set[str]:
    events = TrailEvent.objects.filter(chain_id=DISPOSALS, code="chain.disposed")
    return {data["disposed"] for data in events.values_list("data", flat=True)}


def verify_file() -> Iterator[Finding]:
    """Each line of the file outside the database must be a seal in it, and the other way round."""
    seals, text = seals_and_file()
    lines: dict[int, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            place, _, digest = line.split()
            lines[int(place)] = digest  # the last of a number counts: others were rolled back
        except ValueError:
            yield Finding("file", f"line {number}", "this is no line of the seal file")
    for seq in sorted({*seals, *lines}):
        if seals.get(seq) != lines.get(seq):
            yield Finding("file", f"seal {seq}", "the seal file and the database disagree")


def seals_and_file() -> tuple[dict[int, str], str]:
    """Both as they are between two seals: a line is written before its row is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [SEAL_LOCK])
        try:
            rows = TrailSeal.objects.values_list("seq", "digest")
            seals = {seq: bytes(digest).hex() for seq, digest in rows}
            path = settings.TRAIL_SEAL_FILE
            return seals, path.read_text() if path.exists() else ""
        finally:
            cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [SEAL_LOCK])
