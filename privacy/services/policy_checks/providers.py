"""The companies that work for us."""

from anymail.backends.resend import EmailBackend as ResendBackend
from django.conf import settings
from django.core.mail.backends.locmem import EmailBackend as MemoryBackend
from django.utils.module_loading import import_string

from privacy.connectors.registry import connectors
from privacy.processors import PROCESSORS
from privacy.services.policy_checks.promise import require, require_none

NAMED = {"Stripe", "Supabase", "Cloudflare", "Resend", "Chatbase", "AI model providers"}


def providers_are_the_named_six() -> None:
    found = {processor.name for processor in PROCESSORS}
    require_none(found - NAMED, "The policy doesn't name")
    require_none(NAMED - found, "The policy names, and our table doesn't")
    talking_to = {row.connector for row in PROCESSORS} | {"database"}
    require_none(connectors().keys() - talking_to, "Connectors to companies that aren't named")


def require_connected(processor: str, *names: str) -> None:
    rows = [row for row in PROCESSORS if row.name == processor]
    require(rows and rows[0].connector in names, f"{processor} has no connector in its row.")
    require_none(set(names) - connectors().keys(), "These connectors are not in use")


def stripe_is_connected() -> None:
    require_connected("Stripe", "stripe")


def supabase_is_connected() -> None:
    require_connected("Supabase", "supabase_auth", "database")


def mail_leaves_by_resend() -> None:
    """Or not at all: what tests send stays in memory."""
    backend = import_string(settings.EMAIL_BACKEND)
    require(
        issubclass(backend, ResendBackend | MemoryBackend),
        "EMAIL_BACKEND hands letters to another service than Resend.",
    )
    require("Resend" in {row.name for row in PROCESSORS}, "Resend is not in our table.")


def regions_are_stated() -> None:
    unknown = [row.name for row in PROCESSORS if not row.region]
    require_none(unknown, "No region is stated for")
