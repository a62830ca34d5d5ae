"""Errors in each provider's envelope."""

from typing import Any

from fluxrouter.sandbox.messages import RefusedError, Response

ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    529: "overloaded_error",
}
GOOGLE_STATUSES = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}


def openai(status: int, message: str, code: str) -> Any:
    """developers.openai.com/api/docs/guides/error-codes."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": code or None}}


def anthropic(status: int, message: str, code: str) -> Any:
    """platform.claude.com/docs/en/api/errors."""
    kind = code or ANTHROPIC_TYPES.get(status, "api_error")
    error = {"type": kind, "message": message}
    return {"type": "error", "error": error, "request_id": "req_sandbox"}


def gemini(status: int, message: str, code: str) -> Any:
    """ai.google.dev/gemini-api/docs/troubleshooting; `code` is a reason or a status."""
    named = code if code == "FAILED_PRECONDITION" else GOOGLE_STATUSES.get(status, "INTERNAL")
    error: dict[str, Any] = {"code": status, "message": message, "status": named}
    if code and code != named:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": kind, "reason": code, "domain": "googleapis.com"}]
    return {"error": error}


ENVELOPES = {"openai": openai, "anthropic": anthropic, "gemini": gemini}


def error(provider: str, status: int, message: str, code: str = "") -> Response:
    return Response(status, ENVELOPES[provider](status, message, code))


def refused(provider: str, status: int, message: str, code: str = "") -> RefusedError:
    return RefusedError(error(provider, status, message, code))
