"""Stripe: payments and billing."""

from django.conf import settings

from privacy.connectors.stripe.client import make_client, throttle
from privacy.connectors.stripe.connector import StripeConnector


def from_settings() -> StripeConnector:
    """Two keys: one that reads, and one that only the steps of an erasure write with."""
    shared = throttle()
    return StripeConnector(
        make_client(settings.STRIPE_READ_KEY, shared),
        make_client(settings.STRIPE_ERASE_KEY, shared),
        erase_key=settings.STRIPE_ERASE_KEY,
    )


__all__ = ["StripeConnector", "from_settings"]
