"""What Resend tells unasked, signed as Svix signs.

Source: docs.svix.com/receiving/verifying-payloads/how-manual. An event may come twice and in any
order (resend.com/docs/webhooks/introduction).
"""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from fluxrouter.sandbox.mailbox.app import Mailbox

Delivery = tuple[bytes, dict[str, str]]
LETTERS_SECRET = "whsec_" + base64.b64encode(b"the sandbox's letters").decode()
MAIL_SECRET = "whsec_" + base64.b64encode(b"the sandbox's own mail").decode()
BOUNCE = {
    "type": "Permanent",
    "subType": "General",
    "message": "The recipient's email provider sent a hard bounce message.",
}


def signed(event: Any, secret: str, *, event_id: str = "", at: datetime | None = None) -> Delivery:
    """The body, and the headers that prove it; a repeated event keeps its id."""
    body = json.dumps(event).encode()
    event_id = event_id or f"msg_{uuid4().hex}"
    timestamp = str(int((at or datetime.now(UTC)).timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{event_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return body, {
        "svix-id": event_id,
        "svix-timestamp": timestamp,
        "svix-signature": f"v1,{signature}",
    }


def about_letter(app: "Mailbox", mail_id: str, kind: str = "delivered") -> Any:
    """An event of a mail that was sent: delivered, delivery_delayed, bounced, complained, …"""
    message = app.messages[mail_id]
    data = {
        "email_id": mail_id,
        "created_at": message.created_at.isoformat(),
        "from": message.sender,
        "to": message.to,
        "subject": message.subject,
        **({"bounce": BOUNCE} if kind == "bounced" else {}),
    }
    return {"type": f"email.{kind}", "created_at": app.clock().isoformat(), "data": data}


def about_mail(app: "Mailbox", mail_id: str) -> Any:
    """The event of a mail that was received: who, to whom and what about, without its content."""
    row = app.received[mail_id]
    names = ("from", "to", "cc", "bcc", "subject", "message_id", "created_at")
    data = {"email_id": mail_id, **{name: row.head.get(name) for name in names}}
    return {"type": "email.received", "created_at": app.clock().isoformat(), "data": data}
