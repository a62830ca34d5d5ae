"""Plain words for the kinds of records that systems report, as one table."""

from privacy.datamap import SUBJECT_ROWS

# What processors hold, by the names that their connectors use.
AT_PROCESSORS: dict[str, str] = {
    "customer": "Customer record",
    "subscription": "Subscriptions",
    "payment_method": "Payment methods",
    "tax_id": "Tax numbers",
    "invoice": "Invoices",
    "charge": "Payments",
    "payment_intent": "Payment attempts",
    "user": "Sign-in account",
    "identity": "Ways to sign in",
    "session": "Sessions",
    "factor": "Second factors",
    "webauthn_credential": "Security keys",
    "mfa_challenge": "Uses of a second factor",
    "one_time_token": "Mailed sign-in links",
    "flow_state": "Sign-ins through another service",
    "audit_log_entry": "Sign-in log entries",
}
KINDS: dict[str, str] = {row.collection: row.title for row in SUBJECT_ROWS} | AT_PROCESSORS


def kind_name(kind: str) -> str:
    """What people call it; a kind without a word of its own is at least readable."""
    return KINDS.get(kind, kind.replace("_", " ").capitalize())
