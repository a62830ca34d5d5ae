"""Stripe's API as far as a data-rights connector uses it, in memory."""

import random
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from fluxrouter.sandbox.faults import Fault
from fluxrouter.sandbox.kit import App, Request, Response, Route, Router
from fluxrouter.sandbox.stripe import (
    charges,
    customers,
    invoices,
    payment_intents,
    payment_methods,
    search,
    subscriptions,
    tax_ids,
)
from fluxrouter.sandbox.stripe.errors import for_status, invalid, missing
from fluxrouter.sandbox.stripe.idempotency import Replays
from fluxrouter.sandbox.stripe.keys import Keys, Permissions, forbidden, needed, unauthorized
from fluxrouter.sandbox.stripe.rules import RULES
from fluxrouter.sandbox.stripe.store import Store
from fluxrouter.sandbox.stripe.templates import Object

API_VERSION = "2026-10-28.endive"  # what stripe-python 16.1.0 is pinned to


class StripeSandbox(App):
    """One test account; `broken` names the rules to break, `seed` makes its ids repeatable."""

    router = Router()

    def __init__(
        self,
        broken: frozenset[str] = frozenset(),
        *,
        clock: Callable[[], float] = time.time,
        seed: int | None = None,
        requests_per_second: int | None = None,
        search_lag: float = 0.0,
    ) -> None:
        super().__init__(broken)
        if unknown := broken - set(RULES):
            raise ValueError(f"no such rules: {sorted(unknown)}")
        self.store = Store(clock, random.Random(seed))  # noqa: S311 - ids, no secrets
        self.keys = Keys()
        self.replays = Replays()
        self.requests_per_second = requests_per_second
        self.search_lag = search_lag
        self._recent: deque[float] = deque()
        self._requests = 0

    def add(self, kind: str, **fields: Any) -> Object:
        """Stores a whole object made of some of its fields, as if the past had left it."""
        with self.lock:
            if kind == "invoice" and (customer := self._owner(fields)):
                fields = {**invoices.snapshot(self, customer), **fields}
            stored = self.store.add(kind, fields)
            if kind == "subscription":
                subscriptions.complete(stored)
            return stored

    def _owner(self, fields: Object) -> Object | None:
        return self.store.get("customer", fields.get("customer") or "")

    def allow(self, key: str, permissions: Permissions | None = None) -> str:
        """Makes a key known; `rk_` keys take none, read or write for a resource."""
        self.keys.add(key, permissions)
        return key

    def seed(self, objects: Iterable[Object]) -> list[str]:
        """`{"object": "customer", …}`, or `{"object": "restricted_key", "key", "permissions"}`."""
        stored = []
        for one in objects:
            fields = {name: value for name, value in one.items() if name != "object"}
            if one["object"] == "restricted_key":
                stored.append(self.allow(fields["key"], fields["permissions"]))
            else:
                stored.append(self.add(one["object"], **fields)["id"])
        return stored

    def reset(self) -> None:
        super().reset()
        self.store.clear()
        self.keys.clear()
        self.replays = Replays()
        self._recent.clear()

    def dump(self) -> dict[str, Any]:
        """All objects by kind; stored answers of idempotency keys are no part of the state."""
        return {kind: list(table.values()) for kind, table in self.store.tables.items()}

    def find(self, kind: str, object_id: str) -> Object:
        """The object that a path names, or 404."""
        stored = self.store.get(kind, object_id)
        if stored is not None:
            return stored
        if not self.rule("missing_has_code"):
            raise invalid("Something went wrong.")
        raise missing(kind, object_id)

    def error_response(self, status: int, code: str) -> Response:
        if status == 429 and not self.rule("rate_limit_is_429"):
            return for_status(400, "unknown_route")
        return for_status(status, code)

    def receive(self, request: Request) -> Response | None:
        if self.keys.unknown(request.bearer):
            return unauthorized(401 if self.rule("unknown_key_is_401") else 400)
        if self._too_many():
            response = self.error_response(429, "rate_limit")
            response.headers["Stripe-Rate-Limited-Reason"] = "global-rate"
            return response
        return self.replays.begin(self, request)

    def serve(self, request: Request, route: Route, slots: dict[str, str]) -> Response:
        resource, level = needed(request.method, route.template)
        if not self.keys.may(request.bearer, resource, level):
            status = 403 if self.rule("missing_permission_is_403") else 400
            return forbidden(status, resource, level)
        return super().serve(request, route, slots)

    def finish(self, request: Request, response: Response, fault: Fault | None) -> Response:
        self.replays.end(self, request, response)
        self._requests += 1
        version = request.headers.get("stripe-version", API_VERSION)
        response.headers["Request-Id"] = f"req_{self._requests:014d}"
        response.headers["Stripe-Version"] = version
        if key := request.headers.get("idempotency-key"):
            response.headers["Idempotency-Key"] = key
        return response

    def _too_many(self) -> bool:
        if self.requests_per_second is None:
            return False
        now = self.store.clock()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        self._recent.append(now)
        return len(self._recent) > self.requests_per_second


for module in (
    customers,
    search,
    subscriptions,
    invoices,
    charges,
    payment_intents,
    payment_methods,
    tax_ids,
):
    StripeSandbox.router.include(module.router)


def create_app() -> StripeSandbox:
    return StripeSandbox()
