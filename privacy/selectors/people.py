"""Who has a part in a request beside the person: agent, parent, customer. All of it personal."""

import json
from uuid import UUID

from accounts.models import Account
from privacy.models import Authority, Forwarding, PrivacyRequest

Role = PrivacyRequest.Role
OF_REPORT = "This is a report about a child. Find the account, or close it as unfounded."
ACTS_FOR = (Role.AGENT, Role.GUARDIAN)  # whoever asks isn't the person


def details(request: PrivacyRequest) -> dict[str, str]:
    """What was told with the request, by name. Raises KeyGoneError."""
    return dict(json.loads(request.read("details") or "{}"))


def representative(request: PrivacyRequest) -> str:
    """The own address of an agent or a guardian; "" when nobody acts for the person."""
    return details(request).get("own_email", "") if request.role in ACTS_FOR else ""


def answered_at(request: PrivacyRequest) -> str:
    """Where our letters to the person go. A child’s go to the parent, who asks for it."""
    is_guardian = request.role == Role.GUARDIAN
    return (representative(request) if is_guardian else "") or request.read("email")


def customer(request: PrivacyRequest) -> Account | None:
    """The account that the request was passed on to, while it exists."""
    row = Forwarding.objects.filter(request=request).first()
    if row is None or row.account_id is None:
        return None
    return Account.objects.filter(pk=row.account_id).first()


def addresses(request_id: UUID, to: str) -> list[str]:
    """Where a letter to `customer` or `representative` goes; nowhere when there is none."""
    request = PrivacyRequest.objects.get(pk=request_id)
    if to == "customer":
        found = customer(request)
        return [found.email] if found else []
    address = representative(request)
    return [address] if address else []


def accepted(request: PrivacyRequest) -> Authority | None:
    """The proof by which somebody may act for the person, once staff accepted it."""
    rows = request.authorities.filter(judgement=Authority.Judgement.ACCEPTED)
    return rows.exclude(kind=Authority.Kind.CONFIRMED).order_by("judged_at").last()


def lacks_guardianship(request: PrivacyRequest) -> bool:
    """Whether somebody asks for a child and has not shown yet that they may."""
    return request.role == Role.GUARDIAN and accepted(request) is None


def is_report(request: PrivacyRequest) -> bool:
    """Whether somebody told us of a child's data: it isn't about its sender."""
    return request.role == Role.CHILD_REPORT
