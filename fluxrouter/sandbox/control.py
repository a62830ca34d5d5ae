"""The control endpoint of every sandbox, for tests and simulations over HTTP."""

from typing import TYPE_CHECKING, Any

from fluxrouter.sandbox.faults import FaultPlan
from fluxrouter.sandbox.messages import Request, Response

if TYPE_CHECKING:
    from fluxrouter.sandbox.kit import App

PREFIX = "/_sandbox/"


def answer(app: "App", request: Request) -> Response:
    place = (request.method, request.path)
    handler = _HANDLERS.get(place) or app.controls.get(place)
    if handler is None:
        return Response(404, {"error": "no such control"})
    try:
        with app.lock:
            return Response(200, handler(app, request.json))
    except (TypeError, ValueError, KeyError) as error:
        return Response(400, {"error": f"{type(error).__name__}: {error}"})


def _set_faults(app: "App", body: Any) -> dict[str, Any]:
    """A list adds faults; `{"seed": 1, "rate": 0.1}` sets a random plan."""
    if isinstance(body, dict):
        app.faults = FaultPlan.random(**body)
    else:
        for fault in body:
            app.faults.add(**fault)
    return {"pending": len(app.faults.pending)}


def _clear_faults(app: "App", _: Any) -> dict[str, Any]:
    app.faults.clear()
    return {"pending": 0}


def _calls(app: "App", _: Any) -> dict[str, Any]:
    counts = {f"{call.method} {call.template} {call.status}": n for call, n in app.calls.items()}
    return {"total": app.calls.total(), "counts": counts, "log": [list(call) for call in app.log]}


def _reset(app: "App", _: Any) -> dict[str, Any]:
    app.reset()
    return {"reset": True}


def _dump(app: "App", _: Any) -> dict[str, Any]:
    return app.dump()


def _seed(app: "App", body: Any) -> dict[str, Any]:
    return {"stored": app.seed(body)}


_HANDLERS = {
    ("POST", PREFIX + "faults"): _set_faults,
    ("DELETE", PREFIX + "faults"): _clear_faults,
    ("GET", PREFIX + "calls"): _calls,
    ("POST", PREFIX + "reset"): _reset,
    ("GET", PREFIX + "dump"): _dump,
    ("POST", PREFIX + "seed"): _seed,
}
