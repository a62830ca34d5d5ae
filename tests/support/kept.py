"""Which markers a package doesn't show, and which an erasure leaves, each for its reason."""

from fluxrouter.sandbox.stripe import PERSONAL_FIELDS

# A person is told that we hold these, not what they say: secrets, hashes, links that open without
# a sign-in, government numbers. Of mails they have the text, and it may hold such links. What
# somebody wrote at the assistant without signing in may be another's, but for the messages that
# hold the address.
WITHHELD = {
    *(f"resend.sent_mail.{name}" for name in ("html", "text", "attachments")),
    "chatbase.mention.title",
    "accounts.ApiKey.digest",
    *(f"auth.flow_state.{name}" for name in ("auth_code", "code_challenge", "invite_token")),
    *(f"auth.flow_state.provider_{name}_token" for name in ("access", "refresh")),
    *(f"auth.mfa_challenges.{name}" for name in ("otp_code", "web_authn_session_data")),
    *(f"auth.mfa_factors.{name}" for name in ("secret", "web_authn_credential")),
    "auth.mfa_factors.last_webauthn_challenge_data",
    "auth.one_time_tokens.token_hash",
    *(f"auth.refresh_tokens.{name}" for name in ("parent", "token")),
    "auth.users.encrypted_password",
    *(f"auth.users.{name}_token" for name in ("confirmation", "recovery", "phone_change")),
    *(f"auth.users.email_change_token_{name}" for name in ("current", "new")),
    "auth.users.reauthentication_token",
    *(f"auth.webauthn_credentials.{name}" for name in ("credential_id", "public_key")),
    *(f"stripe.{kind}.fingerprint" for kind in ("bank_account", "card")),
    *(f"stripe.{kind}.billing_details.tax_id" for kind in ("charge", "payment_method")),
    "stripe.charge.receipt_url",
    "stripe.checkout.session.customer_details.tax_ids[].value",
    "stripe.checkout.session.url",
    "stripe.credit_note.pdf",
    "stripe.invoice.customer_tax_ids[].value",
    *(f"stripe.invoice.{name}" for name in ("hosted_invoice_url", "invoice_pdf")),
    "stripe.payment_method.card.fingerprint",
    "stripe.tax_id.value",
}
# What tax law and the list of stopped accounts keep here.
KEPT_HERE = {
    *(f"accounts.BillingRecord.{name}" for name in ("amount_cents", "bill_to", "invoice_number")),
    *(
        f"accounts.UsageStatement.{name}"
        for name in (
            *("provider", "model", "requests"),
            *("input_tokens", "output_tokens", "cost_usd"),
        )
    ),
    # What of a call stands in the statement that is made before it goes.
    *(
        f"accounts.GatewayRequest.{name}"
        for name in ("provider", "model", "input_tokens", "output_tokens", "cost_usd")
    ),
    "accounts.BillingRecord.stripe_invoice_id",
    *(f"accounts.Restriction.{name}" for name in ("since", "lifted_at")),
}
# At Stripe past payments, what bills say, and the card's last digits; but for what we empty.
KEPT_AT_STRIPE = (
    *("charge", "refund", "dispute", "file", "invoice", "credit_note", "mandate"),
    *("checkout.session", "subscription_schedule", "customer_balance_transaction"),
    "payment_method.card",
)
EMPTIED_AT_STRIPE = (
    *(f"charge.{name}" for name in ("description", "metadata", "receipt_email", "shipping")),
    *("checkout.session.metadata", "checkout.session.url", "subscription_schedule.metadata"),
    *("invoice.metadata", "refund.metadata"),
    *(f"customer_balance_transaction.{name}" for name in ("description", "metadata")),
)


# By kind its ground, but for what Stripe's ledger keeps.
KEPT_ELSEWHERE = {
    "billingrecord": "tax",
    "usagestatement": "tax",
    "restriction": "suppression",
    "privacyrequest": "proof",
    "sent_mail": "mail_log",
    "suppression": "no_mail",
    "event": "event_log",
}


def is_kept_at_stripe(place: str) -> bool:
    place = place.removeprefix("stripe.")
    kept = place.startswith(tuple(f"{kind}." for kind in KEPT_AT_STRIPE))
    return kept and not place.startswith(EMPTIED_AT_STRIPE)


def kind_at_stripe(place: str) -> str:
    """How the certificate calls the object that holds it."""
    kind = next(kind for kind in PERSONAL_FIELDS if place.startswith(f"stripe.{kind}."))
    return kind.replace(".", "_")
