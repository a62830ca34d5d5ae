"""Stripe: payments and billing."""

from privacy.connectors.stripe.client import client_from_settings
from privacy.connectors.stripe.connector import StripeConnector


def from_settings() -> StripeConnector:
    return StripeConnector(client_from_settings())


__all__ = ["StripeConnector", "from_settings"]
