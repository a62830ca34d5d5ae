"""The third parties that the privacy policy names, as one table."""

from collections.abc import Collection
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from retention.billing_periods import BILLING


class Limit(NamedTuple):
    """What can't be erased at a processor: what, why, until when. In words for the public."""

    what: str
    why: str
    until: str


class Expiry(NamedTuple):
    """What a processor keeps for a fixed time after the last use and then drops by itself."""

    what: str
    after: relativedelta


class Processor(NamedTuple):
    """One third party. `connectors` name who talks to it; when none of these is in use, staff do
    `task` by hand, with evidence.

    `used_if`: kinds of the plan (`connector.kind`) without which the person's data never went
    there; empty: it may always have. `contact` is where a letter about a person goes.

    `kind` is what it is called where no names are told. `basis`, `source` and `kept` are told to
    whom it has data of; `always` says why it has something of everybody, "" when it doesn't.
    """

    key: str
    name: str  # as the policy names it
    title: str
    does: str
    data: str
    region: str
    transfer: str
    contact: str
    connectors: tuple[str, ...] = ()
    task: str = ""
    used_if: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    expiry: Expiry | None = None
    kind: str = ""
    basis: str = ""
    source: str = ""
    kept: str = ""
    always: str = ""


CONTRACT = "GDPR Art. 6(1)(b): performance of our contract"
INTEREST = "GDPR Art. 6(1)(f): securing and improving the service"
WHILE_ACTIVE = "As long as you have an account, or until you have it erased"
SCC = "EU-US Data Privacy Framework or Standard Contractual Clauses, as its own terms say"
CALLS = ("database.gatewayrequest",)
STORED = ("database.providerobject",)

