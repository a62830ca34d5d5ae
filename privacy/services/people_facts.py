"""What letters say of others than the person: the customer, an agent, a parent."""

from datetime import date, timedelta

from django.utils import timezone

from privacy.models import Forwarding, PrivacyRequest
from privacy.selectors import people
from privacy.selectors.progress import newest_note

HELP_WITHIN = timedelta(days=10)  # that a customer waits for our help at most
PROOF = "authority"  # what notes on a proof are about
UNNAMED = "the one that you told us about"


def customer_name(request: PrivacyRequest) -> str:
    """As the person wrote it: what the customer is called with us isn't told."""
    return people.details(request).get("customer") or UNNAMED


def forwarded_on(request: PrivacyRequest) -> date | None:
    row = Forwarding.objects.filter(request=request).first()
    return timezone.localdate(row.forwarded_at) if row and row.forwarded_at else None


def proof_problem(request: PrivacyRequest) -> str:
    return newest_note(request, about=PROOF)
