"""Django's mail through anymail into the mailbox, in the process and over HTTP."""

import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import requests
from anymail.backends.resend import (
    EmailBackend,
    ResendPayload,
)
from anymail.exceptions import AnymailRequestsAPIError
from django.core.mail import EmailMultiAlternatives

from fluxrouter.sandbox.kit import App
from fluxrouter.sandbox.mailbox import Mailbox, create_app
from fluxrouter.sandbox.transport import WSGIAdapter


@pytest.fixture
def mailbox() -> Mailbox:
    return create_app()


class KeyedPayload(ResendPayload):  # type: ignore[misc]  # anymail has no types
    """Moves the mail's Idempotency-Key to the call's own headers, where Resend looks for it."""

    def set_extra_headers(self, headers: Any) -> None:
        kept = dict(headers)
        if key := kept.pop("Idempotency-Key", None):
            self.headers["Idempotency-Key"] = key
        super().set_extra_headers(kept)


class InProcessBackend(EmailBackend):  # type: ignore[misc]  # anymail has no types
    def __init__(self, app: App) -> None:
        super().__init__(api_key="re_sandbox", api_url="http://mailbox.invalid")
        self.app = app

    def create_session(self) -> requests.Session:
        session = super().create_session()
        session.mount("http://", WSGIAdapter(self.app))
        return session

    def build_message_payload(self, message: Any, defaults: Any) -> KeyedPayload:
        return KeyedPayload(message, defaults, self)


def _message(connection: EmailBackend, key: str = "outbox-1") -> EmailMultiAlternatives:
    return EmailMultiAlternatives(
        "Hello",
        "Text",
        "privacy@example.com",
        ["Ann <ann@example.org>"],
        connection=connection,
        headers={"Idempotency-Key": key, "X-Kind": "letter"},
    )


def test_anymail_sends_a_key_through_a_payload_of_its_own(mailbox: Mailbox) -> None:
    backend = InProcessBackend(mailbox)
    for _ in range(2):
        _message(backend).send()
    [mail] = mailbox.newest()
    assert mail.headers == {"X-Kind": "letter"}
    assert list(mailbox.keys) == ["outbox-1"]


def test_anymail_reports_a_lost_reply_and_the_key_makes_the_retry_safe(mailbox: Mailbox) -> None:
    backend = InProcessBackend(mailbox)
    mailbox.faults.add("reply_lost")
    with pytest.raises(AnymailRequestsAPIError) as failure:
        _message(backend).send()
    assert isinstance(failure.value, requests.exceptions.ReadTimeout)
    _message(backend).send()
    assert len(mailbox.messages) == 1


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def address(mailbox: Mailbox) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, mailbox, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_anymail_as_it_is_sends_over_http(mailbox: Mailbox, address: str) -> None:
    message = _message(EmailBackend(api_key="re_sandbox", api_url=address))
    message.attach("facts.txt", "facts", "text/plain")
    message.attach_alternative("<p>Text</p>", "text/html")
    message.send()
    [mail] = mailbox.newest("ann@example.org")
    assert message.anymail_status.message_id == mail.id
    assert (mail.text, mail.html, mail.attachments) == ("Text", "<p>Text</p>", ["facts.txt"])
    # Without a payload of its own, the key is a header of the mail and protects nothing.
    assert mail.headers["Idempotency-Key"] == "outbox-1"
    assert not mailbox.keys
