"""The third parties that the privacy policy names, as one table."""

from typing import NamedTuple


class Processor(NamedTuple):
    """`connector` names who talks to it; without one, `by_hand` says who does what."""

    name: str
    does: str
    data: str
    region: str
    transfer: str
    connector: str = ""
    by_hand: str = ""


SCC = "EU-US Data Privacy Framework or Standard Contractual Clauses, as its own terms say"

PROCESSORS = (
    Processor(
        "Stripe",
        "Payments and billing",
        "Name, address, payment methods, invoices",
        "United States",
        SCC,
        connector="stripe",
    ),
    Processor(
        "Supabase",
        "Sign-in and database",
        "Account, sign-in identities, sessions",
        "United States",
        SCC,
        connector="supabase_auth",
    ),
    Processor(
        "Cloudflare",
        "Security and delivery",
        "IP addresses, passing through",
        "Worldwide",
        SCC,
        by_hand="Keeps no log of single visitors for us by default.",
    ),
    Processor(
        "Resend",
        "E-mail",
        "Addresses and letters we send",
        "United States",
        SCC,
        by_hand="A contact can be deleted in its dashboard; sent mail ages out by plan.",
    ),
    Processor(
        "Chatbase",
        "Support assistant",
        "What people type into it",
        "United States",
        SCC,
        by_hand="Conversations can be deleted in its dashboard.",
    ),
    Processor(
        "AI model providers",
        "Answer the requests",
        "Content of requests",
        "Worldwide",
        SCC,
        by_hand="Their own terms and retention apply; nothing is stored there by us.",
    ),
)
