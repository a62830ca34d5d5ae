"""Which handler answers a path."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from fluxrouter.sandbox.messages import Response

Handler = Callable[..., Response]
H = TypeVar("H", bound=Handler)

_SLOT = re.compile(r"<(?:(path):)?(\w+)>")


@dataclass(frozen=True)
class Route:
    """`handler(app, request, **slots)`; `locked` says whether the app's lock is held."""

    method: str
    template: str
    handler: Handler
    locked: bool = True


class Router:
    """Routes in the order they were added; `<name>` is one segment, `<path:name>` the rest."""

    def __init__(self) -> None:
        self.routes: list[Route] = []
        self._fixed: dict[tuple[str, str], Route] = {}
        self._slotted: dict[tuple[str, str], list[tuple[re.Pattern[str], Route]]] = {}

    def route(self, method: str, template: str, *, locked: bool = True) -> Callable[[H], H]:
        def decorate(handler: H) -> H:
            self.add(Route(method, template, handler, locked))
            return handler

        return decorate

    def add(self, route: Route) -> None:
        self.routes.append(route)
        if "<" not in route.template:
            self._fixed[route.method, route.template] = route
            return
        pattern = _SLOT.sub(_group, route.template)
        key = (route.method, _head(route.template))
        self._slotted.setdefault(key, []).append((re.compile(pattern), route))

    def include(self, other: "Router") -> None:
        for route in other.routes:
            self.add(route)

    def match(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        if fixed := self._fixed.get((method, path)):
            return fixed, {}
        for head in (_head(path), ""):
            for pattern, route in self._slotted.get((method, head), ()):
                if found := pattern.fullmatch(path):
                    return route, found.groupdict()
        return None


def _group(slot: re.Match[str]) -> str:
    return f"(?P<{slot[2]}>.+)" if slot[1] else f"(?P<{slot[2]}>[^/]+)"


def _head(path: str) -> str:
    """The first two segments sort routes into short lists; a slot in them sorts under none."""
    head = "/".join(path.split("/")[:3])
    return "" if "<" in head else head
