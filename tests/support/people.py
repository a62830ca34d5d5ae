"""Requests of those who ask for others, of customers' end users, and reports of a child's data."""

import uuid
from collections.abc import Callable
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from privacy.models import Authority, PrivacyRequest
from privacy.services import authorities, children, forwarding, intake, tokens
from privacy.states import Status
from tests.support import tasks
from tests.support.rows import make_account

CUSTOMER = UUID("5d0f5f1e-3b8e-4b53-9b52-0c8f0e4f7a11")
CHOSEN = {"find": str(CUSTOMER), "account": str(CUSTOMER)}
OWN = "ada@agency.example.org"
ANN = "ann.lee@example.org"


def asked(role: str, *rights: str, state: str = "", **details: str) -> PrivacyRequest:
    """A request that waits for the person, or the parent, to confirm it."""
    answers = intake.Answers(
        role=role,
        rights=list(rights or ["access"]),
        country="US" if state else "DE",
        state=state,
        email=ANN,
        details={"own_email": OWN, **details},
    )
    return intake.take_in(answers, channel="email", received_at=timezone.now(), actor="system")


def token(request: PrivacyRequest) -> str:
    """The secret of the link by which a proof is sent."""
    letter = request.steps.get(connector="mail", action="agent_received")
    return tokens.issue(request.pk, "authority", letter.pk)


def sent(request: PrivacyRequest, kind: str = "signed", number: int = 0) -> Authority:
    """A proof that waits to be judged."""
    found = tokens.find(token(request), "authority")
    return authorities.add(found, kind, tasks.pdf(number, "ann.lee.pdf"))


def end_user(customer: str = "Example Assistant") -> PrivacyRequest:
    """A confirmed request of somebody who uses a customer's service, and that customer."""
    make_account(pk=CUSTOMER, email="privacy@customer.example.org", company="Example Assistant")
    request = asked("end_user", customer=customer)
    request.transition_to(Status.IN_REVIEW, verified_at=timezone.now(), round=1)
    return request


def forwarded(by: User) -> PrivacyRequest:
    request = end_user()
    forwarding.forward(request, account_id=CUSTOMER, actor=by)
    return request


def proved(role: str = "agent") -> PrivacyRequest:
    """A Californian's request with a proof that nobody has judged."""
    request = asked(role, "erasure", state="CA")
    sent(request, "guardian" if role == "guardian" else "signed")
    return request


def reported() -> PrivacyRequest:
    """A report, and the account that it is about."""
    make_account(pk=CUSTOMER, email="kid@example.org")
    return children.report(uuid.uuid4(), email="teacher@example.org", what="A pupil.")


# By action of staff: a request on which it is due.
DUE: dict[str, Callable[[User], PrivacyRequest]] = {
    "forward": lambda by: end_user(),
    "no_customer": lambda by: end_user(),
    "help_customer": forwarded,
    "end_help": forwarded,
    "accept_proof": lambda by: proved(),
    "reject_proof": lambda by: proved("guardian"),
    "refuse_agent": lambda by: proved(),
    "identify_child": lambda by: reported(),
    "close_report": lambda by: reported(),
}
