"""The connectors for AI model providers keep the promises of every connector."""

import uuid
from typing import Any

import pytest

from fluxrouter.sandbox.model_providers import ModelProviders
from privacy.connectors.base import Subject
from privacy.connectors.model_providers import (
    AnthropicConnector,
    GeminiConnector,
    ModelProviderConnector,
    OpenAIConnector,
)
from privacy.connectors.testing import ConnectorContract
from tests.contract.model_providers import Case, connector_of, held, remember

pytestmark = [
    pytest.mark.django_db(databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-34"),
]


class ProviderContract(ConnectorContract):
    """What the three have in common; a subclass says which one, and what is planted."""

    case: Case
    planted: tuple[tuple[str, dict[str, Any]], ...]

    @pytest.fixture(autouse=True)
    def _app(self) -> None:
        self.app = ModelProviders()

    def make(self) -> ModelProviderConnector:
        return connector_of(self.case, self.app)

    def store(self, account: str, email: str) -> None:
        for kind, fields in self.planted:
            options = {**fields, "label": email}
            if "parts" in options:
                options["parts"] = [{"content": email} for _ in range(options["parts"])]
            identifier = self.app.add(self.case.name, kind, **options)
            remember(account, self.case.name, kind, identifier)

    def plant(self, subject: Subject) -> Subject:
        account = str(uuid.uuid4())
        self.store(account, subject.email)
        remember(account, self.case.name, "files", f"gone{account.replace('-', '')}")
        return subject._replace(refs={"accounts": [account]})

    def plant_stranger(self) -> None:
        self.stranger = str(uuid.uuid4())
        self.store(self.stranger, "ann_lee@example.org")

    def snapshot_of_stranger(self) -> Any:
        return held(self.app, self.case.name, self.stranger)

    def holds(self, subject: Subject) -> Any:
        [account] = subject.refs["accounts"]
        return [each for each in held(self.app, self.case.name, account) if each]

    def calls_made(self) -> int:
        return self.app.calls.total()

    def fail_call(self, number: int, *, after: bool) -> None:
        self.app.faults.add("reply_lost" if after else "unavailable", nth=number)


class TestOpenAI(ProviderContract):
    case = OpenAIConnector
    planted = (
        ("responses", {"parts": 1}),
        ("chat/completions", {"parts": 2}),
        ("conversations", {"parts": 2}),
        ("files", {}),
        ("vector_stores", {}),
        ("containers", {}),
        ("videos", {"working": True}),
    )


class TestAnthropic(ProviderContract):
    case = AnthropicConnector
    planted = (
        ("files", {}),
        ("messages/batches", {}),
        ("messages/batches", {"working": True}),
    )


class TestGemini(ProviderContract):
    case = GeminiConnector
    planted = (
        ("files", {}),
        ("cachedContents", {}),
        ("fileSearchStores", {"activeDocumentsCount": "3"}),
        ("batches", {}),
        ("batches", {"working": True}),
    )
