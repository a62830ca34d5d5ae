"""Sealing: an hourly checkpoint of all chains that grew; its digest leaves the database."""

import hashlib
import os
import uuid
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.utils import timezone

from fluxrouter.foundation.models import TrailChain, TrailSeal
from fluxrouter.foundation.trail.append import append_event, canonical

SEAL_LOCK = 7_262_001  # advisory lock: one sealer at a time


def seal_digest(previous: bytes, seq: int, at: datetime, heads: dict[str, list[object]]) -> bytes:
    body = canonical({"seq": seq, "at": at.isoformat(), "heads": heads})
    return hashlib.sha256(previous + body).digest()


def seal_trail() -> TrailSeal | None:
    """Seal every chain that grew since its last seal. None when none did.

    The file gets its line before the commit: a line without its row is explained by a crash and
    reported as such, a row without its line would be a hole in the evidence.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        grown = TrailChain.objects.raw(
            """UPDATE foundation_trailchain SET sealed_seq = head_seq
               WHERE sealed_seq < head_seq RETURNING *"""
        )
        heads: dict[str, list[object]] = {
            str(chain.id): [chain.head_seq, bytes(chain.head_digest).hex()] for chain in grown
        }
        if not heads:
            return None
        last = TrailSeal.objects.order_by("-seq").first()
        seq = last.seq + 1 if last else 1
        at = timezone.now()
        digest = seal_digest(bytes(last.digest) if last else b"", seq, at, heads)
        seal = TrailSeal.objects.create(seq=seq, at=at, heads=heads, digest=digest)
        append_to_file(seal)
    return seal


def append_to_file(seal: TrailSeal) -> None:
    settings.TRAIL_SEAL_FILE.parent.mkdir(parents=True, exist_ok=True)
    line = f"{seal.seq} {seal.at.isoformat()} {bytes(seal.digest).hex()}\n"
    handle = os.open(settings.TRAIL_SEAL_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def dispose_chain(chain: uuid.UUID, *, because: str) -> None:
    """Delete one whole sealed chain when its retention ends; its seal and a note of it stay.

    Runs as the owner: the trigger lets nobody else, and nothing but this one chain, pass.
    """
    with transaction.atomic(using="owner"):
        row = TrailChain.objects.using("owner").select_for_update().get(pk=chain)
        if row.sealed_seq != row.head_seq:
            raise ValueError("an unsealed chain can't be disposed of")
        with transaction.get_connection("owner").cursor() as cursor:
            cursor.execute("SELECT set_config('fluxrouter.disposing', %s, true)", [str(chain)])
            cursor.execute("DELETE FROM foundation_trailevent WHERE chain_id = %s", [chain])
        row.delete()
        append_event(
            DISPOSALS,
            "chain.disposed",
            kind="retention",
            using="owner",
            disposed=str(chain),
            because=because,
            seq=row.head_seq,
        )


# The chain in which disposals of chains are told.
DISPOSALS = uuid.UUID("00000000-0000-4000-8000-0000000d15b0")


def seal_job() -> dict[str, int]:
    """The hourly job: seal, and mail the new head to the privacy officer."""
    seal = seal_trail()
    if seal is None:
        return {"chains": 0}
    send_mail(
        f"[{settings.SITE_NAME}] trail seal {seal.seq}",
        f"Seal {seal.seq} of {seal.at:%d %B %Y, %H:%M} UTC\n{bytes(seal.digest).hex()}\n\n"
        "Keep this mail: it shows later that the trail was not rewritten.\n",
        settings.DEFAULT_FROM_EMAIL,
        [settings.PRIVACY_OFFICER_EMAIL],
        fail_silently=True,  # the file has it; the next seal's mail comes in an hour
    )
    return {"chains": len(seal.heads)}
