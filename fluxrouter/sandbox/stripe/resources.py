"""Objects that are listed, read and changed alike: a row each, and routes made from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import lists, params
from fluxrouter.sandbox.stripe.changes import changed
from fluxrouter.sandbox.stripe.expand import expanded
from fluxrouter.sandbox.stripe.lists import Found
from fluxrouter.sandbox.stripe.params import Params
from fluxrouter.sandbox.stripe.templates import Object

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

Guard = Callable[["StripeSandbox", Object, Params], None]
# Fields that the store has an index on; the other filters look at each object.
INDEXED = ("charge", "payment_intent", "payment_method", "invoice")


@dataclass(frozen=True)
class Resource:
    """`filters` are parameters that a list compares with the field of that name.

    `guard` refuses an update that the object's state doesn't allow.
    """

    kind: str
    path: str
    slot: str
    listed: frozenset[str] | None = None
    filters: tuple[str, ...] = ()
    changed: frozenset[str] | None = None
    guard: Guard = lambda app, stored, given: None

    @property
    def one(self) -> str:
        return f"{self.path}/<{self.slot}>"


def serve(router: Router, resource: Resource) -> None:
    """Adds the routes that the row asks for."""
    if resource.listed is not None:
        router.route("GET", resource.path)(_lister(resource))
    router.route("GET", resource.one)(_reader(resource))
    if resource.changed is not None:
        router.route("POST", resource.one)(_changer(resource))


def found(app: "StripeSandbox", resource: Resource, given: Params) -> Found:
    """What a list shows: by the index if one parameter has one, and by the others."""
    wanted = {name: given[name] for name in resource.filters if name in given}
    result = lists.candidates(app, resource.kind, given)
    for name in INDEXED:
        if name in wanted and "customer" not in given:
            result = Found(app.store.keys(resource.kind, name, wanted.pop(name)))
            break
    return result.but(lambda one: all(_text(one[name]) == wanted[name] for name in wanted))


def answer(app: "StripeSandbox", stored: Object, given: Params) -> Response:
    return Response(200, expanded(app, stored, given.get("expand")))


def _text(value: object) -> object:
    """A field as a parameter would write it."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def _lister(resource: Resource) -> Callable[..., Response]:
    allowed = resource.listed or params.PAGE

    def list_(app: "StripeSandbox", request: Request) -> Response:
        given = lists.query(request, allowed)
        return lists.page(app, request, found(app, resource, given))

    return list_


def _reader(resource: Resource) -> Callable[..., Response]:
    def retrieve(app: "StripeSandbox", request: Request, **slots: str) -> Response:
        given = lists.query(request, params.ONE)
        return answer(app, app.find(resource.kind, slots[resource.slot]), given)

    return retrieve


def _changer(resource: Resource) -> Callable[..., Response]:
    allowed = resource.changed or params.ONE

    def update(app: "StripeSandbox", request: Request, **slots: str) -> Response:
        given = params.check(request.form, allowed)
        stored = app.find(resource.kind, slots[resource.slot])
        resource.guard(app, stored, given)
        result = changed(app, stored, given)
        app.store.save(result)
        return answer(app, result, given)

    return update
