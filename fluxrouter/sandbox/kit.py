"""A small WSGI kit for stand-ins: state under one lock, a log of calls, faults on demand."""

import contextlib
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, NamedTuple

from fluxrouter.sandbox import control
from fluxrouter.sandbox.faults import LOST, Fault, FaultPlan
from fluxrouter.sandbox.messages import Environ, RefusedError, Request, Response
from fluxrouter.sandbox.routing import Route, Router

__all__ = ["App", "Call", "RefusedError", "Request", "Response", "Route", "Router"]

StartResponse = Callable[..., Any]
LOG_LENGTH = 20_000


class Call(NamedTuple):
    """What the log keeps of a call: no ids, no bodies."""

    method: str
    template: str
    status: int


class App:
    """A WSGI app with the life of a stand-in; subclasses bring `router`, `reset` and `dump`."""

    router: Router = Router()
    # Controls of one app beside those that all have; the handler is given the app and the body.
    controls: ClassVar[Mapping[tuple[str, str], Callable[[Any, Any], dict[str, Any]]]] = {}

    def __init__(self, broken: frozenset[str] = frozenset()) -> None:
        self.broken = broken
        self.lock = threading.RLock()
        self.faults = FaultPlan()
        self.calls: Counter[Call] = Counter()
        self.log: deque[Call] = deque(maxlen=LOG_LENGTH)
        self.sleep: Callable[[float], object] = time.sleep

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = Request.of(environ)
        if not request.whole:  # nobody does half of what was asked
            response = Response(400, {"error": "incomplete request"})
            start_response(*response.start(response.encoded()))
            return [response.encoded()]
        if request.path.startswith(control.PREFIX):
            response, fault = control.answer(self, request), None
        else:
            response, fault = self._answer(request)
        content = response.encoded()
        if fault and fault.kind == "truncated_page":
            content = content[: len(content) // 2]
        if fault and fault.kind == "reply_lost":
            response.headers.update([LOST])
            _hang_up(environ)
        start_response(*response.start(content))
        return [content]

    def rule(self, name: str) -> bool:
        """Whether a vendor's rule is kept; a mutation check names the broken ones."""
        return name not in self.broken

    def reset(self) -> None:
        """Forgets everything; subclasses clear their state and call this."""
        self.faults.clear()
        self.calls.clear()
        self.log.clear()

    def dump(self) -> dict[str, Any]:
        """The whole state, for scans and for tests."""
        return {}

    def seed(self, objects: Any) -> Any:
        """Stores objects that came over the control endpoint."""
        raise NotImplementedError

    def error_response(self, status: int, code: str) -> Response:
        """An error in the vendor's own form."""
        return Response(status, {"error": code})

    def receive(self, request: Request) -> Response | None:
        """Looks at a request before it is served, under the lock; an answer ends it here."""
        return None

    def serve(self, request: Request, route: Route, slots: dict[str, str]) -> Response:
        """Lets the handler answer."""
        return route.handler(self, request, **slots)

    def finish(self, request: Request, response: Response, fault: Fault | None) -> Response:
        """The last look at any answer, refusals and faults included, under the lock."""
        return response

    def _answer(self, request: Request) -> tuple[Response, Fault | None]:
        found = self.router.match(request.method, request.path)
        with self.lock:
            fault = self.faults.take(request.method, request.path)
            response = self.receive(request)
        if response is None:
            if fault and fault.kind == "slow":
                self.sleep(fault.seconds)
            with self.lock if not found or found[0].locked else contextlib.nullcontext():
                response = self._served(request, found, fault)
        with self.lock:
            response = self.finish(request, response, fault)
            template = found[0].template if found else "?"
            call = Call(request.method, template, response.status)
            self.calls[call] += 1
            self.log.append(call)
        return response, fault

    def _served(
        self, request: Request, found: tuple[Route, dict[str, str]] | None, fault: Fault | None
    ) -> Response:
        if fault and fault.before:
            return self._fault_response(fault)
        if found is None:
            return self.error_response(404, "unknown_route")
        try:
            response = self.serve(request, *found)
        except RefusedError as refusal:
            return refusal.response
        if fault and fault.kind == "error_after":
            return self._fault_response(fault)
        return response

    def _fault_response(self, fault: Fault) -> Response:
        response = self.error_response(fault.status or 500, fault.code or fault.kind)
        response.headers.update(fault.headers)
        return response


def _hang_up(environ: Environ) -> None:
    """Closes the client's connection without an answer, where there is one."""
    connection = environ.get("gunicorn.socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
