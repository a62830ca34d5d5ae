"""Writing a refusal down, for people who decide and for rules."""

from datetime import date
from typing import NamedTuple

from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.trail import SYSTEM
from privacy.models import PrivacyRequest, Refusal


class Decision(NamedTuple):
    """What is refused and why. The person reads `explanation` and `granted` word for word.

    Attributes:
        code: A key of `privacy.refusals.REASONS`; the citation follows from it.
        whole: All of each right; otherwise a part, which `explanation` names.
        granted: What we do all the same.
        until: When the reason ends, or when we look at it again.
    """

    rights: tuple[str, ...]
    code: str
    explanation: str
    whole: bool = True
    granted: str = ""
    until: date | None = None


def write(request: PrivacyRequest, decision: Decision, *, actor: User | None) -> None:
    """Write the refusals down, in the caller's transaction; nothing else happens.

    For rules too, which have no actor: whoever calls it has checked that the reason counts.
    """
    for right in decision.rights:
        row = Refusal(
            request=request,
            right=right,
            code=decision.code,
            whole=decision.whole,
            until=decision.until,
            decided_by=actor,
            decided_at=timezone.now(),
        )
        row.write("explanation", decision.explanation)
        row.write("granted", decision.granted)
        row.save(force_insert=True)
    request.record(
        "request.refused",
        actor=str(actor.pk) if actor else SYSTEM,
        rights=list(decision.rights),
        refusal=decision.code,
        whole=decision.whole,
    )
