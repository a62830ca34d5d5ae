"""The retention schedule. To change how long we keep something, change this file."""

from dateutil.relativedelta import relativedelta

from retention.rules import RetentionRule

RETENTION_SCHEDULE = (
    RetentionRule(
        model="accounts.GatewayBody",
        clock="id",
        keep_for=relativedelta(days=30),
        basis="Long enough to look into a complaint or an abuse; GDPR Art. 5(1)(e), 6(1)(f)",
        dispose="retire",
        subject="account_id",
    ),
    RetentionRule(
        model="accounts.GatewayRequest",
        clock="id",
        keep_for=relativedelta(days=90),
        basis="A billing period and the time to dispute it; then a statement per account and day "
        "and numbers of many remain; GDPR Art. 5(1)(e), 6(1)(b)",
        dispose="retire",
        subject="account_id",
    ),
    RetentionRule(
        model="accounts.Account",
        clock="closed_at",
        keep_for=relativedelta(days=30),
        basis="We keep account data while the account is active, and thirty days in which it can "
        "be opened again; then the person is erased in every system; GDPR Art. 5(1)(e)",
        dispose="erase_subject",
        subject="pk",
    ),
    RetentionRule(
        model="accounts.SupportMessage",
        clock="received_at",
        keep_for=relativedelta(months=24),
        basis="Questions come back within two years; GDPR Art. 5(1)(e), 6(1)(f)",
        subject="account_id",
    ),
    RetentionRule(
        model="accounts.BillingRecord",
        clock="issued_on",
        keep_for=relativedelta(years=7),
        basis="Our own policy: the longest period in which a tax authority may ask (26 U.S.C. "
        "§ 6501(c), (e); § 6511(d)(1)). No law names seven years",
        subject="account_id",
    ),
    RetentionRule(
        model="accounts.UsageStatement",
        clock="day",
        keep_for=relativedelta(years=7),
        basis="As the invoices that rest on it",
        subject="account_id",
    ),
    RetentionRule(
        model="privacy.PrivacyRequest",
        clock="closed_at",
        keep_for=relativedelta(months=24),
        basis="The record of a request is kept for 24 months (11 CCR § 7101), longer where a law "
        "says so; its contact data goes with its key, when the time to appeal is over",
        dispose="delete_request",
    ),
    RetentionRule(
        model="privacy.Draft",
        clock="created_at",
        keep_for=relativedelta(hours=24),
        basis="A form is filled in within a day; GDPR Art. 5(1)(c), (e)",
        dispose="delete_with_key",
    ),
    RetentionRule(
        model="privacy.MailToken",
        clock="expires_at",
        keep_for=relativedelta(days=1),
        basis="An expired link opens nothing; a day to explain why",
    ),
    RetentionRule(
        model="privacy.Package",
        clock="expires_at",
        keep_for=relativedelta(),
        basis="Thirty days to download; GDPR Art. 5(1)(e)",
        dispose="remove_package",
    ),
    RetentionRule(
        model="privacy.Suppression",
        clock="expires_at",
        keep_for=relativedelta(),
        basis="As long as the oldest backup may come back, and 90 days; GDPR Art. 5(1)(e)",
    ),
    RetentionRule(
        model="privacy.ProcessorEvent",
        clock="received_at",
        keep_for=relativedelta(days=30),
        basis="A repeated message must be known for as long as Stripe repeats; no personal data",
    ),
    RetentionRule(
        model="sessions.Session",
        clock="expire_date",
        keep_for=relativedelta(),
        basis="Staff's sign-ins end after eight hours",
    ),
    RetentionRule(
        model="foundation.JobRun",
        clock="window",
        keep_for=relativedelta(days=90),
        basis="Long enough to see when a job began to fail; no personal data",
    ),
)

BY_MODEL = {rule.model: rule for rule in RETENTION_SCHEDULE}

# Tables of people's data that need no rule here yet, each with the reason.
EXEMPT = {
    "accounts.ApiKey": "Goes with its account.",
    "accounts.ProviderObject": "Goes by erasure, or when the gateway deletes the object.",
    "accounts.Restriction": "Kept with its request.",
}
