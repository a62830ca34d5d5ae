"""Closed accounts: when their time is up they are erased everywhere, by the ordinary ledger."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Account
from privacy.models import PrivacyRequest
from privacy.rights import Right
from privacy.services.system import file_erasure
from privacy.states import OPEN
from retention.dispositions import register
from retention.rules import RetentionRule
from retention.selectors.holds import over
from retention.services.tally import count

REASON = "account_closed"  # the standing rule, as the request's trail names it
MOST = 100  # filed in one run: each asks every system


def up(rule: RetentionRule, now: datetime) -> QuerySet[Account]:
    """The accounts whose time is up, whether a hold covers them or not."""
    return rule.expired(now)


def due(rule: RetentionRule, now: datetime) -> list[Account]:
    """The accounts that a run files an erasure for, the longest closed first."""
    return list(islice(unfiled(over(rule, now).order_by(rule.clock)), MOST))


def unfiled(rows: QuerySet[Account]) -> Iterator[Account]:
    """Those of whom no erasure is under way."""
    return (each for each in rows.iterator() if not is_under_way(each))


def number_of(accounts: Iterable[Account]) -> int:
    return sum(1 for _ in accounts)


@register(
    "erase_subject",
    due=lambda rule, now: len(due(rule, now)),
    waiting=lambda rule, now: number_of(unfiled(over(rule, now))),
)
def erase_subjects(rule: RetentionRule, now: datetime) -> int:
    """File an erasure for each account whose time is up. Holds, blockers and certificate are those
    of any erasure; what stands in the way goes to staff. Returns how many were filed.
    """
    rows = over(rule, now)
    return sum(file_for(rule, account, rows, REASON) for account in due(rule, now))


def is_under_way(account: Account) -> bool:
    """Whether an erasure of this account is open, or has been refused by staff."""
    erasures = PrivacyRequest.objects.filter(
        rights__contains=[Right.ERASURE], refs__accounts__contains=[str(account.pk)]
    )
    refused = erasures.filter(channel=PrivacyRequest.Channel.SYSTEM, status="denied")
    return erasures.filter(status__in=OPEN).exists() or refused.exists()


@transaction.atomic
def file_for(rule: RetentionRule, account: Account, rows: QuerySet[Account], reason: str) -> bool:
    """Two runs at once file one: the second waits for the account's row, and finds the first's. An
    account that isn't among `rows` any more, as it was opened or used meanwhile, is left alone.
    """
    locked = rows.select_for_update(of=("self",)).filter(pk=account.pk).first()
    if locked is None or is_under_way(locked):
        return False
    refs = {
        "accounts": [str(locked.pk)],
        "auth_users": [str(locked.supabase_user_id)] if locked.supabase_user_id else [],
        "customers": [locked.stripe_customer_id] if locked.stripe_customer_id else [],
    }
    file_erasure(locked.email, refs, reason=reason)
    count(rule.name, 1)
    return True
