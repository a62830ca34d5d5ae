"""More time: only by a notice that comes in time and says why."""

from dataclasses import dataclass
from datetime import date

from privacy.regimes.spans import Extension


@dataclass(frozen=True, slots=True)
class ExtensionNotice:
    """What the person was told: that we need longer, why, and until when at the latest."""

    sent_on: date
    reasons: tuple[str, ...] = ()
    until: date | None = None


def extends(notice: ExtensionNotice, rule: Extension, notice_due: date | None) -> bool:
    """Whether a notice gives more time. Late, or without a reason that counts, it gives none."""
    if notice_due is None or notice.sent_on > notice_due:
        return False
    counted = [
        reason for reason in notice.reasons if rule.grounds is None or reason in rule.grounds
    ]
    return bool(counted)
