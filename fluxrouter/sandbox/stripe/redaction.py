"""Redaction jobs, a preview (docs.stripe.com/privacy/redaction, /api/privacy/redaction-job).

A job moves one state further each time that somebody looks at it, so a client has to poll.
"""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.routing import Router
from fluxrouter.sandbox.stripe import lists, more_params, params
from fluxrouter.sandbox.stripe.errors import invalid, missing
from fluxrouter.sandbox.stripe.lists import Found
from fluxrouter.sandbox.stripe.params import Params
from fluxrouter.sandbox.stripe.redaction_jobs import ERROR, KIND, LIVE, advance, blank, view
from fluxrouter.sandbox.stripe.redaction_rules import ELSEWHERE, NAMED

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

router = Router()
PATH = "/v1/privacy/redaction_jobs"
ONE = PATH + "/<job>"
BEHAVIORS = frozenset({"error", "fix"})
MAX_IDENTIFIERS = 10
STATUSES = LIVE | {"canceled", "succeeded"}


def hidden(app: "StripeSandbox", request: Request, template: str) -> bool:
    """Whether the route doesn't exist for the version that the request names."""
    if not template.startswith(PATH) or not app.rule("redaction_needs_a_preview_version"):
        return False
    return not request.headers.get("stripe-version", "").endswith(".preview")


@router.route("POST", PATH)
def create(app: "StripeSandbox", request: Request) -> Response:
    given = params.check(request.form, more_params.JOB_CREATE)
    objects = _objects(app, given)
    fields = {"objects": objects, "validation_behavior": _behavior(given)}
    job = app.store.add(KIND, fields)
    if not app.rule("redaction_takes_time"):
        job = advance(app, advance(app, job))
    return Response(200, view(app, job, given))


def _objects(app: "StripeSandbox", given: Params) -> dict[str, list[str]]:
    objects = given.get("objects")
    if not isinstance(objects, dict) or not objects:
        raise invalid("Missing required param: objects.", "parameter_missing", "objects")
    params.check(objects, frozenset(NAMED) | ELSEWHERE)
    for name, ids in objects.items():
        if not isinstance(ids, list):
            raise invalid("Invalid array", None, f"objects[{name}]")
        for each in ids:
            if name not in NAMED or app.store.get(NAMED[name], each) is None:
                raise missing(name, each, f"objects[{name}]", in_path=False)
    number = sum(len(ids) for ids in objects.values())
    if number > MAX_IDENTIFIERS and app.rule("redaction_takes_ten_objects"):
        raise invalid(f"A job takes at most {MAX_IDENTIFIERS} identifiers.", None, "objects")
    return objects


def _behavior(given: Params) -> str:
    behavior = given.get("validation_behavior", "error")
    return params.choice(behavior, "validation_behavior", BEHAVIORS)


@router.route("GET", PATH)
def list_(app: "StripeSandbox", request: Request) -> Response:
    given = lists.query(request, more_params.JOB_LIST)
    found = Found(app.store.keys(KIND))
    if status := given.get("status"):
        params.choice(status, "status", STATUSES)
        found = found.but(lambda one: bool(one["status"] == status))
    whole = lists.page(app, request, found).body
    assert isinstance(whole, dict)  # noqa: S101 - lists.page answers with one
    whole["data"] = [view(app, one, {"expand": _inner(given)}) for one in whole["data"]]
    return Response(200, whole)


def _inner(given: Params) -> list[str]:
    return [path.removeprefix("data.") for path in given.get("expand", [])]


@router.route("GET", ONE)
def retrieve(app: "StripeSandbox", request: Request, job: str) -> Response:
    given = lists.query(request, params.ONE)
    return Response(200, view(app, advance(app, app.find(KIND, job)), given))


@router.route("POST", ONE)
def update(app: "StripeSandbox", request: Request, job: str) -> Response:
    given = params.check(request.form, more_params.JOB_UPDATE)
    stored = app.find(KIND, job)
    if "validation_behavior" in given:
        stored = {**stored, "validation_behavior": _behavior(given)}
        app.store.save(stored)
    return Response(200, view(app, stored, given))


@router.route("POST", ONE + "/validate")
def validate(app: "StripeSandbox", request: Request, job: str) -> Response:
    return _move(app, request, job, {"created", "failed"}, "validating")


@router.route("POST", ONE + "/run")
def run(app: "StripeSandbox", request: Request, job: str) -> Response:
    """What can't be undone begins here."""
    return _move(app, request, job, {"ready"}, "redacting")


@router.route("POST", ONE + "/cancel")
def cancel(app: "StripeSandbox", request: Request, job: str) -> Response:
    early = app.rule("redaction_is_canceled_before_it_runs")
    return _move(app, request, job, {"ready", "failed"} if early else LIVE, "canceling")


def _move(
    app: "StripeSandbox", request: Request, job: str, before: set[str] | frozenset[str], after: str
) -> Response:
    given = params.check(request.form, params.ONE)
    stored = app.find(KIND, job)
    if stored["status"] not in before:
        raise invalid(f"This job is {stored['status']}; it must be {' or '.join(sorted(before))}.")
    moved = {**stored, "status": after}
    if after == "validating":
        moved = blank(app, moved)
    app.store.save(moved)
    if after == "redacting" and not app.rule("redaction_takes_time"):
        moved = advance(app, moved)
    return Response(200, view(app, moved, given))


@router.route("GET", ONE + "/validation_errors")
def list_errors(app: "StripeSandbox", request: Request, job: str) -> Response:
    lists.query(request, params.PAGE)
    stored = app.find(KIND, job)
    found = Found(app.store.keys(ERROR))
    mine = set(stored["validation_errors"] or [])
    return lists.page(app, request, found.but(lambda one: one["id"] in mine))
