"""API keys and what a restricted one may do.

Sources: docs.stripe.com/keys/restricted-api-keys, /keys/permissions-reference,
/stripe-apps/reference/permissions.
"""

from collections.abc import Mapping

from fluxrouter.sandbox.messages import Response
from fluxrouter.sandbox.stripe.errors import INVALID, envelope

Permissions = Mapping[str, str]
LEVELS = ("none", "read", "write")
# Which permission a path needs; the longest beginning counts.
PATHS = {
    "/v1/charges": "charges",
    "/v1/checkout/sessions": "checkout_sessions",
    "/v1/credit_notes": "credit_notes",
    "/v1/customers": "customers",  # tax ids, sources and balance transactions with them
    "/v1/customers/<customer>/payment_methods": "payment_methods",
    "/v1/disputes": "disputes",
    "/v1/events": "events",
    "/v1/files": "files",
    "/v1/invoiceitems": "invoices",
    "/v1/invoices": "invoices",
    "/v1/mandates": "mandates",
    "/v1/payment_intents": "payment_intents",
    "/v1/payment_methods": "payment_methods",
    "/v1/privacy/redaction_jobs": "redaction_jobs",  # the vendor's name for it isn't published
    "/v1/promotion_codes": "promotion_codes",
    "/v1/quotes": "quotes",
    "/v1/refunds": "charges",
    "/v1/setup_intents": "setup_intents",
    "/v1/subscription_schedules": "subscriptions",
    "/v1/subscriptions": "subscriptions",
}
RESOURCES = frozenset(PATHS.values())
# Who may read these may read that too.
IMPLIED = {"mandates": ("checkout_sessions", "setup_intents")}

SECRET_KEY = "sk_test_sandbox"  # noqa: S105 - a stand-in's key opens nothing
READ_KEY = "rk_test_sandbox_read"
ERASE_KEY = "rk_test_sandbox_erase"
READ_PERMISSIONS: dict[str, str] = dict.fromkeys(
    (
        "charges",
        "checkout_sessions",
        "credit_notes",
        "customers",
        "disputes",
        "events",
        "files",
        "invoices",
        "payment_intents",
        "payment_methods",
        "promotion_codes",
        "quotes",
        "setup_intents",
        "subscriptions",
    ),
    "read",
)
ERASE_PERMISSIONS: dict[str, str] = READ_PERMISSIONS | dict.fromkeys(
    (
        "charges",  # to empty what describes a payment; it would allow refunds, too
        "checkout_sessions",
        "customers",
        "invoices",
        "payment_intents",
        "payment_methods",
        "promotion_codes",
        "quotes",
        "redaction_jobs",
        "setup_intents",
        "subscriptions",
    ),
    "write",
)


class Keys:
    """Secret keys may do everything; `rk_` keys hold none, read or write for a resource."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._known: dict[str, Permissions | None] = {
            SECRET_KEY: None,
            READ_KEY: READ_PERMISSIONS,
            ERASE_KEY: ERASE_PERMISSIONS,
        }

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
        named = (resource, *IMPLIED.get(resource, ())) if level == "read" else (resource,)
        held = [LEVELS.index(permissions.get(one, "none")) for one in named]
        return max(held) >= LEVELS.index(level)


def needed(method: str, template: str) -> tuple[str, str]:
    """Resource and level that a route asks for; KeyError for a route without a permission."""
    parts = template.split("/")
    for length in range(len(parts), 2, -1):
        if resource := PATHS.get("/".join(parts[:length])):
            return resource, "read" if method == "GET" else "write"
    raise KeyError(template)


def unauthorized(status: int) -> Response:
    return envelope(status, INVALID, "Invalid API Key provided.")


def forbidden(status: int, resource: str, level: str) -> Response:
    permission = f"rak_{resource.removesuffix('s')}_{level}"
    message = (
        "The provided key does not have the required permissions for this endpoint. "
        f"Having the '{permission}' permission would allow this request to continue."
    )
    return envelope(status, INVALID, message, "more_permissions_required")
