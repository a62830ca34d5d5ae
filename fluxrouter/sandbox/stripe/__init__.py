"""A stand-in for Stripe's API that keeps the vendor's rules."""

from fluxrouter.sandbox.stripe.app import StripeSandbox, create_app
from fluxrouter.sandbox.stripe.keys import SECRET_KEY
from fluxrouter.sandbox.stripe.personal import PERSONAL_FIELDS, planted
from fluxrouter.sandbox.stripe.rules import RULES

__all__ = ["PERSONAL_FIELDS", "RULES", "SECRET_KEY", "StripeSandbox", "create_app", "planted"]
