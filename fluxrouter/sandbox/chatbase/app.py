"""Chatbase with a memory."""

import time
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from fluxrouter.sandbox.chatbase import contacts, conversations
from fluxrouter.sandbox.chatbase.answers import Json, error
from fluxrouter.sandbox.kit import App, Request, Response, Router

AGENT = "agent-sandbox"
WIDGET = "Widget or Iframe"
KINDS = ("conversation", "contact", "lead")
CODES = {
    "rate_limited": "RATE_LIMIT_TOO_MANY_REQUESTS",
    "unknown_route": "RESOURCE_NOT_FOUND",
    "unavailable": "SERVICE_UNDER_MAINTENANCE",
}

router = Router()
router.include(conversations.router)
router.include(contacts.router)


class ChatbaseSandbox(App):
    """Objects by agent and kind, in the order they came.

    `widget_delete` is the answer to deleting a conversation that the interface didn't make: 404,
    409, or a 200 that leaves it. `contact_id` is the field that names a contact in a path.
    `contact_deleted` is 204 or 200.
    """

    router = router

    def __init__(
        self,
        api_key: str | None = None,
        agents: Iterable[str] = (AGENT,),
        clock: Callable[[], float] = time.time,
        broken: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(broken)
        self.api_key = api_key
        self.clock = clock
        self.widget_delete = 404
        self.contact_id = "external_id"
        self.contact_deleted = 200
        self.agents = tuple(agents)
        self._numbers = count(1)
        self.tables: dict[str, dict[str, list[Json]]] = {}
        self.reset()

    def reset(self) -> None:
        super().reset()
        self.tables = {agent: {kind: [] for kind in KINDS} for agent in self.agents}

    def dump(self) -> dict[str, Any]:
        return self.tables

    def seed(self, objects: Iterable[Json]) -> list[str]:
        """`{"object": "contact", …}`, and the fields of `add`."""
        return [self.add(each.pop("object"), **each)["id"] for each in map(dict, objects)]

    def add(self, kind: str, agent: str = "", **fields: Any) -> Json:
        """An object as if it had been there before."""
        with self.lock:
            makers = {"conversation": self._conversation, "contact": self._contact}
            stored = makers.get(kind, self._lead)(f"{kind}-{next(self._numbers)}", fields)
            self.tables[agent or self.agents[0]][kind].append(stored)
            return stored

    def _conversation(self, identifier: str, fields: Json) -> Json:
        """`said` is what the person wrote."""
        said = fields.pop("said", "Hello")
        now = int(self.clock())
        words = {
            "id": f"message-of-{identifier}",
            "role": "user",
            "parts": [{"type": "text", "text": said}],
            "createdAt": now,
        }
        return {
            "id": identifier,
            "title": None,
            "createdAt": now,
            "updatedAt": now,
            "userId": None,
            "source": WIDGET,
            "status": "ended",
            "messages": [words],
            **fields,
        }

    def _contact(self, identifier: str, fields: Json) -> Json:
        now = int(self.clock())
        empty = {"external_id": None, "name": None, "email": None, "phonenumber": None}
        stamps = {"created_at": now, "updated_at": now}
        return {"id": identifier, **empty, "custom_attributes": {}, **stamps, **fields}

    def _lead(self, identifier: str, fields: Json) -> Json:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.clock()))
        empty = {"name": None, "email": None, "phone": None}
        return {"id": identifier, **empty, "created_at": stamp, **fields}

    def receive(self, request: Request) -> Response | None:
        """Who may ask, and of which agent."""
        if not request.bearer:
            return error(401, "AUTH_MISSING_API_KEY", "Authentication required")
        if request.bearer != (self.api_key or request.bearer) and self.rule("key_is_checked"):
            return error(401, "AUTH_INVALID_API_KEY", "Invalid API key")
        return None

    def table(self, agent: str, kind: str) -> list[Json] | None:
        """Newest first; None for an agent that isn't ours."""
        tables = self.tables.get(agent)
        if tables is None:
            return None if self.rule("unknown_agent_is_missing") else []
        return list(reversed(tables[kind]))

    def remove(self, agent: str, kind: str, stored: Json) -> None:
        self.tables[agent][kind].remove(stored)

    def error_response(self, status: int, code: str) -> Response:
        name = CODES.get(code, "INTERNAL_SERVER_ERROR")
        return error(status, name, "The sandbox was told to fail.")


def create_app(**options: Any) -> ChatbaseSandbox:
    """Without `api_key` any key is a good one."""
    return ChatbaseSandbox(**options)
