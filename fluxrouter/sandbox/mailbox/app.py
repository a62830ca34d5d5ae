"""Resend's interface with a memory, and the pages and JSON to read its mails."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from fluxrouter.sandbox.kit import App, RefusedError, Request, Response, Router
from fluxrouter.sandbox.mailbox import contacts, pages, receiving, suppressions
from fluxrouter.sandbox.mailbox.answers import check_full_access, check_key, error, missing, page
from fluxrouter.sandbox.mailbox.contacts import Contact, new_contact, stamp
from fluxrouter.sandbox.mailbox.message import InvalidMailError, Message, read
from fluxrouter.sandbox.mailbox.rules import KEY_LIVES, LONGEST_KEY

router = Router()
router.include(contacts.router)
router.include(suppressions.router)
router.include(receiving.router)


def _now() -> datetime:
    return datetime.now(UTC)


class _Sent(NamedTuple):
    """What an idempotency key stands for."""

    payload: Any
    id: str
    at: datetime


class Mailbox(App):
    """Takes mail over Resend's API and shows it; nothing is delivered anywhere."""

    router = router

    def __init__(
        self, api_key: str | None, clock: Callable[[], datetime], broken: frozenset[str]
    ) -> None:
        super().__init__(broken)
        self.api_key = api_key
        self.clock = clock
        self.messages: dict[str, Message] = {}
        self.keys: dict[str, _Sent] = {}
        self.contacts: dict[str, Contact] = {}
        self.segments: dict[str, dict[str, Any]] = {}
        self.suppressions: dict[str, dict[str, Any]] = {}
        self.received: dict[str, receiving.Received] = {}

    def add_contact(self, **fields: Any) -> Contact:
        """A contact as if it had been there before; `fields` are the interface's."""
        with self.lock:
            contact = new_contact(self.clock(), **fields)
            self.contacts[contact["id"]] = contact
            return contact

    def add_segment(self, name: str) -> str:
        with self.lock:
            row = {"id": str(uuid4()), "name": name, "created_at": stamp(self.clock())}
            self.segments[row["id"]] = row
            return row["id"]

    def add_suppression(self, email: str, origin: str = "manual") -> dict[str, Any]:
        with self.lock:
            row = {
                "id": str(uuid4()),
                "email": email,
                "origin": origin,
                "source_id": None,
                "created_at": stamp(self.clock()),
            }
            self.suppressions[email] = row
            return row

    def take_mail(self, content: bytes, **head: Any) -> str:
        """A mail to us, as if it had come in just now; its id."""
        with self.lock:
            return receiving.take_mail(self, content, **head)

    def seed(self, objects: Any) -> list[str]:
        """A list of contacts: `[{"email": …, "first_name": …}]`."""
        return [self.add_contact(**each)["id"] for each in objects]

    def newest(self, to: str = "") -> list[Message]:
        """The mails to `to`, or all of them, newest first."""
        with self.lock:
            kept = list(reversed(self.messages.values()))
        return [message for message in kept if not to or message.reaches(to)]

    def reset(self) -> None:
        super().reset()
        for kept in (
            self.messages,
            self.keys,
            self.contacts,
            self.segments,
            self.suppressions,
            self.received,
        ):
            kept.clear()

    def dump(self) -> dict[str, Any]:
        return {
            "messages": [message.as_json() for message in self.messages.values()],
            "contacts": list(self.contacts.values()),
            "suppressions": list(self.suppressions.values()),
        }

    def error_response(self, status: int, code: str) -> Response:
        name = {"rate_limited": "rate_limit_exceeded", "unknown_route": "not_found"}.get(code)
        return error(status, name or "application_error", "The sandbox was told to fail.")


@router.route("POST", "/emails")
def send(app: Mailbox, request: Request) -> Response:
    check_key(app, request)
    now = app.clock()
    key = request.headers.get("idempotency-key")
    if key is not None and not 0 < len(key) <= LONGEST_KEY:
        limits = f"The key must be between 1-{LONGEST_KEY} chars."
        return error(400, "invalid_idempotency_key", limits)
    try:
        payload = request.json
        message = read(payload, id=str(uuid4()), now=now)
    except InvalidMailError as problem:
        return error(422, problem.name, problem.message)
    except ValueError:
        return error(400, "validation_error", "The body is not JSON.")
    if key and (earlier := _sent_before(app, key, payload, now)):
        return Response(200, {"id": earlier})
    app.messages[message.id] = message
    if key:
        app.keys[key] = _Sent(payload, message.id, now)
    return Response(200, {"id": message.id})


def _sent_before(app: Mailbox, key: str, payload: Any, now: datetime) -> str | None:
    """The id of the mail that `key` already sent."""
    sent = app.keys.get(key)
    if sent is None or now - sent.at >= KEY_LIVES or not app.rule("idempotency_same_mail_once"):
        return None
    if sent.payload != payload and app.rule("idempotency_other_payload_conflicts"):
        message = "Same idempotency key used with a different request payload."
        raise RefusedError(error(409, "invalid_idempotent_request", message))
    return sent.id


@router.route("GET", "/emails")
def list_sent(app: Mailbox, request: Request) -> Response:
    """There is no DELETE for sent mail."""
    check_full_access(app, request)
    return page(app, request, [message.as_listed() for message in app.newest()])


@router.route("GET", "/emails/<mail_id>")
def retrieve(app: Mailbox, request: Request, mail_id: str) -> Response:
    check_full_access(app, request)
    message = app.messages.get(mail_id)
    return Response(200, message.as_resend()) if message else missing("Email")


@router.route("GET", "/")
def inbox(app: Mailbox, request: Request) -> Response:
    return pages.inbox(app.newest(request.query.get("to", "")))


@router.route("GET", "/messages/<mail_id>")
def show(app: Mailbox, request: Request, mail_id: str) -> Response:
    message = app.messages.get(mail_id)
    return pages.mail(message) if message else pages.missing()


@router.route("GET", "/style.css")
def style(app: Mailbox, request: Request) -> Response:
    return pages.stylesheet()


@router.route("GET", "/api/messages")
def list_messages(app: Mailbox, request: Request) -> Response:
    found = app.newest(request.query.get("to", ""))
    return Response(200, {"messages": [message.as_json() for message in found]})


@router.route("DELETE", "/api/messages")
def delete_messages(app: Mailbox, request: Request) -> Response:
    """Empty the inbox; the keys stay, as a provider's memory does."""
    deleted = len(app.messages)
    app.messages.clear()
    return Response(200, {"deleted": deleted})


def create_app(
    *,
    api_key: str | None = None,
    clock: Callable[[], datetime] = _now,
    broken: frozenset[str] = frozenset(),
) -> Mailbox:
    """A mailbox; without `api_key` any key that starts with `re_` is a good one."""
    return Mailbox(api_key, clock, broken)
