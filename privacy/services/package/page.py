"""What the package tells of a person's data: the page to read, and the same for programs."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.purposes import PURPOSES, Purpose
from privacy.models import PrivacyRequest
from privacy.portability import LeftOut
from privacy.regimes.values import Naming
from privacy.selectors import holdings, recipients, remedies
from privacy.services.package.collection import SHOWN

DECISIONS = (
    "Jobs of ours may score accounts by their use. That alone decides nothing about you that has "
    "legal or like effects (GDPR Art. 22), and you can stop it: object to it, or opt out of "
    f"profiling. What goes on all the same: {PURPOSES[Purpose.PROFILING].goes_on}"
)


@dataclass
class Told:
    """What the page speaks of; a part that wasn't asked for is None or false."""

    request: PrivacyRequest
    systems: list[dict[str, Any]] | None = None
    left_out: list[LeftOut] | None = None
    informs: bool = False
    lists_recipients: bool = False
    made_at: Any = field(default_factory=timezone.now)

    @cached_property
    def holdings(self) -> list[holdings.Holding]:
        return holdings.holdings(self.request)

    @cached_property
    def withheld(self) -> list[str]:
        return holdings.withheld(self.request)

    @cached_property
    def recipients(self) -> list[recipients.Recipient]:
        return recipients.recipients(self.request)

    @cached_property
    def are_named(self) -> bool:
        return recipients.naming(self.request) is Naming.NAMED

    @cached_property
    def offices(self) -> tuple[remedies.Office, ...]:
        return remedies.remedies(self.request).offices


def index(told: Told) -> str:
    """The readable page. It works offline: no script, no file from elsewhere."""
    context = {
        "told": told,
        "request": told.request,
        "shown": SHOWN,
        "decisions": DECISIONS,
        "contact_email": settings.CONTACT_EMAIL,
    }
    return render_to_string("privacy/package/index.html", context)


def about_json(told: Told) -> str:
    """The same for programs. Its names don't change."""
    about: dict[str, Any] = {
        "recipients": [each._asdict() for each in told.recipients],
        "recipients_are": "named" if told.are_named else "categories",
    }
    if told.informs:
        about["held"] = [held_json(each) for each in told.holdings]
        about["withheld"] = told.withheld
        about["automated_decisions"] = DECISIONS
        about["complaints"] = [each._asdict() for each in told.offices]
    return json.dumps(about, indent=2, ensure_ascii=False, default=str)


def held_json(holding: holdings.Holding) -> dict[str, Any]:
    return {
        "system": holding.system,
        **holding.about._asdict(),
        "records": {each.what: each.number for each in holding.counts},
    }
