"""Version 2: conversations."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.chatbase.answers import Json, cursor_page, error
from fluxrouter.sandbox.chatbase.rules import EXPORT_PAGE, USER_PAGE
from fluxrouter.sandbox.kit import RefusedError, Request, Response, Router

if TYPE_CHECKING:
    from fluxrouter.sandbox.chatbase.app import ChatbaseSandbox

router = Router()
API = "API"
UNLISTED = frozenset({"source", "messages"})


def _conversations(app: "ChatbaseSandbox", agent: str) -> list[Json]:
    found = app.table(agent, "conversation")
    if found is None:
        raise RefusedError(error(404, "RESOURCE_NOT_FOUND", "No such agent"))
    return found


@router.route("GET", "/api/v2/agents/<agent>/conversations/export")
def export(app: "ChatbaseSandbox", request: Request, agent: str) -> Response:
    everything = app.rule("export_has_all_sources")
    shown = [each for each in _conversations(app, agent) if everything or each["source"] == API]
    return cursor_page(request, shown, EXPORT_PAGE, paged=app.rule("lists_have_pages"))


@router.route("GET", "/api/v2/agents/<agent>/users/<user>/conversations")
def of_user(app: "ChatbaseSandbox", request: Request, agent: str, user: str) -> Response:
    only = app.rule("user_list_is_api_only")
    shown = [
        {name: value for name, value in each.items() if name not in UNLISTED}
        for each in _conversations(app, agent)
        if each["userId"] == user and (each["source"] == API or not only)
    ]
    return cursor_page(request, shown, USER_PAGE, paged=app.rule("lists_have_pages"))


@router.route("DELETE", "/api/v2/agents/<agent>/conversations/<wanted>")
def delete(app: "ChatbaseSandbox", request: Request, agent: str, wanted: str) -> Response:
    for stored in _conversations(app, agent):
        if stored["id"] == wanted:
            return _deleted(app, agent, stored)
    return error(404, "RESOURCE_CONVERSATION_NOT_FOUND", "No such conversation")


def _deleted(app: "ChatbaseSandbox", agent: str, stored: Json) -> Response:
    if stored["source"] != API and app.rule("delete_reaches_api_only"):
        if app.widget_delete != 200:
            return error(app.widget_delete, "RESOURCE_CONVERSATION_NOT_FOUND", "Not here")
    elif app.rule("deleted_conversation_is_gone"):
        app.remove(agent, "conversation", stored)
    return Response(200, {"data": {"id": stored["id"], "deleted": True}})
