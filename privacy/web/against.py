"""What the status page and the pages behind it say of appeals, complaints and extensions."""

from datetime import date
from typing import NamedTuple

from privacy.deadlines.reasons import REASONS
from privacy.models import Appeal, PrivacyRequest
from privacy.selectors import appeal_window, appeals
from privacy.selectors.extending import extension_about, is_dead
from privacy.selectors.remedies import remedies
from privacy.services.appeals import why_not

Kind, Outcome = Appeal.Kind, Appeal.Outcome
DECIDED_AS: dict[str, str] = {
    Outcome.UPHELD: "You are right.",
    Outcome.PARTLY: "You are right in part.",
    Outcome.REJECTED: "It stays as it was.",
}
NAMES: dict[str, str] = {Kind.APPEAL: "Your appeal", Kind.COMPLAINT: "Your complaint"}


class Said(NamedTuple):
    """An appeal or a complaint as the person reads it."""

    appeal: Appeal
    name: str
    text: str
    answer_by: date | None
    outcome: str
    reasons: str
    longer: "Longer | None"


class Longer(NamedTuple):
    """That we need longer: why, and until when."""

    until: date
    why: str


def said(request: PrivacyRequest) -> list[Said]:
    """Everything that they wrote against our answers, newest first."""
    return [
        Said(
            each,
            NAMES[each.kind],
            appeals.opened(each, "text"),
            each.due_on,  # type: ignore[attr-defined]
            DECIDED_AS.get(each.outcome, ""),
            appeals.opened(each, "decision"),
            longer(request, each) if each.is_open else None,
        )
        for each in appeals.of_request(request).order_by("-received_at")
    ]


def longer(request: PrivacyRequest, appeal: Appeal | None = None) -> Longer | None:
    """The extension, of the answer or of the decision on an appeal, once its letter is out."""
    found = extension_about(request, appeal)
    if found is None or found.letter.finished_at is None or is_dead(found):
        return None
    reasons = [REASONS[code].says for code in found.reasons if code in REASONS]
    return Longer(found.until, " ".join([*reasons, appeals.opened(found, "explanation")]))


def ways(request: PrivacyRequest) -> dict[str, object]:
    """What can be done against our answer, and who else decides."""
    can_appeal = why_not(request, Kind.APPEAL) is None
    return {
        "can_appeal": can_appeal,
        "appeal_until": appeal_window.last_day(request) if can_appeal else None,
        "can_complain": why_not(request, Kind.COMPLAINT) is None,
        "remedies": remedies(request),
    }
