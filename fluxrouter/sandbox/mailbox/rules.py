"""Resend's rules that we depend on; each can be broken on purpose.

Sources: resend.com/docs/api-reference/{errors,pagination},
resend.com/docs/api-reference/contacts/{update-contact,delete-contact},
resend.com/docs/dashboard/emails/idempotency-keys, resend.com/docs/dashboard/audiences/contacts
and resend/resend-openapi@fd6f395:resend.yaml (v1.5.0: contacts belong to the team, not to an
audience). "Not confirmed" is what no page says: docs/live-checks.md asks a real account.
"""

from datetime import timedelta

KEY_LIVES = timedelta(hours=24)
MOST_RECIPIENTS = 50
LONGEST_KEY = 256
LARGEST_PAGE = 100
SENDING_KEY = "re_sending"  # here, keys that begin so have `sending_access` only

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
    "sending_key_only_sends": (
        "A key with `sending_access` answers 401 `restricted_api_key` to all but sending. (errors)"
    ),
    "lists_have_pages": (
        "With `limit` a list has so many rows, the newest first; `has_more` says that the id of"
        " the last one, as `after`, gives the next. (pagination)"
    ),
    "address_heeds_case": ("A contact is found by its address as it was written. (Not confirmed)"),
    "address_can_be_changed": (
        "PATCH takes a new `email`. (resend.yaml: UpdateContactOptions; update-contact doesn't"
        " list it: not confirmed)"
    ),
    "unsubscribed_is_kept": (
        "`unsubscribed` keeps a contact out of all broadcasts, until it is set back."
        " (update-contact)"
    ),
    "deleted_contact_is_gone": (
        "A deleted contact is in no list, and answers 404. (delete-contact)"
    ),
}
