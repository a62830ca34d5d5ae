"""Django's mail to Resend, with Resend's idempotency key.

anymail puts a message's headers into the mail itself; Resend looks for the key in the HTTP header
(resend.com/docs/dashboard/emails/idempotency-keys). It keeps the key for 24 hours.
"""

from typing import Any

import requests
from anymail.backends.resend import EmailBackend, ResendPayload

KEY = "Idempotency-Key"


class KeyedPayload(ResendPayload):  # type: ignore[misc]  # anymail has no types
    """Moves the key from the mail's headers to the call's own."""

    def set_extra_headers(self, headers: Any) -> None:
        kept = dict(headers)
        if key := kept.pop(KEY, None):
            self.headers[KEY] = key
        super().set_extra_headers(kept)


class KeyedEmailBackend(EmailBackend):  # type: ignore[misc]  # anymail has no types
    """The backend of settings.EMAIL_BACKEND."""

    def build_message_payload(self, message: Any, defaults: Any) -> KeyedPayload:
        return KeyedPayload(message, defaults, self)

    def create_session(self) -> requests.Session:
        session: requests.Session = super().create_session()
        session.max_redirects = 0  # a letter goes to the mail service and nowhere else
        return session
