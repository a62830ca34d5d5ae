"""A stand-in for Cloudflare Turnstile's check of tokens."""

from fluxrouter.sandbox.turnstile.app import SECRET, Turnstile, create_app
from fluxrouter.sandbox.turnstile.rules import RULES

__all__ = ["RULES", "SECRET", "Turnstile", "create_app"]
