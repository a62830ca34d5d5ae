"""Stripe's API as far as a data-rights connector uses it, in memory."""

import random
import time
from collections.abc import Callable, Iterable
from typing import Any

from fluxrouter.sandbox.faults import Fault
from fluxrouter.sandbox.kit import App, Request, Response, Route
from fluxrouter.sandbox.stripe import events, invoices, redaction, redaction_jobs, subscriptions
from fluxrouter.sandbox.stripe.controls import CONTROLS
from fluxrouter.sandbox.stripe.errors import for_status, invalid, missing
from fluxrouter.sandbox.stripe.idempotency import Replays
from fluxrouter.sandbox.stripe.keys import Keys, Permissions, forbidden, needed, unauthorized
from fluxrouter.sandbox.stripe.limits import Limit
from fluxrouter.sandbox.stripe.owners import HANGING
from fluxrouter.sandbox.stripe.routes import router_of_all
from fluxrouter.sandbox.stripe.rules import RULES
from fluxrouter.sandbox.stripe.store import Store
from fluxrouter.sandbox.stripe.templates import Object
from fluxrouter.sandbox.stripe.webhooks import Delivery, drain, signed

API_VERSION = "2026-10-28.endive"  # what stripe-python 16.1.0 is pinned to


class StripeSandbox(App):
    """One test account; `broken` names the rules to break, `seed` makes its ids repeatable."""

    router = router_of_all()
    version = API_VERSION
    controls = CONTROLS

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
        self.limit = Limit(requests_per_second)
        self.search_lag = search_lag
        self.redaction_limit = 10_000  # objects that one job may reach
        self.forced_errors: list[str] = []
        self.redacted: set[str] = set()
        self.undelivered: list[str] = []
        self._requests = 0

    def add(self, kind: str, **fields: Any) -> Object:
        """Stores a whole object made of some of its fields, as if the past had left it.

        `customer` names the owner, also of kinds that don't show it: a dispute hangs on one of
        the customer's charges, its file on the dispute, a mandate on a payment method.
        """
        with self.lock:
            if kind in HANGING and "customer" in fields:
                return HANGING[kind](self, fields.pop("customer"), fields)
            if kind == "invoice":
                fields = {**invoices.origin(self, fields), **fields}
            stored = self.store.add(kind, fields)
            if kind == "subscription":
                subscriptions.complete(stored)
            return stored

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
        self.forced_errors.clear()
        self.redacted.clear()
        self.undelivered.clear()
        self.limit.clear()

    def dump(self) -> dict[str, Any]:
        """All objects by kind.

        Stored answers of idempotency keys are no part of the state, nor are events: these go by
        themselves after thirty days, and `store.tables["event"]` has them.
        """
        tables = self.store.tables.items()
        return {kind: list(table.values()) for kind, table in tables if kind != "event"}

    def webhook(
        self, event: Object | str, secret: str, *, timestamp: int | None = None
    ) -> Delivery:
        """The body of an event's delivery, and its signature header."""
        whole = self.find("event", event) if isinstance(event, str) else event
        moment = self.store.now() if timestamp is None else timestamp
        if not self.rule("webhooks_are_signed"):
            secret += "x"
        return signed(whole, secret, moment)

    def deliveries(
        self, *, duplicates: bool = False, shuffled: bool = False, seed: int = 0
    ) -> list[Delivery]:
        """What wasn't delivered yet, signed with `WEBHOOK_SECRET`; then nothing is waiting."""
        with self.lock:
            return drain(self, duplicates=duplicates, shuffled=shuffled, seed=seed)

    def force_redaction_error(self, code: str) -> None:
        """The next validation of a redaction job fails with this code, whatever it finds."""
        if code not in redaction_jobs.CODES:
            raise ValueError(f"no such code: {code}")
        self.forced_errors.append(code)

    def step_redactions(self) -> None:
        """Each redaction job goes one state further, without anybody looking at it."""
        with self.lock:
            self.store.journal = []
            for job in list(self.store.tables[redaction_jobs.KIND].values()):
                redaction_jobs.advance(self, job)
            events.publish(self)

    def find(self, kind: str, object_id: str) -> Object:
        """The object that a path names, or 404."""
        stored = self.store.get(kind, object_id)
        if stored is not None:
            return stored
        if not self.rule("missing_has_code"):
            raise invalid("Something went wrong.")
        raise missing(kind, object_id)

    def live(self, customer_id: str) -> Object:
        """A customer that hasn't been deleted; a deletion blocks all further operations."""
        customer = self.find("customer", customer_id)
        if customer.get("deleted"):
            raise missing("customer", customer_id)
        return customer

    def error_response(self, status: int, code: str) -> Response:
        if status == 429 and not self.rule("rate_limit_is_429"):
            return for_status(400, "unknown_route")
        return for_status(status, code)

    def receive(self, request: Request) -> Response | None:
        if self.keys.unknown(request.bearer):
            return unauthorized(401 if self.rule("unknown_key_is_401") else 400)
        if self.limit.exceeded(self.store.clock()):
            response = self.error_response(429, "rate_limit")
            response.headers["Stripe-Rate-Limited-Reason"] = "global-rate"
            return response
        return self.replays.begin(self, request)

    def serve(self, request: Request, route: Route, slots: dict[str, str]) -> Response:
        if redaction.hidden(self, request, route.template):
            return self.error_response(404, "unknown_route")
        resource, level = needed(request.method, route.template)
        if not self.keys.may(request.bearer, resource, level):
            status = 403 if self.rule("missing_permission_is_403") else 400
            return forbidden(status, resource, level)
        self.store.journal = []
        response = super().serve(request, route, slots)
        events.publish(self, request)
        return response

    def finish(self, request: Request, response: Response, fault: Fault | None) -> Response:
        self.replays.end(self, request, response)
        version = request.headers.get("stripe-version", self.version)
        response.headers["Request-Id"] = self.next_request_id()
        self._requests += 1
        response.headers["Stripe-Version"] = version
        if key := request.headers.get("idempotency-key"):
            response.headers["Idempotency-Key"] = key
        return response

    def next_request_id(self) -> str:
        return f"req_{self._requests + 1:014d}"


def create_app() -> StripeSandbox:
    return StripeSandbox()
