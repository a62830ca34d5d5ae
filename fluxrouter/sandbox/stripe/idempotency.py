"""Stored answers by idempotency key (docs.stripe.com/api/idempotent_requests).

Kept: what an operation answered once it ran, 500s included. Not kept: refusals (4xx), since
Stripe doesn't keep what failed validation, and answers from before it ran (401, 429, 503).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.stripe.errors import envelope

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

KIND = "idempotency_error"
MAX_LENGTH = 255
KEPT = {200, 500}


@dataclass
class Entry:
    """The first request of a key, and its answer once there is one."""

    request: Request
    response: Response | None = None

    def same(self, other: Request) -> bool:
        first = self.request
        return (first.path, first.form) == (other.path, other.form)


class Replays:
    """One account's keys; only POST has them, DELETE ignores them."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}

    def begin(self, app: "StripeSandbox", request: Request) -> Response | None:
        """The stored answer or a refusal; None when the request has to run."""
        key = _key(request)
        if not key:
            return None
        if len(key) > MAX_LENGTH:
            return envelope(400, KIND, f"Idempotency keys have at most {MAX_LENGTH} characters.")
        entry = self.entries.get(key)
        response = _again(app, entry, request) if entry else None
        if response is None:
            self.entries[key] = Entry(request)
        return response

    def end(self, app: "StripeSandbox", request: Request, response: Response) -> None:
        entry = self.entries.get(_key(request))
        if entry is None or entry.request is not request:
            return
        kept = KEPT if app.rule("errors_are_replayed") else {200}
        if response.status in kept:
            entry.response = Response(response.status, response.encoded(), dict(response.headers))
        else:
            del self.entries[_key(request)]


def _key(request: Request) -> str:
    return request.headers.get("idempotency-key", "") if request.method == "POST" else ""


def _again(app: "StripeSandbox", entry: Entry, request: Request) -> Response | None:
    if not entry.same(request) and app.rule("key_binds_parameters"):
        message = "Keys for idempotent requests can only be used with the same parameters."
        return envelope(400, KIND, message)
    if entry.response is None:
        message = "There is currently another in-progress request using this Idempotent Key."
        return envelope(409, KIND, message, "idempotency_key_in_use")
    stored = entry.response
    if stored.status == 200 and not app.rule("same_key_same_answer"):
        return None
    headers = {"Content-Type": "application/json", **stored.headers, "Idempotent-Replayed": "true"}
    return Response(stored.status, stored.body, headers)
