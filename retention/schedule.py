"""The retention schedule. To change how long we keep something, change this file."""

from dateutil.relativedelta import relativedelta

from retention.rules import RetentionRule

RETENTION_SCHEDULE = (
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
        basis="A repeated message must be known for as long as it is repeated; no personal data",
    ),
    RetentionRule(
        model="privacy.BrowserSignal",
        clock="last_on",
        keep_for=relativedelta(days=395),
        basis="As long as its cookie lets a browser be known again; GDPR Art. 5(1)(e)",
    ),
    RetentionRule(
        model="accounts.FeedEntry",
        clock="changed_at",
        keep_for=relativedelta(days=30),
        basis="A gateway that was away for so long begins again. What is still in force stays: "
        "a trigger refuses",
    ),
    RetentionRule(
        model="privacy.InboundMail",
        clock="settled_at",
        keep_for=relativedelta(days=30),
        basis="Long enough to take a mistake back; GDPR Art. 5(1)(e). What belongs to a request "
        "stays until the key of that request goes",
        dispose="remove_mail",
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

# Tables of people's data that need no rule here yet, each with the reason.
EXEMPT = {
    "accounts.Account": "Kept while the account is active, as the policy says; goes by erasure.",
    "accounts.ApiKey": "Goes with its account.",
    "accounts.GatewayRequest": "Goes by erasure. Its operational period is still open "
    "(the claim metadata-limited).",
    "accounts.GatewayBody": "As the request's metadata.",
    "accounts.SupportMessage": "Goes by erasure; a period of its own is still open.",
    "accounts.ProviderObject": "Goes by erasure, or when the gateway deletes the object.",
    "accounts.BillingRecord": "Kept under tax law; disposal after 7 years is still open.",
    "accounts.Restriction": "Kept with its request; one by a browser's signal with its account.",
    "privacy.PrivacyRequest": "Contact data ends with its key (60 days after closing); the record "
    "itself must be kept 24 months (11 CCR § 7101).",
}
