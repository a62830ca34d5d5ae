"""After a request is closed: its contact key goes when the time to appeal is over."""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
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
from privacy.selectors import appeal_window, restrictions
from privacy.selectors.held import is_named
from retention.models import LegalHold
from retention.schedule import BY_MODEL
from retention.selectors.holds import covered
from retention.services.holds import keep_holds_out

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
    """Destroy the key of each request whose time to appeal is over and of which nothing waits.

    The blind index goes too: without the key the address is unreadable, without the index it
    can't be guessed. Steps that still wait keep the key, as their letters need the address; so
    does a restriction in force, because the person is told before it ends (GDPR Art. 18(3)), an
    appeal that isn't decided, a hold that the request made, and one that covers it or everything
    of its account.
    """
    destroyed = 0
    for request in candidates():
        if appeal_window.is_key_due(request) and not is_held(request):
            destroyed += destroy_key(request)
    return {"destroyed": destroyed}


def candidates() -> QuerySet[PrivacyRequest]:
    """Closed requests with a key, of which nothing waits."""
    waiting = [State.BLOCKED, State.READY, State.RUNNING, State.PARKED]
    held = LegalHold.objects.filter(request_id=OuterRef("pk"), released_at=None)
    found = PrivacyRequest.objects.filter(
        ~restrictions.of_request(), ~Exists(held), closed_at__isnull=False, key_destroyed_at=None
    )
    return found.exclude(steps__state__in=waiting)


def is_held(request: PrivacyRequest) -> bool:
    """By its account, or by the day on which it was closed."""
    by_day = covered(BY_MODEL["privacy.PrivacyRequest"])
    rows = PrivacyRequest.objects.filter(by_day, pk=request.pk)
    return is_named(request.refs) or (bool(by_day) and rows.exists())


def destroy_key(request: PrivacyRequest) -> int:
    """1 when the key went now. Whoever appeals or places a hold at this moment comes before or
    after.
    """
    with transaction.atomic():
        locked = request.lock()
        keep_holds_out()
        is_due = appeal_window.is_key_due(locked) and not is_held(locked)
        if locked.key_destroyed_at or not is_due:
            return 0
        keystore().destroy(locked.pk)
        rows = PrivacyRequest.objects.filter(pk=locked.pk)
        rows.update(key_destroyed_at=timezone.now(), **dict.fromkeys(SEALED))
        for model, path in SEALED_WITH_IT.items():
            rows_of = model._default_manager.filter(**{path: locked})
            rows_of.update(**dict.fromkeys(sealed_fields(model)))
        locked.record("request.key_destroyed")
    return 1
