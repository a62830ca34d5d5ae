"""Mail that comes in: raw, announced by a signed webhook, fetched."""

from email.message import EmailMessage
from typing import Any

from fluxrouter.sandbox.mailbox import Mailbox, webhooks
from fluxrouter.sandbox.transport import LossyTransport
from privacy.connectors.resend import receiving
from privacy.models import InboundMail
from privacy.services.inbound import fetching
from tests.support import post
from tests.support.connectors import NOWHERE
from tests.support.staff import ANN


def raw(
    text: str = "Please delete my data.",
    sender: str = f"Ann Lee <{ANN}>",
    subject: str = "My data",
    **headers: str,
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = sender, "hello@fluxrouter.ai"
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def use(monkeypatch: Any, mailbox: Mailbox) -> None:
    """Let what fetches mail talk to this mailbox."""
    reader = receiving.Receiving(NOWHERE, "re_sandbox", LossyTransport(mailbox))
    monkeypatch.setattr(fetching, "receiving", lambda: reader)


def announce(mailbox: Mailbox, mail_id: str, **options: Any) -> int:
    event = webhooks.about_mail(mailbox, mail_id)
    return post.deliver(post.MAIL, webhooks.signed(event, webhooks.MAIL_SECRET, **options))


def arrived(mailbox: Mailbox, content: bytes | EmailMessage, **head: Any) -> InboundMail:
    """A mail that came, was announced and was fetched."""
    mail_id = mailbox.take_mail(bytes(content), **head)
    assert announce(mailbox, mail_id) == 200
    fetching.fetch_mail()
    return InboundMail.objects.get(provider_id=mail_id)
