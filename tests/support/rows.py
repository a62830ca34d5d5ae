"""Single rows, for tests that need no processors."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Account
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.services.intake import Answers, create_request

# After this the time to appeal is over everywhere: default's ninety days, and two for the zones.
APPEALS_OVER = timedelta(days=92, minutes=1)


def make_account(**values: Any) -> Account:
    defaults: dict[str, Any] = {"email": "ann.lee@example.org", "created_at": timezone.now()}
    return Account.objects.create(**defaults | values)


def make_request(email: str = "ann.lee@example.org", **changes: Any) -> PrivacyRequest:
    """A request with its key, its trail and its first letter; `changes` are written over it."""
    request = create_request(
        uuid.uuid4(),
        Answers(role="account_holder", rights=["access"], country="DE", email=email),
        received_at=timezone.now(),
        actor="subject",
    )
    if changes:
        PrivacyRequest.objects.filter(pk=request.pk).update(**changes)
        request.refresh_from_db()
    return request


def end_steps(request: PrivacyRequest, state: str = FulfilmentStep.State.DONE) -> None:
    request.steps.update(state=state)


def long_closed(days: float = 61) -> dict[str, Any]:
    return {"status": "completed", "closed_at": timezone.now() - timedelta(days=days)}
