"""API keys and what a restricted one may do (docs.stripe.com/keys/restricted-api-keys)."""

import re
from collections.abc import Mapping

from fluxrouter.sandbox.messages import Response
from fluxrouter.sandbox.stripe.errors import INVALID, envelope

Permissions = Mapping[str, str]
LEVELS = ("none", "read", "write")
RESOURCES = (
    "customers",
    "subscriptions",
    "invoices",
    "charges",
    "payment_intents",
    "payment_methods",
)
SECRET_KEY = "sk_test_sandbox"  # noqa: S105 - a stand-in's key opens nothing
_RESOURCE = re.compile(r"^/v1/(?:customers/<\w+>/(payment_methods)|(\w+))")


class Keys:
    """Secret keys may do everything; `rk_` keys hold none, read or write for a resource."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._known: dict[str, Permissions | None] = {SECRET_KEY: None}

    def add(self, key: str, permissions: Permissions | None = None) -> None:
        for resource, level in (permissions or {}).items():
            if resource not in RESOURCES or level not in LEVELS:
                raise ValueError(f"no permission {resource}={level}")
        self._known[key] = (permissions or {}) if key.startswith("rk_") else None

    def unknown(self, key: str) -> bool:
        return key not in self._known

    def may(self, key: str, resource: str, level: str) -> bool:
        permissions = self._known.get(key)
        if permissions is None:
            return True
        return LEVELS.index(permissions.get(resource, "none")) >= LEVELS.index(level)


def needed(method: str, template: str) -> tuple[str, str]:
    """Resource and level; tax ids belong to their customer."""
    found = _RESOURCE.match(template)
    resource = (found[1] or found[2]) if found else ""
    return resource, "read" if method == "GET" else "write"


def unauthorized(status: int) -> Response:
    return envelope(status, INVALID, "Invalid API Key provided.")


def forbidden(status: int, resource: str, level: str) -> Response:
    permission = f"rak_{resource.removesuffix('s')}_{level}"
    message = (
        "The provided key does not have the required permissions for this endpoint. "
        f"Having the '{permission}' permission would allow this request to continue."
    )
    return envelope(status, INVALID, message, "more_permissions_required")
