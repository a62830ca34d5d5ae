"""The enforcement feed, its readers and its writers, for tests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.gateway import feed
from accounts.gateway.client import FOR_EVER, Restrictions, StartAgain
from accounts.models import Account, ApiKey, Restriction
from accounts.purposes import Purpose
from tests.support.rows import make_account

State = tuple[str, frozenset[str]]


def direct(cursor: str | None, wait: int) -> dict[str, Any]:
    """What the API answers, without HTTP between."""
    try:
        page = feed.read(feed.Cursor.parse(cursor) if cursor else None)
    except feed.CursorGoneError:
        raise StartAgain from None
    return {
        "cursor": str(page.cursor),
        "generation": page.cursor.generation,
        "changes": page.changes,
        "more": page.more,
        "poll_after": 0,
    }


def gateway(folder: Path, name: str = "stops.json") -> Restrictions:
    """A gateway's client that asks the feed in this process."""
    return Restrictions("http://localhost", "unused", folder / name, fetch=direct)


def known(client: Restrictions) -> dict[str, State]:
    """What a client believes, by account or key."""
    return {
        subject: (entry["state"], frozenset(entry["stopped"]))
        for subject, entry in client._cache.entries.items()
    }


def truth(accounts: set[UUID], keys: set[UUID]) -> dict[str, State]:
    """What the tables say of these accounts and keys, gone ones included."""
    there = set(Account.objects.values_list("pk", flat=True))
    state: dict[str, State] = {}
    for pk in accounts:
        rows = Restriction.objects.filter(account_id=pk, lifted_at=None)
        stops = frozenset(rows.values_list("purpose", flat=True))
        name = "denied" if Purpose.SERVICE in stops else "active"
        if pk not in there:
            name = "erased"
        if name != "active" or stops:
            state[str(pk)] = (name, stops)
    revoked = dict(ApiKey.objects.values_list("pk", "revoked_at"))
    for pk in keys:
        if pk not in revoked or revoked[pk]:
            state[str(pk)] = ("revoked" if pk in revoked else "removed", frozenset())
    return state


def without_stops_of_the_gone(state: dict[str, State]) -> dict[str, State]:
    """An erased account's single stops say nothing more, and may come late."""
    return {
        subject: (name, frozenset() if name in FOR_EVER else stops)
        for subject, (name, stops) in state.items()
    }


def stop(account: UUID, purpose: Purpose = Purpose.ANALYTICS) -> Restriction:
    return Restriction.objects.create(
        account_id=account, purpose=purpose, request_id=uuid4(), since=timezone.now()
    )


def lift(row: Restriction) -> None:
    Restriction.objects.filter(pk=row.pk).update(lifted_at=timezone.now())


def account_with_key() -> tuple[UUID, UUID]:
    account = make_account(email=f"{uuid4().hex}@example.org")
    key = ApiKey.objects.create(
        account=account, prefix="frx", digest=uuid4().bytes * 2, created_at=timezone.now()
    )
    return account.pk, key.pk


def told(page: feed.Page) -> list[str]:
    """Of whom a page speaks, in its order."""
    return [each.get("key") or each["account"] for each in page.changes]


@contextmanager
def running(client: Restrictions) -> Iterator[None]:
    """The client's own loop, in a thread."""
    end = threading.Event()
    thread = threading.Thread(target=client.run, args=(end,))
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()
