"""Fetching a mail that reached us (resend.com/docs/api-reference/emails/retrieve-received-email).

anymail's own view fetches while the mail service waits for our answer, without a time limit or a
limit of size. Here both are limited, and the file's address never learns our key.
"""

import json
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from privacy.connectors.errors import UnknownOutcomeError
from privacy.connectors.rest import segment, translate

LARGEST = 25 * 1024 * 1024  # bytes of a whole mail
CHUNK = 64 * 1024


class Received(NamedTuple):
    """A mail as the mail service has it. `raw` is None when it is too large or isn't offered."""

    head: dict[str, Any]
    raw: bytes | None
    too_large: bool = False

    @property
    def at(self) -> datetime | None:
        try:
            found = datetime.fromisoformat(str(self.head.get("created_at")))
        except ValueError:
            return None
        return found if found.tzinfo else None


class Receiving:
    """Reads received mail with a key that may do more than send."""

    def __init__(
        self, base_url: str, key: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.base_url = base_url.rstrip("/") + "/"
        self.key = key
        self._http = httpx.Client(
            timeout=settings.PROCESSOR_TIMEOUT.total_seconds(),
            transport=transport,
            follow_redirects=False,
        )

    def fetch(self, message_id: str) -> Received:
        """The mail. Raises GoneError when it isn't there, else a ConnectorError."""
        url = f"{self.base_url}emails/receiving/{segment(message_id)}?html_format=cid"
        answer = self._get(url, {"Authorization": f"Bearer {self.key}"})
        if answer is None:
            return Received({}, None, too_large=True)
        head = self._object(answer)
        raw = head.get("raw")
        link = raw.get("download_url") if isinstance(raw, dict) else None
        if not isinstance(link, str):
            return Received(head, None)
        content = self._get(self._checked(link))
        return Received(head, content, too_large=content is None)

    def _checked(self, link: str) -> str:
        """Over TLS, or at the mail service itself."""
        to, home = urlsplit(link), urlsplit(self.base_url)
        if to.scheme != "https" and (to.scheme, to.netloc) != (home.scheme, home.netloc):
            raise UnknownOutcomeError("strange_link")
        return link

    def _object(self, answer: bytes) -> dict[str, Any]:
        try:
            found = json.loads(answer)
        except ValueError:
            raise UnknownOutcomeError("no_answer") from None
        if not isinstance(found, dict):
            raise UnknownOutcomeError("no_answer")
        return found

    def _get(self, url: str, headers: dict[str, str] | None = None) -> bytes | None:
        """The body, or None when there is more of it than we take."""
        content = bytearray()
        try:
            with self._http.stream("GET", url, headers=headers) as response:
                if not response.is_success:
                    response.read()
                    raise translate(response)
                for chunk in response.iter_bytes(CHUNK):
                    content += chunk
                    if len(content) > LARGEST:
                        return None
        except httpx.HTTPError:
            raise UnknownOutcomeError("no_answer") from None
        return bytes(content)


def receiving() -> Receiving:
    """With the settings' key."""
    return Receiving(settings.ANYMAIL["RESEND_API_URL"], settings.RESEND_CONTACTS_KEY)
