"""Pages of lists, newest first (docs.stripe.com/api/pagination)."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.stripe.errors import invalid, missing
from fluxrouter.sandbox.stripe.expand import expanded
from fluxrouter.sandbox.stripe.params import Params, check, integer
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


def query(request: Request, allowed: frozenset[str]) -> Params:
    return check(request.nested_query, allowed)


def candidates(app: "StripeSandbox", kind: str, params: Params) -> list[Object]:
    """The objects of a kind, of one customer if the parameters name one."""
    customer = params.get("customer")
    if customer is None:
        return list(app.store.tables[kind].values())
    if app.store.get("customer", customer) is None:
        raise missing("customer", customer, "customer", in_path=False)
    return app.store.of_customer(kind, customer)


def page(app: "StripeSandbox", request: Request, objects: list[Object]) -> Response:
    params = request.nested_query
    limit = _limit(params)
    if bounds := params.get("created"):
        objects = [one for one in objects if _within(one["created"], bounds)]
    ordered = app.store.newest_first(objects)
    backwards = "ending_before" in params
    if backwards:
        rest = ordered[: _position(ordered, params, "ending_before")][::-1]
    else:
        start = "starting_after" in params
        rest = ordered[_position(ordered, params, "starting_after") + 1 if start else 0 :]
    chosen = rest[:limit][::-1] if backwards else rest[:limit]
    more = len(rest) > limit and app.rule("lists_have_pages")
    wanted = params.get("expand", [])
    data = [expanded(app, one, wanted, "data.") for one in chosen]
    return Response(200, {"object": "list", "data": data, "has_more": more, "url": request.path})


def _limit(params: Params) -> int:
    limit = integer(params.get("limit", str(DEFAULT_LIMIT)), "limit")
    if not 1 <= limit <= MAX_LIMIT:
        message = f"This value must be between 1 and {MAX_LIMIT}."
        raise invalid(message, "parameter_invalid_integer", "limit")
    return limit


def _within(created: int, bounds: str | dict[str, str]) -> bool:
    if isinstance(bounds, str):
        return created == integer(bounds, "created")
    check(bounds, frozenset(BOUNDS))
    return all(BOUNDS[name](created, integer(text, "created")) for name, text in bounds.items())


def _position(ordered: list[Object], params: Params, name: str) -> int:
    for position, one in enumerate(ordered):
        if one["id"] == params[name]:
            return position
    raise missing("object", params[name], name, in_path=False)
