"""Every connector with its sandbox behind it, in this process."""

from typing import Any

import stripe

from fluxrouter.sandbox.chatbase import ChatbaseSandbox
from fluxrouter.sandbox.environment import BUCKET
from fluxrouter.sandbox.kit import App
from fluxrouter.sandbox.mailbox import Mailbox
from fluxrouter.sandbox.model_providers import KEYS, ModelProviders
from fluxrouter.sandbox.stripe import ERASE_KEY, READ_KEY, StripeSandbox
from fluxrouter.sandbox.supabase.app import SupabaseSandbox
from fluxrouter.sandbox.transport import LossyTransport, requests_session
from privacy.connectors.chatbase import Chatbase, ChatbaseConnector
from privacy.connectors.model_providers import (
    AnthropicConnector,
    Client,
    GeminiConnector,
    ModelProviderConnector,
    OpenAIConnector,
)
from privacy.connectors.resend import Resend, ResendConnector
from privacy.connectors.rest import Api
from privacy.connectors.stripe import StripeConnector
from privacy.connectors.supabase_auth import SupabaseAuthConnector
from privacy.connectors.supabase_client import make_client
from privacy.connectors.supabase_storage import SupabaseStorageConnector

NOWHERE = "http://sandbox.invalid"
MODEL_PROVIDERS = {
    OpenAIConnector: "/openai/v1",
    AnthropicConnector: "/anthropic/v1",
    GeminiConnector: "/gemini/v1beta",
}


def api(app: App, key: str) -> Api:
    return Api(NOWHERE, key, LossyTransport(app))


def stripe_connector(
    app: StripeSandbox, read_key: str = READ_KEY, erase_key: str = ERASE_KEY
) -> StripeConnector:
    http = stripe.RequestsClient(session=requests_session(app), timeout=5)
    read, erase = (
        stripe.StripeClient(key, http_client=http, max_network_retries=0)
        for key in (read_key, erase_key)
    )
    return StripeConnector(read, erase, erase_key=erase_key)


def auth_connector(app: SupabaseSandbox) -> SupabaseAuthConnector:
    return SupabaseAuthConnector(make_client(NOWHERE, app.secret_key, LossyTransport(app)))


def storage_connector(app: SupabaseSandbox) -> SupabaseStorageConnector:
    client = make_client(NOWHERE, app.secret_key, LossyTransport(app))
    return SupabaseStorageConnector(client, [BUCKET])


def resend_connector(app: Mailbox) -> ResendConnector:
    return ResendConnector(Resend(api(app, "re_sandbox")), drill=True)


def chatbase_connector(app: ChatbaseSandbox, **options: Any) -> ChatbaseConnector:
    return ChatbaseConnector(Chatbase(api(app, "a-key"), app.agents, **options))


def model_connectors(app: ModelProviders) -> list[ModelProviderConnector]:
    return [
        kind(
            Client(kind.provider, NOWHERE + prefix, KEYS[kind.name], LossyTransport(app)),
            drill=True,
        )
        for kind, prefix in MODEL_PROVIDERS.items()
    ]
