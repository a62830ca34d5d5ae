"""Append-only chains of events, their seals, and the check that nothing was changed."""

from fluxrouter.foundation.trail.append import SUBJECT, SYSTEM, append_event

__all__ = ["SUBJECT", "SYSTEM", "append_event"]
