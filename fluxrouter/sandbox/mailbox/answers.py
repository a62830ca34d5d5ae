"""Answers in Resend's form, and who may ask."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.kit import RefusedError, Request, Response
from fluxrouter.sandbox.mailbox.rules import LARGEST_PAGE, SENDING_KEY

if TYPE_CHECKING:
    from fluxrouter.sandbox.mailbox.app import Mailbox

Json = dict[str, object]


def error(status: int, name: str, message: str) -> Response:
    return Response(status, {"statusCode": status, "message": message, "name": name})


def missing(what: str) -> Response:
    return error(404, "not_found", f"{what} not found")


def check_key(app: "Mailbox", request: Request) -> None:
    """Any good key; enough to send."""
    if not request.bearer:
        message = "Missing API key in the authorization header."
        raise RefusedError(error(401, "missing_api_key", message))
    expected = app.api_key or request.bearer
    known = request.bearer.startswith("re_") and request.bearer == expected
    if not known and app.rule("key_is_checked"):
        raise RefusedError(error(403, "invalid_api_key", "API key is invalid."))


def check_full_access(app: "Mailbox", request: Request) -> None:
    """A key that may do more than send."""
    check_key(app, request)
    if request.bearer.startswith(SENDING_KEY) and app.rule("sending_key_only_sends"):
        message = "This API key is restricted to only send emails."
        raise RefusedError(error(401, "restricted_api_key", message))


def page(app: "Mailbox", request: Request, rows: list[Json]) -> Response:
    """A part of `rows`, which are the newest first, by the cursor that the caller gives."""
    if not app.rule("lists_have_pages"):
        return Response(200, {"object": "list", "has_more": False, "data": rows[:LARGEST_PAGE]})
    asked = request.query.get("limit", str(len(rows) or 1))
    limit = int(asked) if asked.isdigit() else 0
    if not 1 <= limit <= LARGEST_PAGE and "limit" in request.query:
        return error(422, "validation_error", f"`limit` is 1 to {LARGEST_PAGE}.")
    ids = [row["id"] for row in rows]
    after = request.query.get("after")
    if after is not None and after not in ids:
        return error(422, "validation_error", "`after` is no id of this list.")
    start = ids.index(after) + 1 if after else 0
    data = rows[start : start + limit]
    return Response(200, {"object": "list", "has_more": start + limit < len(rows), "data": data})
