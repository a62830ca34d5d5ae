"""A stand-in for the AI model providers: OpenAI, Anthropic and Gemini."""

from fluxrouter.sandbox.model_providers.app import ModelProviders, create_app
from fluxrouter.sandbox.model_providers.doors import KEYS
from fluxrouter.sandbox.model_providers.rules import RULES

__all__ = ["KEYS", "RULES", "ModelProviders", "create_app"]
