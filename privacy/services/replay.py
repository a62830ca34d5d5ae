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
    by_id: bool  # an address alone may be somebody else's by now: by a correction, or taken over


def returned(erased: Erased) -> Iterator[Returned]:
    """Everybody in our tables, or in Auth's alone, whom the list names and who is older than
    their erasure: who signed up again since is another matter.
    """
    signed_in = set()
    for account in Account.objects.order_by("pk").iterator(chunk_size=2000):
        user = str(account.supabase_user_id or "")
        signed_in.add(user)
        ids = [(Kind.ACCOUNT, str(account.pk)), (Kind.AUTH_USER, user)]
        by_id = is_named(ids, account.created_at, erased)
        if by_id or is_named([(Kind.EMAIL, account.email)], account.created_at, erased):
            yield Returned(account.email, refs_of(account), by_id)
    for found in tables.everybody():
        by_id = is_named([(Kind.AUTH_USER, found.id)], found.created_at, erased)
        by_address = is_named([(Kind.EMAIL, found.email)], found.created_at, erased)
        if found.id not in signed_in and (by_id or by_address):
            yield Returned(found.email, {"auth_users": [found.id]}, by_id)


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

    The standing rule approves those who are named by an id. The others wait for two people.

    `simulate` files nothing and gives an empty id per person.
    """
    filed = []
    for person in list(returned(suppression.read(path))):
        if simulate:
            filed.append(UUID(int=0))
        elif not is_filed(person):
            request = file_erasure(
                person.email, person.refs, reason="restored", standing=person.by_id
            )
            filed.append(request.pk)
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
