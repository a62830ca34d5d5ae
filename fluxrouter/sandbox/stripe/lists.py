"""Pages of lists, newest first (docs.stripe.com/api/pagination)."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.stripe.errors import invalid, missing
from fluxrouter.sandbox.stripe.expand import expanded
from fluxrouter.sandbox.stripe.params import Params, check, integer
from fluxrouter.sandbox.stripe.store import Key
from fluxrouter.sandbox.stripe.templates import Object

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

DEFAULT_LIMIT, MAX_LIMIT = 10, 100
BOUNDS = {
    "gt": int.__gt__,
    "gte": int.__ge__,
    "lt": int.__lt__,
    "lte": int.__le__,
}
Test = Callable[[Object], bool]


class Found(NamedTuple):
    """What a list is about: keys from old to new, and which of their objects it shows."""

    keys: Sequence[Key]
    shown: Test = lambda _: True

    def but(self, test: Test) -> "Found":
        """The same list, with one test more."""
        before = self.shown
        return Found(self.keys, lambda one: before(one) and test(one))


def query(request: Request, allowed: frozenset[str]) -> Params:
    return check(request.nested_query, allowed)


def candidates(app: "StripeSandbox", kind: str, params: Params) -> Found:
    """The objects of a kind, of one customer if the parameters name one."""
    customer = params.get("customer")
    if customer is None:
        return Found(app.store.keys(kind))
    if app.store.get("customer", customer) is None:
        raise missing("customer", customer, "customer", in_path=False)
    return Found(app.store.keys(kind, "customer", customer))


def page(app: "StripeSandbox", request: Request, found: Found) -> Response:
    params = request.nested_query
    limit = _limit(params)
    if "created" in params:
        _check_bounds(params["created"])
    backwards = "ending_before" in params
    rest = _after(app, found, params, backwards)
    chosen = list(islice(rest, limit + 1))
    more = len(chosen) > limit and app.rule("lists_have_pages")
    chosen = chosen[:limit][::-1] if backwards else chosen[:limit]
    wanted = params.get("expand", [])
    data = [expanded(app, one, wanted, "data.") for one in chosen]
    return Response(200, {"object": "list", "data": data, "has_more": more, "url": request.path})


def _after(
    app: "StripeSandbox", found: Found, params: Params, backwards: bool
) -> Iterator[Object]:
    """The objects from the cursor on, one by one: a page costs no more than it holds."""
    end = len(found.keys)
    if backwards:
        places = range(_position(app, found, params, "ending_before") + 1, end)
    elif "starting_after" in params:
        places = range(_position(app, found, params, "starting_after") - 1, -1, -1)
    else:
        places = range(end - 1, -1, -1)
    for place in places:
        key = found.keys[place]
        if "created" in params and not _within(key.created, params["created"]):
            continue
        stored = app.store.fetch(key)
        if found.shown(stored):
            yield stored


def _position(app: "StripeSandbox", found: Found, params: Params, name: str) -> int:
    place = app.store.position(found.keys, str(params[name]))
    if place is None:
        raise missing("object", params[name], name, in_path=False)
    return place


def _limit(params: Params) -> int:
    limit = integer(params.get("limit", str(DEFAULT_LIMIT)), "limit")
    if not 1 <= limit <= MAX_LIMIT:
        message = f"This value must be between 1 and {MAX_LIMIT}."
        raise invalid(message, "parameter_invalid_integer", "limit")
    return limit


def _check_bounds(bounds: str | dict[str, str]) -> None:
    if isinstance(bounds, dict):
        check(bounds, frozenset(BOUNDS))


def _within(created: int, bounds: str | dict[str, str]) -> bool:
    if isinstance(bounds, str):
        return created == integer(bounds, "created")
    return all(BOUNDS[name](created, integer(text, "created")) for name, text in bounds.items())
