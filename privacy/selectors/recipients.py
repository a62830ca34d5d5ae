"""Who received a person's data: named or by category, as their laws want it.

Oregon, Delaware and Maryland allow one general list for everybody; we make it for each person, as
the GDPR wants it (CJEU C-154/21).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from psycopg import sql

from accounts.ids import moment_of
from accounts.models import Account, GatewayRequest
from fluxrouter.foundation.database import SCHEMA
from privacy.models import PrivacyRequest
from privacy.processors import BY_KEY, PROCESSORS, Processor
from privacy.regimes.merging import higher
from privacy.regimes.values import Naming
from privacy.selectors.holdings import found
from privacy.selectors.laws import laws_of
from retention.partitions import all_tables

CALLED = "It answered your requests."
HOLDS = "It holds something of yours: see what we hold."
# What is told of a model provider that has no row of its own yet.
MODEL_PROVIDER = BY_KEY["gemini"]
FIRST_CALLS = "SELECT provider, min(id::text) FROM {} WHERE account_id = ANY({}) GROUP BY provider"


class Recipient(NamedTuple):
    """A company, or a category of companies: what it got, why, and since when."""

    name: str
    data: str
    purpose: str
    why: str
    region: str
    safeguard: str
    since: datetime


def naming(request: PrivacyRequest) -> Naming:
    """The most exact that any of the person's laws wants."""
    rules = [law.effective.rights.recipients.value for law in laws_of(request).of]
    return most_exact(rule.naming for rule in rules if rule)


def most_exact(namings: Iterable[Naming]) -> Naming:
    """Categories at least: we tell them to everybody."""
    return reduce(higher, namings, Naming.CATEGORIES)


def recipients(request: PrivacyRequest) -> list[Recipient]:
    found = named(request)
    return found if naming(request) is Naming.NAMED else by_category(found)


def named(request: PrivacyRequest) -> list[Recipient]:
    """Who holds something of this person, got their calls, or always gets something."""
    calls = first_calls(request)
    since = opened_at(request) or request.received_at
    told = [
        recipient_of(row, why, calls.get(row.key, since))
        for row in PROCESSORS
        if (why := why_it_has(row, request, calls))
    ]
    strangers = [
        recipient_of(MODEL_PROVIDER, CALLED, at)._replace(name=name)
        for name, at in calls.items()
        if name not in BY_KEY
    ]
    return [*told, *strangers]


def why_it_has(row: Processor, request: PrivacyRequest, calls: Mapping[str, datetime]) -> str:
    if row.key in calls:
        return CALLED
    return HOLDS if holds(row, request) else row.always


def recipient_of(row: Processor, why: str, since: datetime) -> Recipient:
    return Recipient(
        name=row.title,
        data=row.data,
        purpose=row.does,
        why=why,
        region=row.region,
        safeguard=row.transfer,
        since=since,
    )


def holds(row: Processor, request: PrivacyRequest) -> bool:
    parts = found(request)
    return any(parts.get(name) for name in (row.key, *row.connectors))


def by_category(found: list[Recipient]) -> list[Recipient]:
    """The same without names, with the earliest date of each category."""
    kinds = {row.title: row.kind for row in PROCESSORS}
    told: dict[str, Recipient] = {}
    for each in sorted(found, key=lambda each: each.since):
        kind = kinds.get(each.name, MODEL_PROVIDER.kind)
        told.setdefault(kind, each._replace(name=kind))
    return sorted(told.values(), key=lambda each: each.name)


def opened_at(request: PrivacyRequest) -> datetime | None:
    accounts = Account.objects.filter(pk__in=request.refs.get("accounts", []))
    return accounts.order_by("created_at").values_list("created_at", flat=True).first()


def first_calls(request: PrivacyRequest) -> dict[str, datetime]:
    """By provider the person's first call that it answered, as far as metadata reaches back. One
    that has a row here goes by its key, another by the name that the gateway gave it.
    """
    firsts: dict[str, datetime] = {}
    accounts = [UUID(each) for each in request.refs.get("accounts", [])]
    if not accounts:
        return firsts
    with connection.cursor() as cursor:
        for table in all_tables(cursor, GatewayRequest._meta.db_table):
            query = sql.SQL(FIRST_CALLS).format(
                sql.Identifier(SCHEMA, table), sql.Literal(accounts)
            )
            cursor.execute(query.as_string())
            for provider, first in cursor.fetchall():
                name = provider.lower() if provider.lower() in BY_KEY else provider
                at = moment_of(UUID(first))
                firsts[name] = min(at, firsts.get(name, at))
    return firsts
