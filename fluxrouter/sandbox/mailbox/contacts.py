"""Resend's contacts: one for each address, with the segments and topics it belongs to."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from fluxrouter.sandbox.kit import RefusedError, Request, Response, Router
from fluxrouter.sandbox.mailbox.answers import check_full_access, error, missing, page

if TYPE_CHECKING:
    from fluxrouter.sandbox.mailbox.app import Mailbox

router = Router()
Contact = dict[str, Any]
# What may be set, and what an empty contact has there.
FIELDS: Contact = {
    "email": "",
    "first_name": "",
    "last_name": "",
    "unsubscribed": False,
    "properties": {},
}
LISTED = ("id", "email", "first_name", "last_name", "created_at", "unsubscribed")


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f+00")


def new_contact(now: datetime, **fields: Any) -> Contact:
    """A contact as it is stored; `segments` are ids, `topics` name a subscription each."""
    return {
        "id": str(uuid4()),
        "created_at": stamp(now),
        **FIELDS,
        "segments": [],
        "topics": {},
        **fields,
    }


def find(app: "Mailbox", wanted: str) -> Contact | None:
    """By id, or by the address as it was written."""
    fold = str if app.rule("address_heeds_case") else str.lower
    for contact in app.contacts.values():
        if contact["id"] == wanted or fold(contact["email"]) == fold(wanted):
            return contact
    return None


def _found(app: "Mailbox", request: Request, wanted: str) -> Contact:
    check_full_access(app, request)
    contact = find(app, wanted)
    if contact is None:
        raise RefusedError(missing("Contact"))
    return contact


@router.route("POST", "/contacts")
def create(app: "Mailbox", request: Request) -> Response:
    check_full_access(app, request)
    body = request.json
    if not body.get("email"):
        return error(422, "missing_required_field", "Missing `email` field.")
    contact = find(app, body["email"])
    if contact is None:
        known = {name: value for name, value in body.items() if name in (*FIELDS, "segments")}
        contact = app.add_contact(**known)
    return Response(201, {"object": "contact", "id": contact["id"]})


@router.route("GET", "/contacts")
def list_contacts(app: "Mailbox", request: Request) -> Response:
    check_full_access(app, request)
    newest_first = list(reversed(app.contacts.values()))
    return page(app, request, [{name: each[name] for name in LISTED} for each in newest_first])


@router.route("GET", "/contacts/<wanted>")
def retrieve(app: "Mailbox", request: Request, wanted: str) -> Response:
    contact = _found(app, request, wanted)
    shown = {name: contact[name] for name in (*LISTED, "properties")}
    return Response(200, {"object": "contact", **shown})


@router.route("PATCH", "/contacts/<wanted>")
def update(app: "Mailbox", request: Request, wanted: str) -> Response:
    contact = _found(app, request, wanted)
    changes = {name: value for name, value in request.json.items() if name in FIELDS}
    address = str(changes.get("email", contact["email"]))
    if address != contact["email"] and find(app, address) not in (None, contact):
        return error(409, "conflict", "Another contact has this address.")
    if not app.rule("address_can_be_changed"):
        changes.pop("email", None)
    if not app.rule("unsubscribed_is_kept"):
        changes.pop("unsubscribed", None)
    contact.update(changes)
    return Response(200, {"object": "contact", "id": contact["id"]})


@router.route("DELETE", "/contacts/<wanted>")
def delete(app: "Mailbox", request: Request, wanted: str) -> Response:
    contact = _found(app, request, wanted)
    if app.rule("deleted_contact_is_gone"):
        del app.contacts[contact["id"]]
    return Response(200, {"object": "contact", "id": contact["id"], "deleted": True})


@router.route("GET", "/contacts/<wanted>/segments")
def segments(app: "Mailbox", request: Request, wanted: str) -> Response:
    contact = _found(app, request, wanted)
    return page(app, request, [app.segments[each] for each in contact["segments"]])


@router.route("GET", "/contacts/<wanted>/topics")
def topics(app: "Mailbox", request: Request, wanted: str) -> Response:
    contact = _found(app, request, wanted)
    rows = [
        {"id": f"topic-{name}", "name": name, "description": "", "subscription": subscription}
        for name, subscription in contact["topics"].items()
    ]
    return page(app, request, rows)
