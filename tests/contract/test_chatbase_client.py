"""Chatbase's client: forms that differ by document, and answers that make no sense."""

import uuid
from typing import Any

import httpx
import pytest

from fluxrouter.sandbox.chatbase import AGENT
from privacy.connectors import chatbase
from privacy.connectors.chatbase import Chatbase
from privacy.connectors.errors import UnknownOutcomeError
from privacy.connectors.rest import Api

pytestmark = pytest.mark.acceptance("MAIN-34")
ANN = "ann.lee@example.org"
USER = str(uuid.UUID(int=7))


def test_an_unknown_user_has_no_conversations() -> None:
    missing = httpx.MockTransport(lambda request: httpx.Response(404))
    found = Chatbase(Api("http://sandbox.invalid", "a-key", missing), [AGENT])
    assert list(found.of_user(AGENT, USER)) == []
    assert list(found.of_user(AGENT, "ann@example.org")) == [], "no address can be a user's id"


def test_leads_in_the_other_form_are_understood() -> None:
    pages = iter([[{"id": "1", "email": ANN}], []])

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"collectedCustomers": {"data": next(pages)}})

    api = Api("http://sandbox.invalid", "a-key", httpx.MockTransport(answer))
    assert list(Chatbase(api, [AGENT]).leads(AGENT)) == [{"id": "1", "email": ANN}]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"data": []},
        {"data": [], "pagination": {"hasMore": True, "cursor": None}},
        {"data": "none", "pagination": {"hasMore": False}},
    ],
)
def test_a_page_of_another_shape_is_no_empty_list(answer: dict[str, Any]) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=answer))
    found = Chatbase(Api("http://sandbox.invalid", "a-key", transport), [AGENT])
    with pytest.raises(UnknownOutcomeError, match="no_answer"):
        list(found.exported(AGENT))


def test_there_is_no_connector_without_key_and_agents(settings: Any) -> None:
    for key, agents in (("", "a"), ("key", ""), ("key", " , ")):
        settings.CHATBASE_API_KEY, settings.CHATBASE_AGENT_IDS = key, agents
        assert chatbase.from_settings() is None
    settings.CHATBASE_API_KEY, settings.CHATBASE_AGENT_IDS = "key", "a, b"
    made = chatbase.from_settings()
    assert made is not None
    assert list(made.chatbase.agents) == ["a", "b"]
