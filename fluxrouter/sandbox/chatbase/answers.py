"""Answers in Chatbase's two forms, and its pages."""

from base64 import b64encode
from typing import Any

from fluxrouter.sandbox.kit import RefusedError, Request, Response

Json = dict[str, Any]


def error(status: int, code: str, message: str) -> Response:
    """Of version 2."""
    return Response(status, {"error": {"code": code, "message": message}})


def message(status: int, text: str) -> Response:
    """Of version 1: a sentence, and no code."""
    return Response(status, {"message": text})


def number(request: Request, name: str, default: int, smallest: int, largest: int) -> int:
    """A parameter of the query, or a refusal."""
    text = request.query.get(name, str(default))
    value = int(text) if text.isdigit() else -1
    if not smallest <= value <= largest:
        raise RefusedError(error(400, "VALIDATION_INVALID_BODY", f"`{name}` is out of range."))
    return value


def cursor_page(request: Request, rows: list[Json], largest: int, *, paged: bool) -> Response:
    """The newest first; a cursor is opaque, and other than it was for another list."""
    limit = number(request, "limit", min(20, largest), 1, largest)
    cursors = [_cursor(row["id"]) for row in rows]
    after = request.query.get("cursor") if paged else None
    if after is not None and after not in cursors:
        return error(400, "VALIDATION_INVALID_BODY", "The cursor is of no page.")
    start = cursors.index(after) + 1 if after else 0
    data = rows[start : start + limit]
    more = paged and start + limit < len(rows)
    pagination = {
        "cursor": _cursor(data[-1]["id"]) if more else None,
        "hasMore": more,
        "total": len(rows),
    }
    return Response(200, {"data": data, "pagination": pagination})


def _cursor(identifier: str) -> str:
    return b64encode(f'{{"id":"{identifier}"}}'.encode()).decode()
