"""Errors in the two forms of Supabase Auth; the request's version header picks one."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Never

import psycopg

from fluxrouter.sandbox.messages import RefusedError, Request, Response

VERSION_HEADER = "x-supabase-api-version"
VERSION = "2024-01-01"
UNEXPECTED = "unexpected_failure"
FAULT_CODES = {
    "rate_limited": ("over_request_rate_limit", "Request rate limit reached"),
    "unknown_route": ("unknown", "404 page not found"),
}


@dataclass
class AuthErrorResponse(Response):
    """An error before its form is known; `postgres` is what the database said."""

    code: str = UNEXPECTED
    message: str = ""
    postgres: dict[str, Any] | None = None


def error(status: int, code: str, message: str) -> AuthErrorResponse:
    return AuthErrorResponse(status, code=code, message=message)


def refuse(status: int, code: str, message: str) -> Never:
    raise RefusedError(error(status, code, message))


def from_fault(status: int, code: str) -> AuthErrorResponse:
    return error(status, *FAULT_CODES.get(code, (UNEXPECTED, "Unexpected failure")))


def from_database(problem: psycopg.Error, message: str) -> AuthErrorResponse:
    """Integrity errors and RAISE EXCEPTION may show themselves; others never."""
    response = error(500, UNEXPECTED, message)
    state = problem.sqlstate or ""
    if state.startswith("23") or state == "P0001":
        said = problem.diag
        body = {
            "code": state,
            "message": said.message_primary,
            "hint": said.message_hint,
            "detail": said.message_detail,
        }
        response.postgres = {name: value for name, value in body.items() if value}
    return response


def in_form(response: AuthErrorResponse, request: Request, *, hide: bool) -> Response:
    """`hide` is the vendor's way: the newer form says nothing of the database."""
    if _is_newer(request):
        headers = {VERSION_HEADER: VERSION, "x-sb-error-code": response.code}
        body = {"code": response.code, "message": response.message}
        if response.postgres and not hide:
            body = response.postgres
        return Response(response.status, body, response.headers | headers)
    older = {"code": response.status, "error_code": response.code, "msg": response.message}
    headers = {"x-sb-error-code": response.code}
    return Response(response.status, response.postgres or older, response.headers | headers)


def _is_newer(request: Request) -> bool:
    try:
        asked = date.fromisoformat(request.headers.get(VERSION_HEADER, ""))
    except ValueError:
        return False
    return asked >= date.fromisoformat(VERSION)


def gateway_refusal(message: str, hint: str) -> Response:
    """What the hosted gateway says itself, before Auth sees the call."""
    return Response(401, {"message": message, "hint": hint})
