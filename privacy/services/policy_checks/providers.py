"""The companies that work for us."""

from collections.abc import Iterable

from anymail.backends.resend import EmailBackend as ResendBackend
from django.conf import settings
from django.core.mail.backends.locmem import EmailBackend as MemoryBackend
from django.utils import timezone
from django.utils.module_loading import import_string

from privacy.connectors.registry import connectors
from privacy.models import PrivacyRequest
from privacy.processors import PROCESSORS, Processor, is_served
from privacy.services.fulfilment.erasure import add_tasks
from privacy.services.fulfilment.steps import Steps
from privacy.services.policy_checks.promise import require, require_none

NAMED = {"Stripe", "Supabase", "Cloudflare", "Resend", "Chatbase", "AI model providers"}


def providers_are_the_named_six() -> None:
    found = {processor.name for processor in PROCESSORS}
    require_none(found - NAMED, "The policy doesn't name")
    require_none(NAMED - found, "The policy names, and our table doesn't")
    talking_to = {name for row in PROCESSORS for name in row.connectors} | {"database"}
    require_none(connectors().keys() - talking_to, "Connectors to companies that aren't named")


def require_connected(processor: str, *names: str) -> None:
    named = {name for row in PROCESSORS if row.name == processor for name in row.connectors}
    require(named & set(names), f"{processor} has no connector in its row.")
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


def task_keys() -> set[str]:
    """The manual tasks that an erasure of somebody who is everywhere would have."""
    found = {"found": dict.fromkeys(("gatewayrequest", "providerobject"), 1)}
    steps = Steps(PrivacyRequest(plan={"database": found}), timezone.now())
    add_tasks(steps, [])
    return {row.key for row in steps.rows}


def unreached(rows: Iterable[Processor]) -> list[str]:
    """Companies where neither a connector nor staff would erase, though something may be there."""
    tasks = task_keys()
    return [
        row.title
        for row in rows
        if not (is_served(row, connectors()) or f"manual:{row.key}" in tasks)
    ]


def chatbase_is_reached() -> None:
    rows = [row for row in PROCESSORS if row.name == "Chatbase"]
    require(rows, "Chatbase is not in our table.")
    require_none(unreached(rows), "Nobody erases at")


def model_providers_are_reached() -> None:
    """Each by a connector or a task, with its region, its transfer and how long it keeps logs."""
    rows = [row for row in PROCESSORS if row.name == "AI model providers"]
    require(rows, "No AI model provider is in our table.")
    require_none(unreached(rows), "Nobody erases at")
    silent = [row.title for row in rows if not (row.expiry and row.region and row.transfer)]
    require_none(silent, "It isn't said where and for how long data stays at")


def cloudflare_is_explained() -> None:
    """It has no call that finds a person: what passes through it is said with why and how long."""
    rows = [row for row in PROCESSORS if row.name == "Cloudflare"]
    require(rows, "Cloudflare is not in our table.")
    require(all(limit.why and limit.until for row in rows for limit in row.limits), "No reason.")
    require(all(row.limits for row in rows), "It isn't said what stays at Cloudflare.")


def rights_reach_every_company() -> None:
    """A connector, a task for staff, or a published reason why nothing can be erased there."""
    require_none(unreached(row for row in PROCESSORS if not row.limits), "Nobody erases at")
    both = [row for row in PROCESSORS if row.connectors or row.task]
    require_none(unreached(both), "Something may be there, and nobody erases at")


def regions_are_stated() -> None:
    unknown = [row.name for row in PROCESSORS if not row.region]
    require_none(unknown, "No region is stated for")
