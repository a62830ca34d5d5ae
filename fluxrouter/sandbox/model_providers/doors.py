"""Who may come in: each provider's headers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from fluxrouter.sandbox.messages import Request, Response
from fluxrouter.sandbox.model_providers.errors import error

if TYPE_CHECKING:
    from fluxrouter.sandbox.model_providers.app import ModelProviders

KEYS = {"openai": "sk-sandbox", "anthropic": "sk-ant-sandbox", "gemini": "AIza-sandbox"}
FILES_BETA = "files-api-2025-04-14"


def provider_of(request: Request) -> str:
    return request.path.split("/")[1]


def refusal(app: "ModelProviders", request: Request) -> Response | None:
    """The answer to a call that may not be made."""
    check = CHECKS.get(provider_of(request))
    return check(app, request) if check else None


def openai(app: "ModelProviders", request: Request) -> Response | None:
    if request.bearer == app.keys["openai"] or not app.rule("openai_key_is_checked"):
        return None
    return error("openai", 401, "Incorrect API key provided.", "invalid_api_key")


def anthropic(app: "ModelProviders", request: Request) -> Response | None:
    headers = request.headers
    if headers.get("x-api-key") != app.keys["anthropic"] and app.rule("anthropic_key_is_checked"):
        return error("anthropic", 401, "invalid x-api-key")
    if "anthropic-version" not in headers and app.rule("anthropic_version_is_needed"):
        return error("anthropic", 400, "anthropic-version: header is required")
    named = FILES_BETA in headers.get("anthropic-beta", "").split(",")
    files = request.path.startswith("/anthropic/v1/files")
    if files and not named and app.rule("anthropic_files_are_beta"):
        return error("anthropic", 404, "Not found")
    return None


def gemini(app: "ModelProviders", request: Request) -> Response | None:
    key = request.headers.get("x-goog-api-key")
    if key == app.keys["gemini"] or not app.rule("gemini_key_is_checked"):
        return None
    if key is None:
        return error("gemini", 403, "Method doesn't allow unregistered callers.")
    text = "API key not valid. Please pass a valid API key."
    return error("gemini", 400, text, "API_KEY_INVALID")


CHECKS: dict[str, Callable[["ModelProviders", Request], Response | None]] = {
    "openai": openai,
    "anthropic": anthropic,
    "gemini": gemini,
}
