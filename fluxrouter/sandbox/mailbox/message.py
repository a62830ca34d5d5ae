"""One mail: checked as Resend checks it, kept, and shown as JSON."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parseaddr
from html.parser import HTMLParser
from typing import Any

from fluxrouter.sandbox.mailbox.rules import MOST_RECIPIENTS

Json = dict[str, Any]
LINK = re.compile(r"https?://[^\s<>\"'\]]*[^\s<>\"'\].,;:!?)]")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[^@\s]+@localhost")


class InvalidMailError(Exception):
    """Why a mail isn't taken: Resend's name for it, and a sentence."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message


@dataclass(frozen=True, slots=True)
class Message:
    """A mail that was taken."""

    id: str
    created_at: datetime
    sender: str
    to: list[str]
    subject: str
    text: str
    html: str
    cc: list[str] = field(default_factory=list)
    bcc: list[str] = field(default_factory=list)
    reply_to: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    attachments: list[str] = field(default_factory=list)

    @property
    def body(self) -> str:
        """The text, or the HTML put into plain words."""
        return self.text or plain(self.html)

    @property
    def links(self) -> list[str]:
        return LINK.findall(self.body)

    def reaches(self, address: str) -> bool:
        wanted = address.casefold()
        everyone = [*self.to, *self.cc, *self.bcc]
        return any(parseaddr(each)[1].casefold() == wanted for each in everyone)

    def as_resend(self) -> Json:
        """The answer of `GET /emails/{id}`."""
        stamp = self.created_at.astimezone(UTC)
        return {
            "object": "email",
            "id": self.id,
            "message_id": f"<{self.id}@sandbox.invalid>",
            "to": self.to,
            "from": self.sender,
            "created_at": stamp.strftime("%Y-%m-%d %H:%M:%S.%f+00"),
            "subject": self.subject,
            "html": self.html,
            "text": self.text,
            "bcc": self.bcc,
            "cc": self.cc,
            "reply_to": self.reply_to,
            "last_event": "delivered",
        }

    def as_listed(self) -> Json:
        """One row of `GET /emails`: without the texts."""
        unlisted = {"object", "message_id", "html", "text"}
        return {name: value for name, value in self.as_resend().items() if name not in unlisted}

    def as_json(self) -> Json:
        """For tests and demonstrations: all of it, and the links that a reader would follow."""
        extra = {"headers": self.headers, "attachments": self.attachments, "links": self.links}
        return {**self.as_resend(), "body": self.body, **extra}


def read(payload: Any, *, id: str, now: datetime) -> Message:  # noqa: A002 - the field's name
    """Check a body of `POST /emails`."""
    if not isinstance(payload, dict):
        raise InvalidMailError("validation_error", "The body must be a JSON object.")
    for name in ("from", "to", "subject"):
        if not payload.get(name):
            raise InvalidMailError("missing_required_field", f"Missing `{name}` field.")
    if not (payload.get("html") or payload.get("text")):
        raise InvalidMailError("missing_required_field", "Missing `html` or `text` field.")
    people = {name: _addresses(payload, name) for name in ("to", "cc", "bcc", "reply_to")}
    return Message(
        id=id,
        created_at=now,
        sender=_addresses(payload, "from")[0],
        subject=str(payload["subject"]),
        text=payload.get("text") or "",
        html=payload.get("html") or "",
        headers=payload.get("headers") or {},
        attachments=[each.get("filename", "") for each in payload.get("attachments") or []],
        **people,
    )


def _addresses(payload: Json, name: str) -> list[str]:
    given = payload.get(name) or []
    addresses = [given] if isinstance(given, str) else list(given)
    if len(addresses) > MOST_RECIPIENTS:
        message = f"The `{name}` field takes {MOST_RECIPIENTS} addresses at most."
        raise InvalidMailError("validation_error", message)
    for address in addresses:
        if not _ADDRESS.fullmatch(parseaddr(str(address))[1]):
            message = f"Invalid `{name}` field. Write `name@example.com` or `Name <…>`."
            raise InvalidMailError("validation_error", message)
    return addresses


class _Plain(HTMLParser):
    """Keeps the words, and where each link leads."""

    _BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3"})
    _UNSEEN = frozenset({"style", "script", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in self._UNSEEN
        if tag in self._BREAKS:
            self.parts.append("\n")
        if tag == "a" and (target := dict(attrs).get("href")):
            self.parts.append(f"{target} ")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in self._UNSEEN

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def plain(html: str) -> str:
    parser = _Plain()
    parser.feed(html)
    return "".join(parser.parts).strip()
