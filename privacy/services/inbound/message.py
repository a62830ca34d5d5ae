"""Taking a raw mail apart. It comes from anybody: whatever is in it, there is a result."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import default as policy
from email.utils import parseaddr
from typing import Any

from anymail.inbound import AnymailInboundMessage

from privacy.models import InboundMail
from privacy.services.evidence import clean_name
from privacy.services.inbound.plain import clean, decoded, one_line, words_of_page

Mark = InboundMail.Mark
LONGEST_TEXT = 200_000  # characters
LONGEST_HEAD = 500
MOST_FILES = 20
MOST_PARTS = 500
LARGEST_FILE = 10 * 1024 * 1024
MACHINES = ("mailer-daemon", "postmaster")
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})


@dataclass
class Parsed:
    """What is kept of a mail: all of it text or bytes, none of it trusted."""

    sender: str = ""
    subject: str = ""
    text: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)
    marks: set[Mark] = field(default_factory=set)


def parse(raw: bytes) -> Parsed:
    """A mail's sender, subject, words and files."""
    parsed = Parsed()
    message = attempt(parsed, AnymailInboundMessage.parse_raw_mime_bytes, raw)
    if message is None:  # its parts can't be told from each other: then its head and all the rest
        message = BytesHeaderParser(policy=policy).parsebytes(raw)
    parsed.sender = head(parsed, message, "From")
    parsed.subject = head(parsed, message, "Subject")
    parsed.marks |= attempt(parsed, machine_marks, message) or set()
    attempt(parsed, take_parts, message, parsed)
    if message.defects:
        parsed.marks.add(Mark.UNREADABLE)
    return parsed


def from_fields(fields: dict[str, Any]) -> Parsed:
    """As the mail service took it apart itself, where it has no raw mail."""
    parsed = Parsed(
        sender=one_line(str(fields.get("from") or ""))[:LONGEST_HEAD],
        subject=one_line(str(fields.get("subject") or ""))[:LONGEST_HEAD],
    )
    written = fields.get("text") or words_of_page(str(fields.get("html") or ""))
    parsed.text = shortened(parsed, clean(str(written)))
    if fields.get("attachments"):
        parsed.marks.add(Mark.FILES_LEFT_OUT)
    return parsed


def attempt(parsed: Parsed, function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function gives; None, and a mark, when the mail is so badly made that it can't.

    Any error: the standard library's own parser raises many kinds for mail that breaks the rules.
    """
    try:
        return function(*arguments)
    except Exception:
        parsed.marks.add(Mark.UNREADABLE)
        return None


def head(parsed: Parsed, message: Message, name: str) -> str:
    """A header on one line: a break in it would be another header."""
    value = attempt(parsed, message.get, name)
    return one_line(str(value or ""))[:LONGEST_HEAD]


def address_of(sender: str) -> str:
    """The bare address in a sender's line, "" when there is none."""
    address = parseaddr(sender)[1]
    return address if "@" in address else ""


def machine_marks(message: Message) -> set[Mark]:
    """Whether a machine wrote it (RFC 3834, 5; RFC 3464). Only told: a request may come so too."""
    marks = set()
    submitted = str(message.get("Auto-Submitted") or "no").strip().lower()
    precedence = str(message.get("Precedence") or "").strip().lower()
    if submitted != "no" or precedence in BULK or message.get("List-Id"):
        marks.add(Mark.AUTOMATIC)
    from_machine = address_of(str(message.get("From"))).lower().startswith(MACHINES)
    unanswerable = str(message.get("Return-Path") or "").strip() == "<>"
    if from_machine or unanswerable or message.get_content_type() == "multipart/report":
        marks.add(Mark.RETURNED)
    return marks


def leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, in order; a mail within the mail is one of them."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting = [*part.get_payload(), *waiting]
        else:
            yield part


def take_parts(message: Message, parsed: Parsed) -> None:
    plain: list[str] = []
    pages: list[str] = []
    for part in leaves(message):
        kind = attempt(parsed, part.get_content_type)
        is_file = attempt(parsed, part.get_content_disposition) == "attachment"
        if is_file or kind not in ("text/plain", "text/html"):
            attempt(parsed, take_file, part, parsed)
            continue
        text = attempt(parsed, text_of, part) or ""
        (plain if kind == "text/plain" else pages).append(text)
    words = "\n\n".join(filter(None, map(clean, plain)))
    if not words:
        words = "\n\n".join(
            clean(attempt(parsed, words_of_page, page[: 4 * LONGEST_TEXT]) or "") for page in pages
        )
    parsed.text = shortened(parsed, words)


def text_of(part: Message) -> str:
    return decoded(part.get_payload(decode=True) or b"", part.get_content_charset())  # type: ignore[arg-type]


def take_file(part: Any, parsed: Parsed) -> None:
    name = clean_name(str(attempt(parsed, part.get_filename) or ""))
    content = bytes_of(part)
    if not content:
        return
    if len(parsed.files) >= MOST_FILES or len(content) > LARGEST_FILE:
        parsed.marks.add(Mark.FILES_LEFT_OUT)
        return
    parsed.files.append((name, content))


def bytes_of(part: Any) -> bytes:
    """A mail within the mail is kept whole, as it came."""
    if part.get_content_maintype() == "message" and part.is_multipart():
        return b"\n".join(inner.as_bytes() for inner in part.get_payload())
    return part.get_payload(decode=True) or b""


def shortened(parsed: Parsed, text: str) -> str:
    if len(text) > LONGEST_TEXT:
        parsed.marks.add(Mark.CUT)
    return text[:LONGEST_TEXT]
