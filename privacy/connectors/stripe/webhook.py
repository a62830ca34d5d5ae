"""Reading what Stripe tells us unasked."""

from typing import NamedTuple

import stripe
from django.conf import settings


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
        customer = about.get("customer")
        return Head(
            str(whole["id"]),
            str(whole["type"]),
            str(about.get("id") or ""),
            customer if isinstance(customer, str) else "",
        )
    except (stripe.StripeError, ValueError, LookupError, AttributeError, TypeError):
        raise BadSignatureError from None
