"""The connectors for AI model providers: one class, a table row each."""

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.utils import timezone

from accounts.models import ProviderObject
from privacy.connectors.base import (
    Action,
    Connector,
    Discovery,
    Outcome,
    Record,
    Residue,
    Subject,
    Task,
)
from privacy.connectors.errors import PermanentError
from privacy.connectors.model_providers import erase, export, find
from privacy.connectors.model_providers.client import Client
from privacy.connectors.model_providers.providers import ANTHROPIC, GEMINI, OPENAI, Provider


class ModelProviderConnector(Connector):
    """Objects that the gateway stored there for an account, by the ids in our rows.

    What went through without being stored has no id; its own time limit is in the table of
    processors.
    """

    provider: ClassVar[Provider]
    freezes = False  # the gateway's own freeze stops every call that could use them
    erasure = (
        Action("prepare", "Look again for what came since", irreversible=False),
        Action("delete_objects", "Delete each stored object"),
    )

    def __init__(self, client: Client, *, drill: bool = False) -> None:
        self.client = client
        self.drill = drill

    @classmethod
    def from_settings(cls) -> "ModelProviderConnector | None":
        """None without a key."""
        prefix = cls.name.upper()
        key = getattr(settings, f"{prefix}_API_KEY")
        if not key:
            return None
        base_url = getattr(settings, f"{prefix}_API_BASE")
        drill = getattr(settings, f"{prefix}_DRILL")
        return cls(Client(cls.provider, base_url, key), drill=drill)

    def discover(self, subject: Subject) -> Discovery:
        return find.discover(self.client, subject, self.name)

    def export(self, subject: Subject, refs: dict[str, list[str]]) -> Iterator[Record]:
        return export.export(self.client, refs.get("objects", []))

    def erase(self, task: Task) -> Outcome:
        if task.action == "prepare":
            return Outcome(receipt=self.rediscover(task).as_json())
        return erase.delete_objects(self.client, task)

    def verify(self, subject: Subject, refs: dict[str, list[str]]) -> list[Residue]:
        """Asks for each object again, by the ids that were written down before our rows went.

        Of very many it asks for some: the deletion itself asked for every one.
        """
        items = refs.get("objects", [])
        left: Counter[str] = Counter()
        for path, identifier in map(find.split, find.sample(find.known(self.client, items))):
            if self.client.find(path, identifier) is not None:
                left[self.provider.kinds[path].collection] += 1
        residues = [Residue(kind, number) for kind, number in left.items()]
        others = find.unknown(self.client, items)
        return residues + [Residue(find.UNKNOWN, len(others), by_hand=True)] * bool(others)

    def plant(self, subject: Subject) -> dict[str, list[str]]:
        """A small object and its row, only where the settings allow it: no key is a test key."""
        accounts = subject.refs.get("accounts", [])
        if not self.drill or not accounts:
            raise PermanentError("no_test_mode")
        kind, options = self.provider.drill
        ProviderObject.objects.create(
            account_id=accounts[0],
            provider=self.name,
            kind=kind,
            object_id=self.client.create(kind, **options),
            created_at=timezone.now(),
        )
        return {"accounts": accounts}


class OpenAIConnector(ModelProviderConnector):
    """OpenAI."""

    name = "openai"
    title = "OpenAI (AI models)"
    provider = OPENAI


class AnthropicConnector(ModelProviderConnector):
    """Anthropic."""

    name = "anthropic"
    title = "Anthropic (AI models)"
    provider = ANTHROPIC


class GeminiConnector(ModelProviderConnector):
    """Google Gemini."""

    name = "gemini"
    title = "Google Gemini (AI models)"
    provider = GEMINI
