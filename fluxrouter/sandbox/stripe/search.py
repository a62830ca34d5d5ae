"""Search of customers, which lags behind (docs.stripe.com/search)."""

import re
from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import lists, params
from fluxrouter.sandbox.stripe.errors import invalid
from fluxrouter.sandbox.stripe.expand import expanded
from fluxrouter.sandbox.stripe.templates import Object

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
ALLOWED = frozenset({"query", "limit", "page", "expand"})
FIELDS = frozenset({"email", "name", "phone"})
_CLAUSE = re.compile(
    r"""\s*(?:metadata\[(['"])(?P<key>.+?)\1\]|(?P<field>\w+))\s*:\s*"""
    r"""(['"])(?P<value>(?:\\.|(?!\4).)*)\4\s*(?:AND\s|$)"""
)


@router.route("GET", "/v1/customers/search")
def search(app: "StripeSandbox", request: Request) -> Response:
    given = lists.query(request, ALLOWED)
    clauses = _parsed(params.required(given, "query"))
    limit = params.integer(given.get("limit", "10"), "limit")
    start = params.integer(given.get("page", "0"), "page")
    found = [one for one in _indexed(app) if _matches(one, clauses)]
    shown = found[start : start + limit]
    more = len(found) > start + limit and app.rule("search_has_pages")
    return Response(
        200,
        {
            "object": "search_result",
            "data": [expanded(app, one, given.get("expand"), "data.") for one in shown],
            "has_more": more,
            "next_page": str(start + limit) if more else None,
            "url": request.path,
        },
    )


def _indexed(app: "StripeSandbox") -> list[Object]:
    """The index knows a customer only once the lag is over; deleted ones leave it."""
    lag = app.search_lag if app.rule("search_lags_behind") else 0
    newest = app.store.now() - lag
    keys = reversed(app.store.keys("customer"))
    known = [app.store.fetch(key) for key in keys if key.created <= newest]
    return [one for one in known if not one.get("deleted")]


def _parsed(query: str) -> list[tuple[str | None, str, str]]:
    clauses, position = [], 0
    while position < len(query):
        found = _CLAUSE.match(query, position)
        if not found or (found["field"] and found["field"] not in FIELDS):
            raise invalid("We were unable to parse your search query.", None, "query")
        value = re.sub(r"\\(.)", r"\1", found["value"])
        clauses.append((found["key"], found["field"] or "", value))
        position = found.end()
    return clauses


def _matches(customer: Object, clauses: list[tuple[str | None, str, str]]) -> bool:
    for key, field, value in clauses:
        held = customer["metadata"].get(key) if key else customer[field]
        if (held or "").lower() != value.lower():
            return False
    return True
