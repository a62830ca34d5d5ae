"""Signed deliveries of events (docs.stripe.com/webhooks#verify-manually).

Deliveries may come twice and in any order (docs.stripe.com/webhooks#event-ordering).
"""

import hashlib
import hmac
import json
import random
from typing import TYPE_CHECKING

from fluxrouter.sandbox.stripe.templates import Object

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

Delivery = tuple[bytes, str]
WEBHOOK_SECRET = "whsec_sandbox"  # noqa: S105 - a stand-in's secret opens nothing


def signed(event: Object, secret: str, timestamp: int) -> Delivery:
    """The body, and the value of its `Stripe-Signature` header."""
    body = json.dumps(event, indent=2).encode()
    content = str(timestamp).encode() + b"." + body
    signature = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    return body, f"t={timestamp},v1={signature}"


def drain(
    app: "StripeSandbox", *, duplicates: bool = False, shuffled: bool = False, seed: int = 0
) -> list[Delivery]:
    """All that wasn't delivered yet; an event that is gone meanwhile isn't delivered."""
    waiting = [app.store.get("event", each) for each in app.undelivered]
    app.undelivered.clear()
    events = [event for event in waiting if event is not None]
    events = [event for event in events for _ in range(2 if duplicates else 1)]
    if shuffled:
        random.Random(seed).shuffle(events)  # noqa: S311 - a simulation has to repeat itself
    return [app.webhook(event, WEBHOOK_SECRET) for event in events]
