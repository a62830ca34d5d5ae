"""What Stripe holds on a person, counted; what stays of it, and what stands in the way."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from privacy.connectors.base import Discovery, Subject
from privacy.connectors.stripe import whose
from privacy.connectors.stripe.find import Finder, Roots
from privacy.connectors.stripe.objects import OBJECTS
from privacy.grounds import Ground

# Payments can be redacted no sooner (docs.stripe.com/privacy/redaction).
REDACTABLE_AFTER = timedelta(days=90)
# Each change leaves one, also those that an erasure makes. Nobody can list a person's, so nobody
# can count them (docs.stripe.com/api/events).
EVENTS = [{"what": "event", "count": 0, "ground": str(Ground.EVENT_LOG)}]


def discover(finder: Finder, subject: Subject) -> Discovery:
    roots, blockers = whose.roots_of(finder, subject)
    found: Counter[str] = Counter()
    erase: Counter[str] = Counter()
    standing = set(blockers)
    newest = 0
    for kind, item in finder.everything(roots):
        row = OBJECTS[kind]
        found[kind] += 1
        erase[kind] += row.goes(item)
        code, stops = row.blocks
        standing |= {code} if stops(item) else set()
        newest = max(newest, item["created"] if kind == "charge" else 0)
    refs = {"customers": roots.customers} | ({"guests": roots.guests} if roots.guests else {})
    return Discovery(
        refs=refs,
        found=dict(found),
        erase={kind: number for kind, number in erase.items() if number},
        keep=[
            {
                "what": kind,
                "count": found[kind] - erase[kind],
                "ground": str(Ground.PROCESSOR_LEDGER),
            }
            for kind in found
            if found[kind] > erase[kind]
        ]
        + EVENTS * bool(found),
        blockers=sorted(standing),
        offers=offers(newest) if found else {},
    )


def offers(newest: int) -> dict[str, str]:
    """Redaction, where it is switched on, with the first day on which it can be done."""
    return {"redact": redactable_on(newest).isoformat()} if settings.STRIPE_REDACTION else {}


def redactable_on(newest: int) -> date:
    """The day after the wait that the newest payment asks for; today without one."""
    return max(timezone.now(), redactable_at(newest)).date()


def redactable_at(newest: int) -> datetime:
    return datetime.fromtimestamp(newest, UTC) + REDACTABLE_AFTER


def newest_charge(finder: Finder, roots: Roots) -> int:
    """When the last payment was made, in seconds since 1970; 0 without one.

    Lists begin with the newest, so the first page of each is enough.
    """
    newest = [0]
    for customer in roots.customers:
        first = next(finder.of_customer("charge", customer), None)
        newest += [first["created"]] if first else []
    for session in finder.sessions(roots):
        newest += [charge["created"] for charge in finder.of_guest("charge", session)]
    return max(newest)
