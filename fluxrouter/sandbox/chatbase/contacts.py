"""Version 1: contacts and leads."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.chatbase.answers import Json, message, number
from fluxrouter.sandbox.chatbase.rules import LARGEST_CONTACT_PAGE, SMALLEST_CONTACT_PAGE
from fluxrouter.sandbox.kit import RefusedError, Request, Response, Router

if TYPE_CHECKING:
    from fluxrouter.sandbox.chatbase.app import ChatbaseSandbox

router = Router()


def _table(app: "ChatbaseSandbox", agent: str, kind: str) -> list[Json]:
    found = app.table(agent, kind)
    if found is None:
        raise RefusedError(message(404, "Chatbot not found"))
    return found


@router.route("GET", "/api/v1/chatbots/<agent>/contacts")
def list_contacts(app: "ChatbaseSandbox", request: Request, agent: str) -> Response:
    stored = _table(app, agent, "contact")
    size = number(request, "per_page", 100, SMALLEST_CONTACT_PAGE, LARGEST_CONTACT_PAGE)
    pages = -(-len(stored) // size)
    page = number(request, "page", 1, 1, max(pages, 1))
    part = stored[(page - 1) * size : page * size]
    numbers = {"page": page, "per_page": size, "total_pages": pages}
    answer = {"message": "Success", "data": part, "total": len(stored), "pages": numbers}
    return Response(200, answer)


@router.route("DELETE", "/api/v1/chatbots/<agent>/contacts/<wanted>")
def delete_contact(app: "ChatbaseSandbox", request: Request, agent: str, wanted: str) -> Response:
    fields = ["id", "external_id"]
    if app.rule("contact_is_deleted_by_one_id"):
        fields = [app.contact_id]
    for stored in _table(app, agent, "contact"):
        if wanted in [stored[name] for name in fields]:
            if app.rule("deleted_contact_is_gone"):
                app.remove(agent, "contact", stored)
            if app.contact_deleted == 204:
                return Response(204)
            return Response(200, {"message": "Success", "data": stored})
    return message(404, "Contact not found")


WRITABLE = {"external_id", "name", "email", "phonenumber", "custom_attributes"}


@router.route("PATCH", "/api/v1/chatbots/<agent>/contacts/<wanted>")
def update_contact(app: "ChatbaseSandbox", request: Request, agent: str, wanted: str) -> Response:
    """Only the named fields change (chatbase.co/docs/api-reference/v1/contacts)."""
    data = request.json.get("data") if isinstance(request.json, dict) else None
    if not isinstance(data, dict) or data.keys() - WRITABLE:
        return message(400, "Invalid request body")
    for stored in _table(app, agent, "contact"):
        if wanted in (stored["id"], stored["external_id"]):
            stored.update(data)
            return Response(200, {"message": "Success", "data": stored})
    return message(404, "Contact not found")


@router.route("GET", "/api/v1/get-leads")
def leads(app: "ChatbaseSandbox", request: Request) -> Response:
    stored = _table(app, request.query.get("chatbotId", ""), "lead")
    if app.rule("leads_have_pages"):
        size, page = number(request, "size", 10, 1, 1000), number(request, "page", 1, 1, 10**6)
        stored = stored[(page - 1) * size : page * size]
    return Response(200, {"collectedCustomers": stored})
