"""A stand-in for Resend, and the inbox of everybody it sends to."""

from fluxrouter.sandbox.mailbox.app import Mailbox, create_app

__all__ = ["Mailbox", "create_app"]
