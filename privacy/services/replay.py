"""After a restore: find the people whom we had erased, and erase them again."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from accounts.models import Account
from privacy.connectors.supabase_auth import tables
from privacy.models import PrivacyRequest, Suppression
from privacy.services import suppression
from privacy.services.system import file_erasure

Kind = Suppression.Kind
Erased = dict[tuple[str, str], datetime]


class Returned(NamedTuple):
    """Somebody who is there again. Lives in memory only."""

    email: str
    refs: dict[str, list[str]]


def returned(erased: Erased) -> Iterator[Returned]:
    """Everybody in our tables, or in Auth's alone, whom the list names and who is older than
    their erasure: who signed up again since is another matter.
    """
    signed_in = set()
    for account in Account.objects.order_by("pk").iterator(chunk_size=2000):
        user = str(account.supabase_user_id or "")
        signed_in.add(user)
        known = [
            (Kind.EMAIL, account.email),
            (Kind.ACCOUNT, str(account.pk)),
            (Kind.AUTH_USER, user),
        ]
        if is_named(known, account.created_at, erased):
            yield Returned(account.email, refs_of(account))
    for found in tables.everybody():
        known = [(Kind.EMAIL, found.email), (Kind.AUTH_USER, found.id)]
        if found.id not in signed_in and is_named(known, found.created_at, erased):
            yield Returned(found.email, {"auth_users": [found.id]})


def is_named(known: Iterable[tuple[str, str]], since: datetime, erased: Erased) -> bool:
    times = [
        erased.get((str(kind), suppression.digest_of(kind, value).hex()))
        for kind, value in known
        if value
    ]
    return any(since <= at for at in times if at)


def refs_of(account: Account) -> dict[str, list[str]]:
    user = account.supabase_user_id
    return {
        "accounts": [str(account.pk)],
        "auth_users": [str(user)] if user else [],
        "customers": [account.stripe_customer_id] if account.stripe_customer_id else [],
    }


def replay(path: Path, *, simulate: bool) -> list[UUID]:
    """File an erasure for each of them; the ids of the requests. Doing it again files no second.

    `simulate` files nothing and gives an empty id per person.
    """
    filed = []
    for person in list(returned(suppression.read(path))):
        if simulate:
            filed.append(UUID(int=0))
        elif not is_filed(person):
            filed.append(file_erasure(person.email, person.refs, reason="restored").pk)
    return filed


def is_filed(person: Returned) -> bool:
    """Whether an erasure of the same records is under way, ours or the person's own."""
    wanted = {item for items in person.refs.values() for item in items}
    rows = PrivacyRequest.objects.filter(
        rights__contains=["erasure"], status__in=["in_review", "approved", "fulfilling"]
    )
    return any(
        wanted & {item for items in refs.values() for item in items}
        for refs in rows.values_list("refs", flat=True)
    )
