"""Resend's list of addresses that nothing is sent to. It holds them in clear, never a hash."""

from typing import TYPE_CHECKING

from fluxrouter.sandbox.kit import Request, Response, Router
from fluxrouter.sandbox.mailbox.answers import check_full_access, error, missing, page

if TYPE_CHECKING:
    from fluxrouter.sandbox.mailbox.app import Mailbox

router = Router()


@router.route("POST", "/suppressions")
def create(app: "Mailbox", request: Request) -> Response:
    check_full_access(app, request)
    email = request.json.get("email")
    if not email:
        return error(422, "missing_required_field", "Missing `email` field.")
    kept = app.suppressions.get(email) or app.add_suppression(email)
    return Response(201, {"object": "suppression", "id": kept["id"]})


@router.route("GET", "/suppressions")
def list_suppressions(app: "Mailbox", request: Request) -> Response:
    check_full_access(app, request)
    return page(app, request, list(reversed(app.suppressions.values())))


@router.route("GET", "/suppressions/<wanted>")
def retrieve(app: "Mailbox", request: Request, wanted: str) -> Response:
    check_full_access(app, request)
    for email, row in app.suppressions.items():
        if wanted in (email, row["id"]):
            return Response(200, {"object": "suppression", **row})
    return missing("Suppression")
