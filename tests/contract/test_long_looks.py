"""A look that reads for hours keeps its step: each call to a processor is a sign of life."""

import json
import uuid

import httpx

from privacy.connectors import pulse
from privacy.connectors.base import Subject
from privacy.connectors.chatbase.client import Chatbase
from privacy.connectors.model_providers.client import Client
from privacy.connectors.model_providers.providers import OPENAI
from privacy.connectors.resend import ResendConnector
from privacy.connectors.resend.client import Resend
from privacy.connectors.rest import Api

PAGES = 7
ANN = Subject(uuid.uuid4(), "ann.lee@example.org", {})


class Listing(httpx.MockTransport):
    """A list of so many pages, one object each."""

    def __init__(self) -> None:
        self.served = 0
        super().__init__(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.served += 1
        item = {"id": f"id_{self.served}", "email": "bea@example.org"}
        body = {
            "data": [item],
            "has_more": self.served < PAGES,
            "pagination": {"hasMore": self.served < PAGES, "cursor": item["id"]},
        }
        return httpx.Response(200, text=json.dumps(body))


def test_the_last_look_through_all_contacts_keeps_its_step() -> None:
    beats: list[int] = []
    pages = Listing()
    resend = ResendConnector(Resend(Api("http://sandbox.invalid", "a-key", pages)))
    with pulse.beating(lambda: beats.append(1)):
        assert resend.verify(ANN, {}) == []
    assert len(beats) == pages.served == PAGES


def test_the_reading_of_all_conversations_keeps_its_step() -> None:
    beats: list[int] = []
    pages = Listing()
    chatbase = Chatbase(Api("http://sandbox.invalid", "a-key", pages), ["agent"])
    with pulse.beating(lambda: beats.append(1)):
        assert len(list(chatbase.exported("agent"))) == PAGES
    assert len(beats) == PAGES


def test_a_look_for_each_stored_object_keeps_its_step() -> None:
    beats: list[int] = []
    client = Client(OPENAI, "http://sandbox.invalid", "a-key", httpx.MockTransport(gone))
    with pulse.beating(lambda: beats.append(1)):
        assert [client.find("files", f"file-{number}") for number in range(PAGES)] == [None] * 7
    assert len(beats) == PAGES


def gone(request: httpx.Request) -> httpx.Response:
    return httpx.Response(404, json={})
