"""Contact details, masked, and opened for one look."""

import json

from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from privacy.models import PrivacyRequest

GONE = "Destroyed with its key: nobody can read it any more."
DETAILS = {
    "customer": "Customer of ours",
    "person": "Person represented",
    "age": "Age of the child",
    "own_name": "Who asks for them",
    "own_email": "Their own e-mail",
    "message": "Message",
}


def mask(email: str) -> str:
    """`a•••@e•••.org`: enough to tell two apart on the phone, too little to write to."""
    local, _, domain = email.partition("@")
    host, _, ending = domain.rpartition(".")
    return f"{local[:1]}•••@{host[:1]}•••.{ending}"


def masked_email(request: PrivacyRequest) -> str:
    try:
        email = request.read("email")
    except (KeyGoneError, SealError):
        return GONE
    return mask(email) if email else GONE


def contact(request: PrivacyRequest) -> list[tuple[str, str]]:
    """Everything the person told us of themselves, for one look. Raises KeyGoneError."""
    details = json.loads(request.read("details") or "{}")
    rows = [(DETAILS.get(name, name), text) for name, text in details.items() if text]
    return [("E-mail", request.read("email")), *rows]
