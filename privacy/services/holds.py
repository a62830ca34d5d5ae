"""Legal holds, as far as requests are concerned."""

from retention.models import LegalHold
from retention.services.holds import lock_holds


def held_accounts(refs: dict[str, list[str]], *, lock: bool = False) -> bool:
    """Whether a hold covers one of the accounts that the request is about."""
    if lock:
        lock_holds()
    holds = LegalHold.objects.filter(subject_id__in=refs.get("accounts", []), released_at=None)
    return holds.exists()
