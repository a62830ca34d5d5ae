"""Mail that came in: its head over the interface, the whole at a signed address.

Sources: resend.com/docs/api-reference/emails/retrieve-received-email,
resend.com/docs/dashboard/receiving/introduction.
"""

from email import message_from_bytes
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from fluxrouter.sandbox.kit import Request, Response, Router
from fluxrouter.sandbox.mailbox.answers import check_full_access, missing

if TYPE_CHECKING:
    from fluxrouter.sandbox.mailbox.app import Mailbox

router = Router()
DOWNLOADS = "https://inbound-cdn.sandbox.invalid/raw/"


class Received(NamedTuple):
    head: dict[str, Any]
    raw: bytes


def take_mail(app: "Mailbox", content: bytes, **head: Any) -> str:
    """Keep a mail as if it had come in just now; its id."""
    mail_id = str(uuid4())
    message = message_from_bytes(content)
    app.received[mail_id] = Received(
        {
            "object": "email",
            "id": mail_id,
            "to": ["hello@fluxrouter.ai"],
            "from": str(message.get("From", "")),
            "created_at": app.clock().isoformat(),
            "subject": str(message.get("Subject", "")),
            "html": None,
            "text": None,
            "headers": {},
            "cc": [],
            "bcc": [],
            "message_id": str(message.get("Message-ID", "")),
            "attachments": [],
            "raw": {"download_url": f"{DOWNLOADS}{mail_id}?signature=x", "expires_at": None},
            **head,
        },
        content,
    )
    return mail_id


@router.route("GET", "/emails/receiving/<mail_id>")
def retrieve(app: "Mailbox", request: Request, mail_id: str) -> Response:
    check_full_access(app, request)
    found = app.received.get(mail_id)
    return Response(200, found.head) if found else missing("Email")


@router.route("GET", "/raw/<mail_id>")
def download(app: "Mailbox", request: Request, mail_id: str) -> Response:
    """The signature in the address is the key; who sends another has mistaken this host."""
    if request.bearer:
        return Response(400, "Only one way to sign is allowed.")
    found = app.received.get(mail_id)
    if found is None or request.query.get("signature") != "x":
        return Response(403, "Access denied")
    return Response(200, found.raw, {"Content-Type": "message/rfc822"})
