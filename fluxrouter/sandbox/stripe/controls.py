"""What a test can ask of this sandbox over HTTP, beside what all sandboxes take."""

from typing import TYPE_CHECKING, Any

from fluxrouter.sandbox.control import PREFIX

if TYPE_CHECKING:
    from fluxrouter.sandbox.stripe.app import StripeSandbox


def _deliveries(app: "StripeSandbox", body: Any) -> dict[str, Any]:
    """`{"duplicates": true, "shuffled": true, "seed": 1}`, all of them optional."""
    pairs = app.deliveries(**(body or {}))
    return {"deliveries": [[content.decode(), header] for content, header in pairs]}


def _redaction_error(app: "StripeSandbox", body: Any) -> dict[str, Any]:
    app.force_redaction_error(body["code"])
    return {"forced": app.forced_errors}


def _step_redactions(app: "StripeSandbox", _: Any) -> dict[str, Any]:
    app.step_redactions()
    return {"stepped": True}


CONTROLS = {
    ("POST", PREFIX + "deliveries"): _deliveries,
    ("POST", PREFIX + "redaction_error"): _redaction_error,
    ("POST", PREFIX + "step_redactions"): _step_redactions,
}
