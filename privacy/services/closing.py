"""After a request is closed: its contact key goes when the time to appeal is over."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from privacy.models import FulfilmentStep, PrivacyRequest

State = FulfilmentStep.State


def destroy_due_keys() -> dict[str, int]:
    """Destroy the data key of each request whose appeal window is over and whose steps have ended.

    The blind index goes too: without the key the address is unreadable, without the index it
    can't be guessed. Steps that still wait keep the key, as their letters need the address.
    """
    now = timezone.now()
    waiting = [State.BLOCKED, State.READY, State.RUNNING, State.PARKED]
    due = PrivacyRequest.objects.filter(
        closed_at__lt=now - settings.APPEAL_WINDOW, key_destroyed_at=None
    ).exclude(steps__state__in=waiting)
    destroyed = 0
    for request in due:
        keystore().destroy(request.pk)
        with transaction.atomic():
            rows = PrivacyRequest.objects.filter(pk=request.pk, key_destroyed_at=None)
            if rows.update(
                email=None, email_index=None, details=None, key_destroyed_at=timezone.now()
            ):
                request.notes.update(text=None)
                request.record("request.key_destroyed")
                destroyed += 1
    return {"destroyed": destroyed}
