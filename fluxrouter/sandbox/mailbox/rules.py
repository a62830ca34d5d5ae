"""Resend's rules that a sender depends on; each can be broken on purpose.

Sources: resend.com/docs/api-reference/errors, resend.com/docs/dashboard/emails/idempotency-keys
and resend/resend-openapi@fd6f395:resend.yaml.
"""

from datetime import timedelta

KEY_LIVES = timedelta(hours=24)
MOST_RECIPIENTS = 50
LONGEST_KEY = 256

RULES: dict[str, str] = {
    "key_is_checked": (
        "No key answers 401 `missing_api_key`, a wrong one 403 `invalid_api_key`. (errors)"
    ),
    "idempotency_same_mail_once": (
        "The same Idempotency-Key and payload within 24 hours gives the first mail's id and sends"
        " nothing. (idempotency-keys)"
    ),
    "idempotency_other_payload_conflicts": (
        "The same Idempotency-Key with another payload answers 409 `invalid_idempotent_request`."
        " (errors)"
    ),
}
