"""Chatbase's connector keeps the promises of every connector."""

import json
import uuid
from copy import deepcopy
from typing import Any

import pytest

from fluxrouter.sandbox.chatbase import AGENT, ChatbaseSandbox
from fluxrouter.sandbox.transport import LossyTransport
from privacy.connectors.base import Subject
from privacy.connectors.chatbase import Chatbase, ChatbaseConnector
from privacy.connectors.rest import Api
from privacy.connectors.testing import ConnectorContract

pytestmark = pytest.mark.acceptance("MAIN-31", "MAIN-34")
OTHER = "agent-other"


def chatbase_connector(app: ChatbaseSandbox, **options: Any) -> ChatbaseConnector:
    api = Api("http://sandbox.invalid", "a-key", LossyTransport(app))
    return ChatbaseConnector(Chatbase(api, app.agents, **options))


class TestChatbase(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _in(self) -> None:
        self.app = ChatbaseSandbox(agents=(AGENT, OTHER))

    def make(self) -> ChatbaseConnector:
        return chatbase_connector(self.app)

    def plant(self, subject: Subject) -> Subject:
        user = str(uuid.uuid4())
        for agent in (AGENT, OTHER):
            self.app.add(
                "contact",
                agent,
                external_id=user,
                email=subject.email,
                name="Ann Lee",
                phonenumber="+4930123456",
            )
            self.app.add("conversation", agent, userId=user, source="API", said="Ann Lee here")
        return subject._replace(refs={"auth_users": [user]})

    def plant_stranger(self) -> None:
        user, email = str(uuid.uuid4()), "x.ann.lee@example.org"
        self.strange = [
            self.app.add("contact", external_id=user, email=email, name="Ann Lee"),
            self.app.add("conversation", userId=user, source="API", said="Ann Lee here"),
            self.app.add("conversation", said=f"Write to {email}"),
            self.app.add("lead", email=email, name="Ann Lee"),
        ]

    def snapshot_of_stranger(self) -> Any:
        there = [each for table in self.app.tables[AGENT].values() for each in table]
        return deepcopy([each for each in self.strange if each in there])

    def holds(self, subject: Subject) -> Any:
        [user] = subject.refs["auth_users"]
        text = [f'"{user}"', subject.email.lower()]
        return [
            json.dumps(each)
            for tables in self.app.dump().values()
            for table in tables.values()
            for each in table
            if any(word in json.dumps(each).lower() for word in text)
        ]

    def personal(self, subject: Subject) -> list[str]:
        return [subject.email, "Ann Lee", "+4930123456", subject.refs["auth_users"][0]]

    def calls_made(self) -> int:
        return self.app.calls.total()

    def fail_call(self, number: int, *, after: bool) -> None:
        self.app.faults.add("reply_lost" if after else "unavailable", nth=number)
