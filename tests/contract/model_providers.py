"""The connectors for AI model providers with their sandbox, and objects stored there."""

import uuid
from typing import Any

from django.utils import timezone

from accounts.models import ProviderObject
from fluxrouter.sandbox.model_providers import KEYS, ModelProviders
from fluxrouter.sandbox.transport import LossyTransport
from privacy.connectors.base import Subject, Task
from privacy.connectors.model_providers import (
    AnthropicConnector,
    Client,
    GeminiConnector,
    ModelProviderConnector,
    OpenAIConnector,
)
from privacy.connectors.testing import Life

Case = type[ModelProviderConnector]
CONNECTORS: tuple[Case, ...] = (OpenAIConnector, AnthropicConnector, GeminiConnector)
PREFIX = {
    "openai": "http://sandbox.invalid/openai/v1",
    "anthropic": "http://sandbox.invalid/anthropic/v1",
    "gemini": "http://sandbox.invalid/gemini/v1beta",
}


def connector_of(
    case: type[ModelProviderConnector], app: ModelProviders, key: str = "", *, drill: bool = False
) -> ModelProviderConnector:
    transport = LossyTransport(app)
    client = Client(case.provider, PREFIX[case.name], key or KEYS[case.name], transport)
    return case(client, drill=drill)


def remember(account: str, provider: str, kind: str, identifier: str) -> None:
    ProviderObject.objects.create(
        account_id=account,
        provider=provider,
        kind=kind,
        object_id=identifier,
        created_at=timezone.now(),
    )


def held(app: ModelProviders, provider: str, account: str) -> list[Any]:
    rows = ProviderObject.objects.filter(account_id=account, provider=provider)
    pairs = rows.order_by("kind", "object_id").values_list("kind", "object_id")
    return [app.held(provider, kind, name.rpartition("/")[2]) for kind, name in pairs]


def life_of(
    case: Case, app: ModelProviders, *objects: tuple[str, dict[str, Any]], key: str = ""
) -> Life:
    account = str(uuid.uuid4())
    for kind, fields in objects:
        remember(account, case.name, kind, app.add(case.name, kind, **fields))
    subject = Subject(uuid.uuid4(), "ann.lee@example.org", {"accounts": [account]})
    return Life(connector_of(case, app, key), subject)


def calls(app: ModelProviders, method: str) -> int:
    return sum(number for call, number in app.calls.items() if call.method == method)


def left(life: Life, app: ModelProviders) -> list[Any]:
    [account] = life.subject.refs["accounts"]
    return [each for each in held(app, life.connector.name, account) if each]


def run_through(life: Life) -> None:
    """The deletion step, part by part, without the retries of a ledger."""
    cursor: dict[str, Any] = {}
    while True:
        task = Task("delete_objects", life.subject, refs=life.refs, cursor=cursor)
        outcome = life.connector.erase(task)
        if not outcome.more:
            return
        cursor = outcome.cursor
