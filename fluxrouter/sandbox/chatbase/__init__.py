"""A stand-in for Chatbase: conversations, contacts and leads of its agents."""

from fluxrouter.sandbox.chatbase.app import AGENT, ChatbaseSandbox, create_app

__all__ = ["AGENT", "ChatbaseSandbox", "create_app"]
