"""The retention schedule. To change how long we keep something, change this file."""

from dateutil.relativedelta import relativedelta
from django.conf import settings

from retention import sign_in
from retention.billing_periods import BILLING
from retention.rules import External, RetentionRule

BILLED_WITHIN = relativedelta(months=1)  # calls are billed by the month

# By setting only: an account that nobody uses, although nobody closed it.
DORMANT = (
    RetentionRule(
        model="accounts.Account",
        clock="last_active_at",
        keep_for=relativedelta(months=settings.DORMANT_MONTHS),
        basis="Nobody needs the data of an account that nobody uses; its owner is told 60 and 14 "
        "days before; GDPR Art. 5(1)(e)",
        dispose="erase_dormant",
        subject="pk",
    ),
)

RETENTION_SCHEDULE: tuple[RetentionRule, ...] = (
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
        keep_for=BILLING.keep_for,
        from_year_end=BILLING.from_year_end,
        basis=BILLING.basis,
        subject="account_id",
    ),
    RetentionRule(
        model="accounts.UsageStatement",
        clock="day",
        keep_for=BILLING.keep_for,
        from_year_end=BILLING.from_year_end,
        lag=BILLED_WITHIN,
        basis="As the invoices that rest on it",
        subject="account_id",
    ),
    RetentionRule(
        model="privacy.PrivacyRequest",
        clock="closed_at",
        keep_for=relativedelta(months=24),
        basis="The record of a request is kept for 24 months (11 CCR § 7101), longer where a law "
        "says so",
        dispose="delete_request",
    ),
    RetentionRule(
        model="retention.LegalHold",
        clock="released_at",
        keep_for=relativedelta(months=24),
        basis="Names an account by its number and shows why its data stayed, as long as the "
        "record of a request does; GDPR Art. 5(2)",
    ),
    RetentionRule(
        model="admin.LogEntry",
        clock="action_time",
        keep_for=relativedelta(months=24),
        basis="What staff did in the admin, by their ids; as long as the record of a request; "
        "GDPR Art. 5(2), 32",
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
        basis="A repeated message must be known for as long as it is repeated; no personal data",
    ),
    RetentionRule(
        model="privacy.BrowserSignal",
        clock="last_on",
        keep_for=relativedelta(days=395),
        basis="As long as its cookie lets a browser be known again; GDPR Art. 5(1)(e)",
    ),
    RetentionRule(
        model="accounts.Restriction",
        clock="since",
        keep_for=relativedelta(),
        basis="What a browser asked for is obeyed while we could process the person: each hour we "
        "look whether the account is still there; GDPR Art. 5(1)(e), (2)",
        dispose="end_with_account",
        subject="account_id",
    ),
    RetentionRule(
        model="accounts.FeedEntry",
        clock="changed_at",
        keep_for=relativedelta(days=30),
        basis="A gateway that was away for so long begins again. What is still in force stays; "
        "GDPR Art. 5(1)(e), 32",
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
        basis="Staff’s sign-ins end after eight hours",
    ),
    RetentionRule(
        model="foundation.JobRun",
        clock="window",
        keep_for=relativedelta(days=90),
        basis="Long enough to see when a job began to fail; no personal data",
    ),
    *(DORMANT if settings.DORMANT_MONTHS else ()),
    *sign_in.in_force(),
)

# A hold on days counts them by the first rule of its model.
BY_MODEL = {rule.model: rule for rule in reversed(RETENTION_SCHEDULE)}

# Tables of people's data without a rule of their own, each with the reason. What cascades from a
# table that is decided goes with it and isn't named here.
EXEMPT = {
    "accounts.GatewayKey": "Names a gateway and nobody; a revoked key stays to show whose it was.",
    "accounts.ProviderObject": "Goes by erasure, or when the gateway deletes the object.",
    "accounts.Restriction": "What a request asked for stays with it, and ends with its record.",
    "accounts.User": "Staff are made inactive, never deleted: the trail names them by id.",
    "retention.DormancyNotice": "Goes with its account, or when the account is used again.",
    "foundation.TrailEvent": "Goes with its request, as a whole chain. Chains of holds and rules "
    "hold codes and ids of staff, and stay to show who did what.",
    "privacy.LetterRelease": "Says which of staff released a text; stays as long as the text.",
    **sign_in.exempt(),
}

# What isn't a table of ours and may hold people's data all the same.
EXTERNAL = (
    External(
        "Files of packages",
        "`PACKAGE_DIR`",
        "30 days after they are ready",
        "Our hourly job deletes them and their key",
        "Thirty days to download; GDPR Art. 5(1)(e)",
    ),
    External(
        "Keys that open what is sealed",
        "`KEYSTORE_DIR`, and its backups for 7 days",
        "as long as the request, draft, mail or package that they open",
        "Our jobs destroy them, hourly and daily",
        "Without its key nothing sealed can be read; GDPR Art. 32(1)(a)",
    ),
    External(
        "Keyed hashes of whom we erased, outside the database",
        "`SUPPRESSION_FILE`",
        "as long as the oldest backup may come back, and 90 days",
        "Our daily job removes them",
        "To erase again after a restored backup; GDPR Art. 5(1)(e)",
    ),
    External(
        "Heads of the trail",
        "`TRAIL_SEAL_FILE`",
        "for ever",
        "Nobody has to: they are hashes, from which nothing about anybody can be read",
        "To show that the record wasn’t changed; GDPR Art. 5(2)",
    ),
    External(
        "Logs of our processes",
        "where the operator sends them",
        "30 days",
        "Our log system, by itself; no personal data is written to them",
        "Long enough to find a fault; GDPR Art. 5(1)(e), 32",
    ),
    External(
        "Logs of visits",
        "nowhere",
        "not kept",
        "Our servers are set to write none",
        "Paths hold secrets; GDPR Art. 5(1)(c)",
    ),
    External(
        "Messages between our processes",
        "Valkey",
        "60 seconds",
        "They expire by themselves; they name a task and nobody",
        "The database is the queue; GDPR Art. 5(1)(c)",
    ),
    External(
        "Sign-in log in the database",
        "`auth.audit_log_entries` at Supabase",
        "until the person is erased",
        "We delete the person’s entries when they ask, or when their account is over",
        "To see who used an account without leave; GDPR Art. 6(1)(f), 32",
    ),
    External(
        "Logs of companies that work for us",
        "each at its own place: see [processors](processors.md)",
        "as the terms of each say",
        "The company; what it keeps longer is named in every certificate",
        "GDPR Art. 28(3)(g)",
    ),
    External(
        "Letters of ours at the mail service",
        "Resend",
        "until its log ends, by plan",
        "Resend, by itself; we can’t delete from it",
        "resend.com/docs/api-reference",
    ),
    External(
        "Mail to and from staff’s own mailboxes",
        "the mail system of the company",
        "24 months after the request is closed",
        "Staff, by hand",
        "As the record of the request; 11 CCR § 7101",
    ),
    External(
        "Backups of the database",
        "at the database’s host; `LONGEST_BACKUP_DAYS`",
        "as long as the host’s plan keeps them",
        "The host; after a restore we erase again whom we had erased",
        "To repair what breaks; GDPR Art. 32(1)(c)",
    ),
)
