"""Legal holds, as far as requests are concerned."""

from django.db import connection

from retention.models import LegalHold

# Placing a hold and starting an erasure take this lock, so neither can miss the other.
HOLD_LOCK = 7_262_003


def lock_holds() -> None:
    """Until the transaction ends, no hold is placed and no erasure begins elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [HOLD_LOCK])


def held_accounts(refs: dict[str, list[str]], *, lock: bool = False) -> bool:
    """Whether a hold covers one of the accounts that the request is about."""
    if lock:
        lock_holds()
    holds = LegalHold.objects.filter(subject_id__in=refs.get("accounts", []), released_at=None)
    return holds.exists()
