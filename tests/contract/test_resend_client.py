"""Resend's client: its pace, and answers that make no sense."""

from typing import Any

import httpx
import pytest

from fluxrouter.sandbox.mailbox import Mailbox
from fluxrouter.sandbox.transport import LossyTransport
from privacy.connectors import resend
from privacy.connectors.errors import UnknownOutcomeError
from privacy.connectors.resend import Resend
from privacy.connectors.rest import Api

pytestmark = pytest.mark.acceptance("MAIN-34")
ANN = "ann.lee@example.org"


class Slowed(LossyTransport):
    """The sandbox, with the headers of a window that each call uses up."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        response.headers.update({"ratelimit-remaining": "0", "ratelimit-reset": "2"})
        return response


def test_a_used_up_rate_is_waited_for(mailbox: Mailbox) -> None:
    waits: list[float] = []
    transport = Slowed(mailbox)
    api = Api("http://sandbox.invalid", "re_sandbox", transport, pause=waits.append)
    list(Resend(api).contacts())
    assert waits == [], "nothing had been used up before"
    list(Resend(api).sent())
    assert waits == [2.0]


def test_there_is_no_connector_without_a_key_for_contacts(settings: Any) -> None:
    settings.RESEND_CONTACTS_KEY = ""
    assert resend.from_settings() is None
    settings.RESEND_CONTACTS_KEY = "re_full"
    assert resend.from_settings() is not None


def test_an_answer_about_another_contact_is_not_believed() -> None:
    stranger = {"object": "contact", "id": "1", "email": "bea@example.org"}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=stranger))
    api = Api("http://sandbox.invalid", "re_sandbox", transport)
    with pytest.raises(UnknownOutcomeError, match="wrong_object"):
        Resend(api).contact(ANN)


@pytest.mark.parametrize(
    "answer", [{}, {"data": None}, {"data": ["x"]}, {"data": [], "has_more": True}]
)
def test_a_page_of_another_shape_is_no_empty_list(answer: dict[str, Any]) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=answer))
    with pytest.raises(UnknownOutcomeError, match="no_answer"):
        list(Resend(Api("http://sandbox.invalid", "re_sandbox", transport)).contacts())


def test_a_list_that_ignores_its_cursor_ends() -> None:
    page = {"data": [{"id": "1"}], "has_more": True}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=page))
    with pytest.raises(UnknownOutcomeError, match="no_answer"):
        list(Resend(Api("http://sandbox.invalid", "re_sandbox", transport)).contacts())
