"""Worlds in which something fails, and what must hold afterwards all the same."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from fluxrouter.foundation.trail.verify import verify_trail
from fluxrouter.sandbox.kit import App
from fluxrouter.sandbox.mailbox import create_app as create_mailbox
from fluxrouter.sandbox.stripe import StripeSandbox
from fluxrouter.sandbox.supabase.app import create_app as create_auth
from tests.support.lives import Life, mails_expected
from tests.support.snapshots import auth_rows, everything, our_rows
from tests.support.world import Connect, Planted, World

KINDS = (
    "reply_lost",
    "rate_limited",
    "server_error",
    "error_after",
    "unavailable",
    "truncated_page",
)
ONCE = {
    ("DELETE", "/v1/customers/<customer>"): "customer",
    ("DELETE", "/v1/subscriptions/<subscription>"): "subscription",
    ("DELETE", "/v1/customers/<customer>/tax_ids/<tax_id>"): "tax_id",
    ("POST", "/v1/payment_methods/<method>/detach"): "payment_method",
    ("DELETE", "/auth/v1/admin/users/<user_id>"): "user",
}


class SharedConnections:
    """One connection per thread for many sandboxes: opening one takes longer than a request."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._kept: Any = None

    def __call__(self) -> Any:
        if self._kept is None or self._kept.closed:
            self._kept = self._connect()
        return self._kept


@contextmanager
def fresh_world(connect: Connect, broken: frozenset[str] = frozenset()) -> Iterator[World]:
    """Sandboxes without a memory, in use."""
    auth = create_auth(connect=connect)
    with World(StripeSandbox(), auth, create_mailbox(), connect).in_use() as world:
        yield world


def apps(world: World) -> dict[str, App]:
    return {"stripe": world.stripe, "auth": world.auth, "mail": world.mailbox}


def effects(world: World) -> Counter[str]:
    """How often each irreversible call succeeded."""
    counts: Counter[str] = Counter()
    for app in (world.stripe, world.auth):
        for call, number in app.calls.items():
            if call.status == 200 and (call.method, call.template) in ONCE:
                counts[ONCE[call.method, call.template]] += number
    return counts


def check_effects(world: World, lives: list[Life]) -> None:
    """Each effect at most once, and each letter one mail."""
    twice = {what: number for what, number in effects(world).items() if number > len(world.people)}
    assert not twice, f"done more than once: {twice}"
    assert len(world.mailbox.messages) == mails_expected(lives), "a letter came twice or never"


def check_erased(world: World, person: Planted) -> None:
    email = person.account.email
    rows = our_rows(person.account.pk, email)
    assert rows.keys() == {"accounts_billingrecord", "accounts_restriction"}, rows.keys()
    assert auth_rows(person.user.id, email) == {}
    assert world.stripe.store.get("customer", person.customer) == {
        "id": person.customer,
        "object": "customer",
        "deleted": True,
    }


def check_ended(life: Life) -> None:
    life.refresh()
    assert life.request.status == "completed", life.problems
    assert verify_trail(life.request.pk) == []
    if "erasure" in life.rights:
        check_erased(life.world, life.world.people[life.email])


def stranger_of(world: World, email: str) -> Callable[[], str]:
    """Plants somebody as like them as can be; gives a function that takes their picture."""
    planted = world.add_person(email.replace(".", "_", 1).title(), "Ann Lee", calls=1)
    world.people.clear()
    return lambda: json.dumps(everything(world.stripe, planted))
