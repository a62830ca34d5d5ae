"""Resend's `POST /emails` with a memory, and the pages and JSON to read it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from fluxrouter.sandbox.kit import App, RefusedError, Request, Response, Router
from fluxrouter.sandbox.mailbox import pages
from fluxrouter.sandbox.mailbox.message import InvalidMailError, Message, read
from fluxrouter.sandbox.mailbox.rules import KEY_LIVES, LONGEST_KEY

router = Router()


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

    def newest(self, to: str = "") -> list[Message]:
        """The mails to `to`, or all of them, newest first."""
        with self.lock:
            kept = list(reversed(self.messages.values()))
        return [message for message in kept if not to or message.reaches(to)]

    def reset(self) -> None:
        super().reset()
        self.messages.clear()
        self.keys.clear()

    def dump(self) -> dict[str, Any]:
        return {"messages": [message.as_json() for message in self.messages.values()]}

    def error_response(self, status: int, code: str) -> Response:
        name = {"rate_limited": "rate_limit_exceeded", "unknown_route": "not_found"}.get(code)
        return _error(status, name or "application_error", "The sandbox was told to fail.")


def _error(status: int, name: str, message: str) -> Response:
    return Response(status, {"statusCode": status, "message": message, "name": name})


def _check_key(app: Mailbox, request: Request) -> None:
    if not request.bearer:
        message = "Missing API key in the authorization header."
        raise RefusedError(_error(401, "missing_api_key", message))
    expected = app.api_key or request.bearer
    known = request.bearer.startswith("re_") and request.bearer == expected
    if not known and app.rule("key_is_checked"):
        raise RefusedError(_error(403, "invalid_api_key", "API key is invalid."))


@router.route("POST", "/emails")
def send(app: Mailbox, request: Request) -> Response:
    _check_key(app, request)
    now = app.clock()
    key = request.headers.get("idempotency-key")
    if key is not None and not 0 < len(key) <= LONGEST_KEY:
        limits = f"The key must be between 1-{LONGEST_KEY} chars."
        return _error(400, "invalid_idempotency_key", limits)
    try:
        payload = request.json
        message = read(payload, id=str(uuid4()), now=now)
    except InvalidMailError as problem:
        return _error(422, problem.name, problem.message)
    except ValueError:
        return _error(400, "validation_error", "The body is not JSON.")
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
        raise RefusedError(_error(409, "invalid_idempotent_request", message))
    return sent.id


@router.route("GET", "/emails/<mail_id>")
def retrieve(app: Mailbox, request: Request, mail_id: str) -> Response:
    _check_key(app, request)
    message = app.messages.get(mail_id)
    if message is None:
        return _error(404, "not_found", "Email not found")
    return Response(200, message.as_resend())


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
