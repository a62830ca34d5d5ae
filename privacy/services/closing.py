"""After a request is closed: its contact key goes when the time to appeal is over."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from privacy.models import Evidence, FulfilmentStep, PrivacyRequest
from privacy.selectors import restrictions

State = FulfilmentStep.State
# What nobody can read without the key, and the index by which the address is found.
SEALED = ("email", "email_index", "details", "corrections")


def destroy_due_keys() -> dict[str, int]:
    """Destroy the data key of each request whose appeal window is over and whose steps have ended.

    The blind index goes too: without the key the address is unreadable, without the index it
    can't be guessed. Steps that still wait keep the key, as their letters need the address; so
    does a restriction in force, because the person is told before it ends (GDPR Art. 18(3)).
    """
    now = timezone.now()
    waiting = [State.BLOCKED, State.READY, State.RUNNING, State.PARKED]
    due = PrivacyRequest.objects.filter(
        ~restrictions.of_request(),
        closed_at__lt=now - settings.APPEAL_WINDOW,
        key_destroyed_at=None,
    ).exclude(steps__state__in=waiting)
    destroyed = 0
    for request in due:
        keystore().destroy(request.pk)
        with transaction.atomic():
            rows = PrivacyRequest.objects.filter(pk=request.pk, key_destroyed_at=None)
            if rows.update(key_destroyed_at=timezone.now(), **dict.fromkeys(SEALED)):
                request.notes.update(text=None)
                request.corrected.update(old=None, new=None)
                files = Evidence.objects.filter(task__step__request=request)
                files.update(name=None, content=None)
                request.record("request.key_destroyed")
                destroyed += 1
    return {"destroyed": destroyed}
