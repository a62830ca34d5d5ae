"""One clock's answer: three dates, and the rule they come from."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

# Of the time that we have: what is left over is for what goes wrong.
TARGET_PARTS, OF_PARTS = 2, 3


class Source(NamedTuple):
    """The rule that a date comes from: regime, rule, version of the file."""

    regime: str
    rule: str
    version: str

    def __str__(self) -> str:
        return f"{self.regime} {self.rule} ({self.version[:12]})"


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due.

    Attributes:
        clock: What is due: respond, acknowledge, appeal …
        source: The rule.
        start: The day from which it was counted.
        legal_due: By the law's own words; none where it names no number or stands still.
        safe_due: By the strictest reading, within what counsel cleared. Work by this one.
        internal_target: Earlier still, so that something may go wrong.
        bounded_by: Whose cap made `safe_due` earlier than the rule itself.
        safe_at: The moment, for clocks in hours.
        legal_at: The same by the law's own words.
        extended: Whether the person was told of the extension in time, and why.
    """

    clock: str
    source: Source
    start: date
    legal_due: date | None
    safe_due: date
    bounded_by: str = ""
    safe_at: datetime | None = None
    legal_at: datetime | None = None
    extended: bool = False

    @property
    def internal_target(self) -> date:
        left = (self.safe_due - self.start).days
        target = self.start + timedelta(days=left * TARGET_PARTS // OF_PARTS)
        return min(target, self.safe_due)
