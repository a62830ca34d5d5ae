"""Who else has a part in a request, as its page shows it. Nothing here names anybody."""

from datetime import date
from typing import Any, NamedTuple

from privacy.models import Authority, Forwarding, PrivacyRequest
from privacy.regimes.roles import PROCESSED_FOR_CUSTOMERS
from privacy.selectors import people
from privacy.services import authorities, children, forwarding

SHAPES = {"": "▲", Authority.Judgement.ACCEPTED: "✓", Authority.Judgement.REJECTED: "–"}
WORDS = {
    "": "Waits to be judged",
    Authority.Judgement.ACCEPTED: "Accepted",
    Authority.Judgement.REJECTED: "Not enough",
}


class Proof(NamedTuple):
    """One proof in words."""

    row: Authority
    kind: str
    shape: str
    judgement: str


class Passed(NamedTuple):
    """A request of a customer's end user: where it stands, and what is due."""

    state: str
    row: Forwarding | None
    pass_on_by: date
    text: str


def people_page(request: PrivacyRequest) -> dict[str, Any]:
    """For the template; each part is empty where it has no place."""
    return {
        "proofs": proofs(request),
        "acts_for": request.role in people.ACTS_FOR,
        "is_guardian": request.role == PrivacyRequest.Role.GUARDIAN,
        "accepted_proof": people.accepted(request),
        "age_of_consent": authorities.age_of_consent(request),
        "never_demanded": sorted(authorities.never_demanded(request)),
        "passed": passed(request),
        "for_customers": list(PROCESSED_FOR_CUSTOMERS.values()),
        "child_report": people.is_report(request),
        "filed": children.filed(request) if people.is_report(request) else None,
        "reported_in": request.split_from if request.is_urgent else None,
    }


def proofs(request: PrivacyRequest) -> list[Proof]:
    return [
        Proof(
            row, str(Authority.Kind(row.kind).label), SHAPES[row.judgement], WORDS[row.judgement]
        )
        for row in request.authorities.select_related("judged_by")
    ]


def passed(request: PrivacyRequest) -> Passed | None:
    """None where nothing has to be passed on."""
    if not forwarding.is_concerned(request):
        return None
    row = Forwarding.objects.filter(request=request).select_related("handled_by").first()
    state = Forwarding.State(row.state if row else Forwarding.State.FINDING)
    return Passed(str(state.label), row, forwarding.pass_on_by(request), assistance(request, row))


def assistance(request: PrivacyRequest, row: Forwarding | None) -> str:
    if row is None or request.key_destroyed_at:
        return ""
    return row.read("assistance")
