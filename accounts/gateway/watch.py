"""Noticing a gateway that stopped asking: it obeys nothing new, and nobody else would see it."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import GatewayKey
from fluxrouter.foundation.alarms import sync_alarms

SILENCE = timedelta(minutes=15)  # the last use is known to five minutes


def watch_gateways() -> dict[str, int]:
    """One alarm for each key that was in use and isn't any more; revoking it ends the alarm."""
    late = timezone.now() - SILENCE
    silent = GatewayKey.objects.filter(revoked_at=None, last_used_at__lt=late)
    prefixes = set(silent.values_list("prefix", flat=True))
    sync_alarms("gateway_silent", prefixes)
    return {"silent": len(prefixes)}
