"""AI model providers: what the gateway stored there."""

from privacy.connectors.model_providers.client import Client
from privacy.connectors.model_providers.connector import (
    AnthropicConnector,
    GeminiConnector,
    ModelProviderConnector,
    OpenAIConnector,
)

openai = OpenAIConnector.from_settings
anthropic = AnthropicConnector.from_settings
gemini = GeminiConnector.from_settings

__all__ = [
    "AnthropicConnector",
    "Client",
    "GeminiConnector",
    "ModelProviderConnector",
    "OpenAIConnector",
    "anthropic",
    "gemini",
    "openai",
]
