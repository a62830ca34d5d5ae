"""Legal holds as staff place and release them."""

from datetime import date
from typing import Any
from uuid import UUID

from accounts.models import User
from retention.models import LegalHold
from retention.services.holds import place_hold, release_hold
from tests.support.staff import member


def holder() -> User:
    return User.objects.filter(username="holder").first() or member("Approver", "holder")


def hold(subject: UUID | None = None, **scope: Any) -> LegalHold:
    return place_hold(
        subject, ground="claim", citation="CV-1", review_on=date(2031, 1, 1), actor=holder(),
        **scope,
    )  # fmt: skip


def release(placed: LegalHold) -> None:
    release_hold(placed, actor=holder(), reason="settled")
