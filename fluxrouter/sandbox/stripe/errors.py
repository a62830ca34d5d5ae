"""Errors in Stripe's envelope (docs.stripe.com/api/errors, docs.stripe.com/error-codes)."""

from typing import Any

from fluxrouter.sandbox.messages import RefusedError, Response

INVALID = "invalid_request_error"


def envelope(
    status: int, kind: str, message: str, code: str | None = None, param: str | None = None
) -> Response:
    error: dict[str, Any] = {"message": message, "type": kind}
    if code:
        error["code"] = code
        error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
    if param:
        error["param"] = param
    return Response(status, {"error": error})


def invalid(message: str, code: str | None = None, param: str | None = None) -> RefusedError:
    return RefusedError(envelope(400, INVALID, message, code, param))


def missing(kind: str, object_id: str, param: str = "id", *, in_path: bool = True) -> RefusedError:
    """404 when the path names what isn't there, 400 when a parameter does."""
    message = f"No such {kind}: '{object_id}'"
    status = 404 if in_path else 400
    return RefusedError(envelope(status, INVALID, message, "resource_missing", param))


FAULTS = {
    "rate_limit": (INVALID, "Request rate limit exceeded."),
    "lock_timeout": (
        INVALID,
        "This object cannot be accessed right now because another request is accessing it.",
    ),
    "unknown_route": (INVALID, "Unrecognized request URL."),
}
CODES = {"rate_limited": "rate_limit"}


def for_status(status: int, code: str) -> Response:
    """What the kit answers by itself: faults and unknown paths."""
    code = CODES.get(code, code)
    if code not in FAULTS:
        return envelope(status, "api_error", "An unknown error occurred.")
    kind, message = FAULTS[code]
    return envelope(status, kind, message, None if code == "unknown_route" else code)
