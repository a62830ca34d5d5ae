"""The vendor's own client against a sandbox in this process."""

from typing import Any

import stripe

from fluxrouter.sandbox.stripe import StripeSandbox
from fluxrouter.sandbox.stripe.keys import SECRET_KEY
from fluxrouter.sandbox.transport import requests_session


class Clock:
    """A time that only the test moves."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def client_of(
    sandbox: StripeSandbox, key: str = SECRET_KEY, max_network_retries: int = 0
) -> stripe.StripeClient:
    http = stripe.RequestsClient(session=requests_session(sandbox), timeout=5)
    return stripe.StripeClient(key, http_client=http, max_network_retries=max_network_retries)


def refusal(call: Any, *args: Any) -> tuple[int | None, str | None]:
    """Status and code of the error that the call ends in; (200, None) when it doesn't."""
    try:
        call(*args)
    except stripe.StripeError as error:
        body: Any = error.json_body or {}  # `error.code` is left empty for some classes
        return error.http_status, body.get("error", {}).get("code")
    return 200, None
