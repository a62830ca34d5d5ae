"""Errors in Storage's form: the true status is a text in the body."""

from typing import Never

from fluxrouter.sandbox.messages import RefusedError, Response

BY_STATUS = {
    429: ("SlowDown", "too_many_connections", "Too many connections issued to the database"),
    500: ("InternalError", "InternalError", "Internal server error"),
}


def error(status: int, code: str, name: str, message: str, *, literal: bool = False) -> Response:
    """`literal` also uses the true status as HTTP's."""
    body = {"statusCode": str(status), "code": code, "error": name, "message": message}
    return Response(status if literal or status >= 500 else 400, body)


def refuse(status: int, code: str, name: str, message: str, *, literal: bool = False) -> Never:
    raise RefusedError(error(status, code, name, message, literal=literal))


def of_fault(status: int) -> Response:
    return error(status, *BY_STATUS.get(status, BY_STATUS[500]), literal=True)


def restricted() -> Response:
    """What the gateway says when the organisation is restricted: not in Storage's form."""
    return Response(402, {"message": "Service for this project is restricted."})