PROCESSORS = (
    Processor(
        "stripe",
        "Stripe",
        "Stripe",
        "Payments and billing",
        "Name, address, payment methods, invoices",
        "United States",
        SCC,
        "https://support.stripe.com/contact",
        connectors=("stripe",),
        kind="Payment service",
        basis=CONTRACT,
        source="You, when you paid",
        kept=f"{WHILE_ACTIVE}; payments and invoices until {BILLING.until}",
        limits=(
            Limit(
                "Payments, final invoices, credit notes, refunds and disputes",
                "Stripe has no call that deletes them "
                "(docs.stripe.com/privacy/deletion-requests); we must be able to show our taxes, "
                "and Stripe its own payment records.",
                f"{BILLING.until}; at Stripe as long as its own law requires",
            ),
            Limit(
                "Copies in Stripe’s log of events",
                "Stripe has no list of events by person and no call that deletes them "
                "(docs.stripe.com/api/events).",
                "30 days after the event",
            ),
            Limit(
                "Your Link wallet",
                "It belongs to your own account with Stripe. Only you can delete it, in Link.",
                "until you delete it",
            ),
        ),
    ),
    Processor(
        "supabase",
        "Supabase",
        "Supabase",
        "Sign-in, database and file storage",
        "Account, sign-in identities, sessions, files",
        "United States",
        SCC,
        "https://supabase.com/dashboard/support/new",
        connectors=("supabase_auth", "supabase_storage"),
        kind="Hosting, sign-in and file storage",
        basis=CONTRACT,
        source="You, when you signed up, signed in or stored a file",
        kept=WHILE_ACTIVE,
        always="Our database is there, with your account, if you have one, and this request.",
        limits=(
            Limit(
                "Backups of the database",
                "A backup can’t be changed. If one is ever restored, your erasure is repeated.",
                "until the backup ends (7 to 30 days, by plan)",
            ),
            Limit(
                "Sign-in logs outside the database",
                "Supabase keeps a log of its own without a call that deletes from it "
                "(supabase.com/docs/guides/auth/audit-logs).",
                "until the log ends (1 to 90 days, by plan)",
            ),
        ),
    ),
    Processor(
        "cloudflare",
        "Cloudflare",
        "Cloudflare",
        "Security and delivery",
        "IP addresses, passing through",
        "Worldwide",
        SCC,
        "https://www.cloudflare.com/trust-hub/gdpr/",
        kind="Security and delivery",
        basis=INTEREST,
        source="Your browser, with each visit",
        kept="Hours",
        always="Every visit to our pages and every call passes through it.",
        limits=(
            Limit(
                "Traces of single visits",
                "Cloudflare keeps no log of single visitors for us by default, and has no call "
                "that finds a person (developers.cloudflare.com/logs).",
                "hours; nothing is kept for us",
            ),
        ),
    ),
    Processor(
        "resend",
        "Resend",
        "Resend",
        "E-mail",
        "Addresses, letters we send, and mail to our privacy address",
        "United States",
        SCC,
        "support@resend.com",
        connectors=("resend",),
        kind="E-mail service",
        basis=CONTRACT,
        source="You, and the letters we send you",
        kept=f"{WHILE_ACTIVE}; its log of letters as its plan says",
        always="It carries our letters to you, those on this request among them.",
        task="Delete the person’s contact in Resend’s dashboard.",
        limits=(
            Limit(
                "The log of letters we sent you",
                "Resend has no call that deletes sent mail or its log "
                "(resend.com/docs/api-reference).",
                "until its log ends, by plan",
            ),
        ),
    ),
    Processor(
        "chatbase",
        "Chatbase",
        "Chatbase",
        "Support assistant",
        "What people type into it",
        "United States",
        SCC,
        "support@chatbase.co",
        connectors=("chatbase",),
        kind="Support assistant",
        basis=CONTRACT,
        source="You, when you wrote to the assistant",
        kept=WHILE_ACTIVE,
        task="Find the person’s conversations and leads in Chatbase’s dashboard and delete them; "
        "ask Chatbase for what can’t be deleted there.",
        limits=(
            Limit(
                "Contact details left with the assistant (“leads”)",
                "Chatbase lists them and has no call that deletes them; we ask Chatbase to "
                "(chatbase.co/docs/api-reference).",
                "until Chatbase confirms",
            ),
        ),
    ),
    Processor(
        "openai",
        "AI model providers",
        "OpenAI",
        "Answers requests",
        "Content of requests",
        "United States",
        SCC,
        "privacy@openai.com",
        connectors=("openai",),
        kind="AI model providers",
        basis=CONTRACT,
        source="You, through the gateway",
        kept="30 days after your last request; what you store there, until it is deleted",
        task="Delete the objects listed in the plan in OpenAI’s dashboard.",
        used_if=STORED,
        limits=(
            Limit(
                "Logs against abuse",
                "OpenAI keeps what went through its API for a while, and longer where law or "
                "protection requires (developers.openai.com/api/docs/guides/your-data).",
                "30 days after your last request",
            ),
        ),
        expiry=Expiry("Logs against abuse", relativedelta(days=30)),
    ),
    Processor(
        "anthropic",
        "AI model providers",
        "Anthropic",
        "Answers requests",
        "Content of requests",
        "United States",
        SCC,
        "privacy@anthropic.com",
        connectors=("anthropic",),
        kind="AI model providers",
        basis=CONTRACT,
        source="You, through the gateway",
        kept="30 days after your last request; what you store there, until it is deleted",
        task="Delete the objects listed in the plan in Anthropic’s console.",
        used_if=STORED,
        limits=(
            Limit(
                "Inputs and outputs",
                "Anthropic keeps them for a while; flagged ones up to 2 years, their scores up to "
                "7 (privacy.anthropic.com/en/articles/7996866).",
                "30 days after your last request",
            ),
        ),
        expiry=Expiry("Inputs and outputs", relativedelta(days=30)),
    ),
    Processor(
        "gemini",
        "AI model providers",
        "Google Gemini",
        "Answers requests",
        "Content of requests",
        "Worldwide",
        SCC,
        "https://support.google.com/cloud/contact/dpo",
        connectors=("gemini",),
        kind="AI model providers",
        basis=CONTRACT,
        source="You, through the gateway",
        kept="30 days after your last request; what you store there, until it is deleted",
        task="Delete the objects listed in the plan in Google AI Studio.",
        used_if=STORED,
        limits=(
            Limit(
                "Logs against abuse",
                "Google keeps prompts for a limited time; grounding with Search or Maps can’t be "
                "opted out of (ai.google.dev/gemini-api/docs/zdr).",
                "30 days after your last request",
            ),
        ),
        expiry=Expiry("Logs against abuse", relativedelta(days=30)),
    ),
)
BY_KEY = {row.key: row for row in PROCESSORS}


def processor_of(name: str) -> Processor:
    """The row of a connector or of a processor's key."""
    return next(row for row in PROCESSORS if name == row.key or name in row.connectors)


def is_served(row: Processor, connectors: Collection[str]) -> bool:
    """Whether a connector in use talks to it."""
    return any(name in connectors for name in row.connectors)
