"""The row of a new request, whoever makes it."""

import secrets

from fluxrouter.foundation.sealed import email_index
from privacy.models import PrivacyRequest
from privacy.services import clocks

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U


def new_reference() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"FR-{letters[:4]}-{letters[4:]}"


def set_email(request: PrivacyRequest, email: str) -> None:
    request.write("email", email.strip())
    request.email_index = email_index(email)


def save_with_clocks(request: PrivacyRequest) -> None:
    """Insert a request with its laws and everything that they make due."""
    clocks.freeze_laws(request)
    request.due_on = clocks.safe_due(request)
    request.save(force_insert=True)
    clocks.reckon(request)
