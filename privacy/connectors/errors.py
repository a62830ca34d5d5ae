"""What can go wrong at a processor. Codes only: a processor's own words may name a person."""

import re
from datetime import timedelta
from typing import Any

# What a code looks like. Anything else is a processor's text, and no row or event takes it.
CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
LONGEST_ASKED = 3600.0  # seconds: no answer makes a request wait for years


def as_code(text: str) -> str:
    return text if CODE.fullmatch(text) else "strange_code"


class ConnectorError(Exception):
    """Base. `code` is a key of `privacy.grounds.PARKED` or a processor's own error code."""

    def __init__(self, code: str) -> None:
        self.code = as_code(code)
        super().__init__(self.code)


class RetryError(ConnectorError):
    """It will pass: ask again, not before `after`. Nothing was done."""

    def __init__(self, code: str, after: timedelta | None = None) -> None:
        super().__init__(code)
        self.after = after


class UnknownOutcomeError(ConnectorError):
    """No answer came, or none that makes sense: the call may have had its effect.

    The next attempt reads before it acts. `stored` says that the processor keeps this answer under
    our idempotency key, so that the next attempt needs another key.
    """

    def __init__(self, code: str, *, stored: bool = False) -> None:
        super().__init__(code)
        self.stored = stored


class PermanentError(ConnectorError):
    """Trying again can't help: a person has to look."""


class NeedsHumanError(ConnectorError):
    """A person has to decide. `found` (codes and counts) is shown to them with the step."""

    def __init__(self, code: str, found: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.found = found or {}


def asked_seconds(header: str, otherwise: float) -> float:
    """What a processor asks us to wait, an hour at most; `otherwise` when it's no such number."""
    try:
        asked = float(header)
    except ValueError:
        return otherwise
    return min(asked, LONGEST_ASKED) if asked >= 0 else otherwise
