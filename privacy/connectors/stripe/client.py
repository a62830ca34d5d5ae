"""Stripe's client, and its errors in the ledger's words."""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.request import getproxies

import requests
import stripe
from django.conf import settings

from privacy.connectors.errors import (
    ConnectorError,
    PermanentError,
    RetryError,
    UnknownOutcomeError,
    asked_seconds,
)
from privacy.connectors.throttle import Throttle

GONE = "resource_missing"
JITTER = (1, 4)  # seconds


class GoneError(ConnectorError):
    """The object isn't there (any more). For an erasure that is success."""


class ThrottledClient(stripe.RequestsClient):
    """Each call waits for its turn (docs.stripe.com/rate-limits)."""

    def __init__(self, throttle: Throttle, **options: Any) -> None:
        super().__init__(**options)
        self._throttle = throttle

    def request(
        self, method: str, url: str, headers: Any, post_data: Any = None, **options: Any
    ) -> tuple[Any, int, Mapping[str, str]]:
        self._throttle.wait()
        return super().request(method, url, headers, post_data, **options)


def throttle() -> Throttle:
    """Stripe's limit is per account, so all workers and both keys take turns together."""
    return Throttle("stripe", settings.STRIPE_REQUESTS_PER_SECOND, settings.CELERY_BROKER_URL)


def make_client(key: str, throttle: Throttle) -> stripe.StripeClient:
    """The ledger retries, so the client doesn't."""
    timeout = settings.PROCESSOR_TIMEOUT.total_seconds()
    session = requests.Session()
    session.max_redirects = 0  # our key goes to Stripe and nowhere else
    # Else requests searches environment and ~/.netrc at each call, half of its time. And a
    # password in ~/.netrc is nobody's key.
    session.trust_env = bool(getproxies())
    return stripe.StripeClient(
        key,
        base_addresses={"api": settings.STRIPE_API_BASE},
        http_client=ThrottledClient(throttle, timeout=timeout, session=session),
        max_network_retries=0,
    )


def translate(error: stripe.StripeError) -> ConnectorError:
    """Stripe's answer as one of the ledger's kinds. Its message is dropped: it may name a person.

    Source: docs.stripe.com/error-handling, /error-codes, /rate-limits, /idempotency.
    """
    code = str(error.code or type(error).__name__)
    status = error.http_status or 0
    if code == GONE:
        return GoneError(code)
    if isinstance(error, stripe.RateLimitError) or status == 409 or code == "lock_timeout":
        return RetryError(code, after=retry_after(error))
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        return PermanentError("no_permission")
    if isinstance(error, stripe.APIConnectionError):
        return UnknownOutcomeError("no_answer")
    if status >= 500 or isinstance(error, stripe.APIError):
        # v1 keeps a 5xx under the idempotency key and repeats it: the next try needs a new one.
        return UnknownOutcomeError("processor_error", stored=status >= 500)
    return PermanentError(code)


def retry_after(error: stripe.StripeError) -> timedelta:
    """What the answer asks for, or some seconds: never the same for all who were refused."""
    jitter = random.uniform(*JITTER)  # noqa: S311  (no secret)
    asked = (error.headers or {}).get("retry-after", "")
    return timedelta(seconds=asked_seconds(asked, jitter))


@contextmanager
def stripe_errors() -> Iterator[None]:
    """Turns Stripe's errors into ConnectorErrors, without their text."""
    try:
        yield
    except stripe.StripeError as error:
        raise translate(error) from None


@contextmanager
def gone_is_success() -> Iterator[None]:
    """What isn't there needs no erasing."""
    try:
        with stripe_errors():
            yield
    except GoneError:
        return
