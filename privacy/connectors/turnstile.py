"""Asks Cloudflare Turnstile whether a token came from a person at our form.

It is no connector of the ledger: it holds nothing, and nothing about a person is sent. Source:
developers.cloudflare.com/turnstile/get-started/server-side-validation.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

import httpx
from django.conf import settings

LONGEST_TOKEN = 2048
TRIES = 2
TIMEOUT = 5  # seconds: somebody waits for the page
# What the token's holder can't help.
NOT_THEIRS = frozenset(
    {"missing-input-secret", "invalid-input-secret", "bad-request", "internal-error"}
)


class Verdict(StrEnum):
    """What Cloudflare says. AWAY: it doesn't answer, or it can't for a reason of ours."""

    PASSED = "passed"
    FAILED = "failed"
    AWAY = "away"


# None is the network; tests put the sandbox here.
transport: httpx.BaseTransport | None = None


def verify(token: str, submission: UUID) -> Verdict:
    """Check a token once. The same submission with the same token gets the same verdict.

    The person's IP address is not sent.
    """
    if len(token) > LONGEST_TOKEN:
        return Verdict.FAILED
    fields = {
        "secret": settings.TURNSTILE_SECRET_KEY,
        "response": token,
        "idempotency_key": str(uuid5(submission, token)),
    }
    with httpx.Client(timeout=TIMEOUT, transport=transport, follow_redirects=False) as http:
        for _ in range(TRIES):
            try:
                answer = http.post(settings.TURNSTILE_VERIFY_URL, json=fields)
                verdict = verdict_of(answer.json())
            except (httpx.HTTPError, ValueError, RecursionError):
                continue
            if verdict is not Verdict.AWAY:
                return verdict
    return Verdict.AWAY


def verdict_of(answer: Any) -> Verdict:
    """An answer in no known shape says nothing about the person."""
    if not isinstance(answer, dict) or not isinstance(answer.get("success"), bool):
        return Verdict.AWAY
    if answer["success"]:
        return Verdict.PASSED
    codes = answer.get("error-codes")
    if not (isinstance(codes, list) and codes):
        return Verdict.AWAY
    return Verdict.AWAY if NOT_THEIRS & {str(code) for code in codes} else Verdict.FAILED
