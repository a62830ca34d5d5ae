"""Turnstile's rules for whoever checks a token; each can be broken on purpose.

Sources: developers.cloudflare.com/turnstile/get-started/server-side-validation (below: validation)
and developers.cloudflare.com/turnstile/troubleshooting/testing (below: testing).
"""

from datetime import timedelta

TOKEN_LIVES = timedelta(seconds=300)
LONGEST_TOKEN = 2048
PASSES = "1x0000000000000000000000000000000AA"
FAILS = "2x0000000000000000000000000000000AA"
SPENT = "3x0000000000000000000000000000000AA"
DUMMY_TOKEN = "XXXX.DUMMY.TOKEN.XXXX"  # noqa: S105 - published, for tests

RULES: dict[str, str] = {
    "token_is_used_once": ("A second check of a token is `timeout-or-duplicate`. (validation)"),
    "token_lives_300_seconds": "An older token is `timeout-or-duplicate`. (validation)",
    "token_has_2048_characters": "A longer token is `invalid-input-response`. (validation)",
    "same_key_same_answer": (
        "The same idempotency_key and token give the first answer again. (validation)"
    ),
    "secret_is_checked": "A wrong secret is `invalid-input-secret`. (validation)",
    "dummy_secrets_ignore_the_token": (
        "Of the three test secrets one passes, one fails, one says already spent, whatever the"
        " token. (testing)"
    ),
    "dummy_token_is_refused": "A real secret refuses the test token. (testing)",
}
