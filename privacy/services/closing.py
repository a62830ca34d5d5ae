"""After a request is closed: its contact key goes when the time to appeal is over."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from fluxrouter.foundation.sealed import SealedField, SealedModel
from privacy.models import (
    Appeal,
    Authority,
    CorrectedValue,
    Evidence,
    Extension,
    Forwarding,
    FulfilmentStep,
    PrivacyRequest,
    Question,
    Refusal,
    RequestNote,
    SentLetter,
)
from privacy.selectors import restrictions

State = FulfilmentStep.State
# What nobody can read without the key, and the index by which the address is found.
SEALED = ("email", "email_index", "details", "corrections")
# What is sealed under a request's key besides, and how it is reached from there.
SEALED_WITH_IT: dict[type[SealedModel], str] = {
    Appeal: "request",
    Authority: "request",
    CorrectedValue: "request",
    Evidence: "task__step__request",
    Extension: "request",
    Forwarding: "request",
    Question: "request",
    Refusal: "request",
    RequestNote: "request",
    SentLetter: "step__request",
}


def sealed_fields(model: type[SealedModel]) -> list[str]:
    return [field.name for field in model._meta.fields if isinstance(field, SealedField)]


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
                for model, path in SEALED_WITH_IT.items():
                    rows_of = model._default_manager.filter(**{path: request})
                    rows_of.update(**dict.fromkeys(sealed_fields(model)))
                request.record("request.key_destroyed")
                destroyed += 1
    return {"destroyed": destroyed}
