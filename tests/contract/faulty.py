"""Worlds in which something fails, and what must hold afterwards all the same."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from accounts.models import Restriction
from fluxrouter.foundation.trail.verify import verify_trail
from fluxrouter.sandbox.mailbox import create_app as create_mailbox
from fluxrouter.sandbox.stripe import StripeSandbox
from fluxrouter.sandbox.supabase.app import create_app as create_auth
from tests.support.lives import PATCH, Life, mails_expected
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
    ("DELETE", "/contacts/<wanted>"): "contact",
    ("DELETE", "/openai/v1/files/<id>"): "OpenAI's file",
    ("DELETE", "/anthropic/v1/files/<id>"): "Anthropic's file",
    ("DELETE", "/gemini/v1beta/files/<id>"): "Gemini's file",
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


def effects(world: World) -> Counter[str]:
    """How often each irreversible call succeeded."""
    counts: Counter[str] = Counter()
    for app in world.apps.values():
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
    left = elsewhere(world, person)
    assert not left, f"left at a processor: {left}"


def elsewhere(world: World, person: Planted) -> list[str]:
    """What the other processors still hold of a person, by kind."""
    user, email = str(person.user.id), person.account.email.lower()
    with world.connect() as connection:
        files = connection.execute(
            "SELECT count(*) FROM storage.objects WHERE name LIKE %s", [f"{user}/%"]
        ).fetchone()
    contacts = [each for each in world.mailbox.contacts.values() if each["email"] == email]
    chats = [each for each in (user, email) if each in json.dumps(world.chatbase.dump()).lower()]
    objects = [key for key in world.models.objects if key[2] in person.objects]
    assert files is not None
    found = {"files": files[0], "contacts": contacts, "chats": chats, "objects": objects}
    return [kind for kind, what in found.items() if what]


def check_lifted(world: World, person: Planted) -> None:
    """Nothing that the restriction stopped is stopped any more."""
    assert not Restriction.objects.filter(account_id=person.account.pk, lifted_at=None).exists()
    subscriptions = world.stripe.store.of_customer("subscription", person.customer)
    assert [each["pause_collection"] for each in subscriptions] == [None] * len(subscriptions)
    email = person.account.email.lower()
    [contact] = [each for each in world.mailbox.contacts.values() if each["email"] == email]
    assert contact["unsubscribed"] is False


def check_corrected(world: World, person: Planted) -> None:
    """The new name stands in every system that has a name."""
    name = PATCH["full_name"]
    person.account.refresh_from_db()
    assert person.account.full_name == name
    customer = world.stripe.store.get("customer", person.customer)
    assert customer is not None
    assert customer["name"] == name
    email = person.account.email.lower()
    [contact] = [each for each in world.mailbox.contacts.values() if each["email"] == email]
    assert f"{contact['first_name']} {contact['last_name']}".strip() == name
    (chats,) = world.chatbase.tables.values()
    known = [each for each in chats["contact"] if each["email"].lower() == email]
    assert [each["name"] for each in known] == [name]


def check_ended(life: Life) -> None:
    life.refresh()
    assert life.request.status == "completed", life.problems
    assert verify_trail(life.request.pk) == []
    person = life.world.people[life.email]
    for right, check in CHECKS.items():
        if right in life.rights:
            check(life.world, person)


CHECKS = {
    "erasure": check_erased,
    "restriction": check_lifted,
    "objection": check_lifted,
    "rectification": check_corrected,
}


def stranger_of(world: World, email: str) -> Callable[[], str]:
    """Plants somebody as like them as can be; gives a function that takes their picture."""
    planted = world.add_person(email.replace(".", "_", 1).title(), "Ann Lee", calls=1)
    world.people.clear()
    return lambda: json.dumps(everything(world.stripe, planted))
