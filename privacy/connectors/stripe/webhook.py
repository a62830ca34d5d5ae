"""Reading what Stripe tells us unasked."""

import re
from typing import Any, NamedTuple

import stripe
from django.conf import settings

# Ids that Stripe gives. Some may be chosen by hand (a coupon's): what looks otherwise isn't kept.
IDENTIFIER = re.compile(r"[A-Za-z0-9_]{1,255}")
KIND = re.compile(r"[a-z0-9_.]{1,100}")


class BadSignatureError(Exception):
    """Not from Stripe, changed on the way, or too old."""


class Head(NamedTuple):
    """What an event is about. Its body may name a person, so nothing else is taken from it."""

    id: str
    kind: str
    object_id: str
    customer: str


def read(body: bytes, signature: str) -> Head:
    """The head of an event that Stripe signed within the last five minutes, else
    BadSignatureError (docs.stripe.com/webhooks#verify-official-libraries).
    """
    try:
        event = stripe.Webhook.construct_event(body, signature, settings.STRIPE_WEBHOOK_SECRET)
        whole = event.to_dict()
        about = whole["data"]["object"]
        head = Head(
            identifier(whole["id"]),
            str(whole["type"]),
            identifier(about.get("id")),
            identifier(about.get("customer")),
        )
    except (stripe.StripeError, ValueError, LookupError, AttributeError, TypeError):
        raise BadSignatureError from None
    if not head.id or not KIND.fullmatch(head.kind):
        raise BadSignatureError
    return head


def identifier(value: Any) -> str:
    """Empty for what is no id."""
    return value if isinstance(value, str) and IDENTIFIER.fullmatch(value) else ""
