"""A stand-in for Stripe's API that keeps the vendor's rules."""

from fluxrouter.sandbox.stripe.app import StripeSandbox, create_app
from fluxrouter.sandbox.stripe.keys import (
    ERASE_KEY,
    ERASE_PERMISSIONS,
    READ_KEY,
    READ_PERMISSIONS,
    SECRET_KEY,
)
from fluxrouter.sandbox.stripe.personal import PERSONAL_FIELDS, planted
from fluxrouter.sandbox.stripe.rules import RULES
from fluxrouter.sandbox.stripe.webhooks import WEBHOOK_SECRET

__all__ = [
    "ERASE_KEY",
    "ERASE_PERMISSIONS",
    "PERSONAL_FIELDS",
    "READ_KEY",
    "READ_PERMISSIONS",
    "RULES",
    "SECRET_KEY",
    "WEBHOOK_SECRET",
    "StripeSandbox",
    "create_app",
    "planted",
]
