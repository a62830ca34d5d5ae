"""What can go wrong at a processor. Codes only: a processor's own words may name a person."""

from datetime import timedelta
from typing import Any


class ConnectorError(Exception):
    """Base. `code` is a key of `privacy.grounds.PARKED` or a processor's own error code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


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
