"""What we use an account's data for, and what stops when a use is restricted. One table.

Sign-in and service go on under a restriction: only an erasure's freeze stops them.
"""

from typing import NamedTuple

from django.db.models import TextChoices


class Purpose(TextChoices):
    """One use of a person's data."""

    SERVICE = "service", "Sign-in and service"
    STORED_COPIES = "stored_copies", "Redacted copies of requests and answers"
    ANALYTICS = "analytics", "Analytics"
    MARKETING = "marketing", "News and offers by e-mail"
    PROFILING = "profiling", "Profiling"
    SALE = "sale", "Sale or sharing"
    BILLING = "billing", "Collecting payments"


class Effect(NamedTuple):
    """What a restriction of a purpose does: in words for the person, and who obeys it."""

    stops: str
    goes_on: str
    obeyed_by: str


PURPOSES: dict[Purpose, Effect] = {
    Purpose.SERVICE: Effect(
        "You can’t sign in, your API keys are refused, and nothing is charged.",
        "Nothing",
        "Supabase Auth (ban), the gateway (deny-list), Stripe (billing paused)",
    ),
    Purpose.STORED_COPIES: Effect(
        "We keep no new redacted copies of your requests and answers, and use none we have.",
        "Your requests are answered as before.",
        "The gateway, before it stores a copy",
    ),
    Purpose.ANALYTICS: Effect(
        "Your use is left out of our statistics.",
        "Metering that your bill rests on.",
        "Roll-ups and reports, which leave restricted accounts out",
    ),
    Purpose.MARKETING: Effect(
        "We send you no news or offers.",
        "Mail about your account, your bills and your requests.",
        "Resend (contact unsubscribed)",
    ),
    Purpose.PROFILING: Effect(
        "Nothing is predicted or decided about you from your use.",
        "Rate limits and abuse checks that treat all accounts alike.",
        "Jobs that score accounts, which leave restricted accounts out",
    ),
    Purpose.SALE: Effect(
        "Your data is not sold or shared for advertising. We do neither anyway.",
        "Processors that work for us under contract.",
        "Exports, of which none exists",
    ),
    Purpose.BILLING: Effect(
        "Payments are not collected; invoices that fall due meanwhile are voided.",
        "Your service.",
        "Stripe (collection paused)",
    ),
}
