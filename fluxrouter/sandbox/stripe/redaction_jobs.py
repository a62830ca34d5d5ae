"""How a redaction job moves from state to state."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.stripe.params import Params
from fluxrouter.sandbox.stripe.redaction_rules import (
    NAMED,
    Problem,
    problems,
    redact,
    related,
)
from fluxrouter.sandbox.stripe.templates import Object

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox

KIND = "privacy.redaction_job"
ERROR = "privacy.redaction_job_validation_error"
CODES = frozenset(
    {"invalid_cascading_source", "invalid_file_purpose", "invalid_state"}
    | {"locked_by_other_job", "too_many_objects"}
)
MESSAGES = {
    "invalid_cascading_source": "A related object's state doesn't allow redaction.",
    "invalid_file_purpose": "The related file can't be redacted.",
    "invalid_state": "The object's state doesn't allow redaction.",
    "locked_by_other_job": "The object is used in another redaction job.",
    "too_many_objects": "The job would redact too many objects.",
}
# A job that is none of these is over, and holds its objects no longer.
LIVE = frozenset({"created", "validating", "ready", "failed", "redacting", "canceling"})
SHOWN = 10


def advance(app: "StripeSandbox", job: Object) -> Object:
    """One state further, if the job goes on by itself."""
    status = job["status"]
    if status == "validating":
        moved = _validated(app, job)
    elif status == "redacting":
        moved = _redacted(app, job)
    elif status in {"created", "canceling"}:
        moved = {**job, "status": {"created": "validating"}.get(status, "canceled")}
    else:
        return job
    app.store.save(moved)
    return moved


def view(app: "StripeSandbox", job: Object, given: Params) -> Object:
    """A job as it is answered: its objects only when asked for, ten of its errors."""
    ids = job["validation_errors"] or []
    shown = [error for each in ids[:SHOWN] if (error := app.store.get(ERROR, each))]
    errors = {
        "object": "list",
        "data": shown,
        "has_more": len(ids) > SHOWN,
        "url": f"/v1/privacy/redaction_jobs/{job['id']}/validation_errors",
    }
    objects = job["objects"] if "objects" in (given.get("expand") or []) else None
    return {**job, "objects": objects, "validation_errors": errors}


def blank(app: "StripeSandbox", job: Object) -> Object:
    """Without the errors of the last validation."""
    for each in job["validation_errors"] or []:
        if error := app.store.get(ERROR, each):
            app.store.remove(error)
    return {**job, "validation_errors": None}


def _named(app: "StripeSandbox", job: Object) -> list[Object]:
    pairs = ((NAMED[name], each) for name, ids in job["objects"].items() for each in ids)
    return [one for kind, each in pairs if (one := app.store.get(kind, each))]


def _validated(app: "StripeSandbox", job: Object) -> Object:
    named = _named(app, job)
    found = [Problem(code, named[0] if named else None) for code in app.forced_errors]
    app.forced_errors.clear()
    found += problems(app, named, _locked(app, job))
    if job["validation_behavior"] == "fix":
        found = [problem for problem in found if problem.fix is None]
    ids = [_error(app, problem)["id"] for problem in found]
    return {**job, "status": "failed" if ids else "ready", "validation_errors": ids}


def _locked(app: "StripeSandbox", job: Object) -> set[str]:
    """What other jobs that aren't over would reach."""
    others = [one for one in app.store.tables[KIND].values() if one["id"] != job["id"]]
    named = [one for other in others if other["status"] in LIVE for one in _named(app, other)]
    return {each for one in named for each in related(app, one)}


def _error(app: "StripeSandbox", problem: Problem) -> Object:
    about = problem.about
    origin = {"id": about["id"], "object_type": about["object"]} if about else None
    fields = {"code": problem.code, "message": MESSAGES[problem.code]}
    return app.store.add(ERROR, {**fields, "erroring_object": origin})


def _redacted(app: "StripeSandbox", job: Object) -> Object:
    """The change itself leaves no events: they would tell what was there before."""
    named = _named(app, job)
    journal, app.store.journal = app.store.journal, None
    if job["validation_behavior"] == "fix":
        for problem in problems(app, named, set()):
            if problem.fix and problem.about:
                problem.fix(app, problem.about)
    redact(app, _named(app, job))
    app.store.journal = journal
    app.redacted.update(one["id"] for one in named)
    return {**job, "status": "succeeded"}
