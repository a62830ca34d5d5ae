"""The schedule in words, by its codes: kinds of data, clocks, and what is done at the end."""

from django.apps import apps

from retention.rollups import ROLL_UPS
from retention.rules import RetentionRule, in_words

# What staff read where the model's own name says too little.
KINDS: dict[str, str] = {
    "accounts.GatewayBody": "Redacted copies of requests and answers",
    "accounts.GatewayRequest": "Request metadata",
    "accounts.Account": "Accounts",
    "accounts.SupportMessage": "Messages to support",
    "accounts.BillingRecord": "Invoices",
    "accounts.UsageStatement": "Usage statements",
    "privacy.PrivacyRequest": "Privacy requests",
    "retention.LegalHold": "Legal holds",
    "admin.LogEntry": "What staff did in the admin",
    "privacy.Draft": "Privacy requests being written",
    "privacy.MailToken": "Mailed links and codes",
    "privacy.Package": "Packages",
    "privacy.Suppression": "Keyed hashes of whom we erased",
    "privacy.ProcessorEvent": "Messages from processors",
    "privacy.BrowserSignal": "Browsers that asked us not to sell or share",
    "accounts.Restriction": "What must not be done with an account’s data",
    "accounts.FeedEntry": "What gateways must hear of",
    "privacy.InboundMail": "Mail to our privacy address",
    "sessions.Session": "Staff’s sessions",
    "foundation.JobRun": "Runs of jobs",
}
# What the time is counted from, by the clock.
FROM: dict[str, str] = {
    "id": "the day of the call",
    "closed_at": "closing",
    "last_active_at": "the last use",
    "received_at": "receipt",
    "issued_on": "the invoice",
    "day": "the invoice for that day, at most a month later",
    "released_at": "the release",
    "last_on": "the last visit",
    "since": "the end of its account",
    "settled_at": "the day on which staff settled it",
    "changed_at": "the last change",
    "action_time": "the deed",
    "attempt_time": "the attempt",
    "created_at": "the start",
    "expires_at": "the end of its time",
    "expire_date": "the end of its time",
    "window": "the run",
}
# What becomes of what is over, by the code of the disposition.
THEN: dict[str, str] = {
    "retire": "Delete the whole day at once",
    "erase_subject": "Erase the person in every system, as if they had asked",
    "erase_dormant": "Tell the owner 60 and 14 days before, then erase the person in every system",
    "delete": "Delete the rows",
    "end_with_account": "Delete what a browser asked for; what a request asked for stays with "
    "the record of that request",
    "delete_request": "Delete the record with its trail of events. A hash over all trails stays, "
    "from which nothing can be read",
    "delete_with_key": "Delete the rows and their data key; a draft’s key stays if it became a "
    "request",
    "remove_mail": "Delete the rows, their files and their data key",
    "remove_package": "Delete the files and their data key; the row stays and says when",
}
SUMMED_UP = (
    "Note what each account used on that day, publish sums of many accounts, and delete the whole "
    "day at once"
)


def name_of(model: str) -> str:
    """A kind of data, for staff."""
    own = str(apps.get_model(model)._meta.verbose_name_plural)
    return KINDS.get(model, own[:1].upper() + own[1:])


def start_of(rule: RetentionRule) -> str:
    """“The invoice”, “the end of the year of the invoice”."""
    start = FROM[rule.clock]
    return f"the end of the year of {start}" if rule.from_year_end else start


def time_of(rule: RetentionRule) -> str:
    """“90 days after the day of the call”, “8 years after the end of the year of the invoice”,
    “until the end of its time”.
    """
    length, start = in_words(rule.keep_for), start_of(rule)
    return f"until {start}" if length == "until then" else f"{length} after {start}"


def then_of(rule: RetentionRule) -> str:
    return SUMMED_UP if rule.model in ROLL_UPS else THEN[rule.dispose]
