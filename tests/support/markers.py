"""A marker in every personal field of a person, in every system, by walking the data map.

A field that no walker reaches fails: the walk is over the map and over the vendors' schemas, not
over what a connector reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts.models import Restriction, UsageStatement
from accounts.purposes import Purpose
from fluxrouter.sandbox.stripe.personal import PERSONAL_FIELDS, planted
from fluxrouter.sandbox.supabase.markers import plant_markers
from privacy.datamap import SUBJECT_ROWS, Category, Find, Row
from retention.models import DormancyNotice
from tests.support.markers_elsewhere import mark_elsewhere
from tests.support.world import Planted, World

PERSONAL = set(Category) - {Category.NONE, Category.STAFF, Category.SEALED}
SHORTEST = 12  # characters that a marker needs
STATES = {"invoice": "paid", "payment_intent": "succeeded", "subscription": "active"}
# The address leads to the account, kind and id to the object at a provider, so these stay. The
# address is a marker of its own.
LEFT = {
    ("accounts.Account", "email"),
    ("accounts.ProviderObject", "kind"),
    ("accounts.ProviderObject", "object_id"),
}
SIGN_IN = "auth.users.email"  # so does this one: another address would stop the request


@dataclass
class Marked:
    """A person, and what to look for: place -> text."""

    person: Planted
    tag: str
    texts: dict[str, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    def text(self, place: str) -> str:
        """A new marker: one word of twelve letters, in no other marker."""
        self.texts[place] = f"Zq{next(self.numbers):05}{self.tag:->5}"[:SHORTEST]
        return self.texts[place]

    def found_in(self, haystack: str) -> set[str]:
        """The places whose marker stands there, in whatever case, or as a dump writes bytes."""
        lowered = haystack.lower()
        return {
            place
            for place, text in self.texts.items()
            if text.lower() in lowered or text.encode().hex() in lowered
        }


def mark(world: World, email: str, tag: str, name: str = "Ann Lee") -> Marked:
    """Plant a person, and a marker in every personal field of theirs."""
    marked = Marked(world.add_person(email, name, calls=1), tag)
    marked.texts["address"] = email
    account, now = marked.person.account.pk, timezone.now()
    Restriction.objects.create(
        account_id=account, purpose=Purpose.SERVICE, request_id=uuid4(), since=now, lifted_at=now
    )
    UsageStatement.objects.create(
        account_id=account, day=now.date(), provider="p", model="m", requests=1,
        input_tokens=1, output_tokens=1, cost_usd=1,
    )  # fmt: skip
    DormancyNotice.objects.create(account_id=account, quiet_since=now, first_at=now, second_at=now)
    mark_elsewhere(world, marked.person, marked.text)
    for row in SUBJECT_ROWS:
        if row.find is not Find.REQUEST:
            mark_rows(row, marked)
    mark_stripe(world, marked)
    with world.connect() as connection:
        places = plant_markers(connection, marked.person.user.id, f"Zq{tag}")
        connection.execute(
            "UPDATE auth.users SET email = %s WHERE id = %s",
            [email.lower(), marked.person.user.id],
        )
    for place, value in places.items():
        path = ".".join((place.table, place.column, *place.path))
        if path != SIGN_IN:
            marked.texts[path] = value
    return marked


def mark_rows(row: Row, marked: Marked) -> None:
    """Our own tables: every field that the data map calls personal and that can hold a marker."""
    model = apps.get_model(row.model)
    column = "pk" if row.column == "id" else row.column
    rows = model._default_manager.filter(**{column: marked.person.account.pk})
    values: dict[str, Any] = {}
    for name, category in row.categories.items():
        place = f"{row.model}.{name}"
        if category in PERSONAL and (row.model, name) not in LEFT:
            value = value_for(model._meta.get_field(name), place, marked)
            values |= {name: value} if value is not None else {}
    if values and not rows.update(**values):
        raise LookupError(f"no row of the person in {row.model}")


def value_for(item: Any, place: str, marked: Marked) -> Any:
    """A value of the field's type that is nowhere else; None where its type has no room."""
    if item.primary_key or item.is_relation or item.choices or isinstance(item, models.UUIDField):
        return None
    number = next(marked.numbers)
    if isinstance(item, models.EmailField):
        return marked.text(place).lower() + "@example.org"
    if isinstance(item, models.CharField | models.TextField):
        short = item.max_length is not None and item.max_length < SHORTEST
        return None if short or item.name == "stripe_customer_id" else marked.text(place)
    if isinstance(item, models.BinaryField):
        marked.texts[place] = (marked.text(place).encode() * 3)[:32].hex()
        return bytes.fromhex(marked.texts[place])
    return unique_number(item, place, number, marked)


def unique_number(item: Any, place: str, number: int, marked: Marked) -> Any:
    base = 1_000 * sum(marked.tag.encode()) + 10 * number + 7  # no zero at the end to be cut off
    value: Any = None
    if isinstance(item, models.DateTimeField):
        value = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) + timedelta(microseconds=base)
        marked.texts[place] = f"04:05.{base:06}"
    elif isinstance(item, models.DecimalField):
        value = Decimal(base) + Decimal("0.987654")
        marked.texts[place] = str(value)
    elif isinstance(item, models.BigIntegerField | models.PositiveIntegerField):
        value = 1_700_000_000 + base
        marked.texts[place] = str(value)
    return value


def mark_stripe(world: World, marked: Marked) -> None:
    """Stripe: the person's objects anew, with a marker at every path of the vendor's schema."""
    store, customer = world.stripe.store, marked.person.customer
    for kind in PERSONAL_FIELDS:
        for old in store.of_customer(kind, customer):
            store.remove(old)
    for kind in PERSONAL_FIELDS:
        fields = planted(kind, lambda path: marked.text(f"stripe.{kind}.{path}"))  # noqa: B023
        fields |= {"status": STATES[kind]} if kind in STATES else {}
        fields |= {"id": customer} if kind == "customer" else {"customer": customer}
        if kind == "customer":
            user = str(marked.person.user.id)
            fields["metadata"] = {**fields["metadata"], "supabase_user_id": user}
        world.stripe.add(kind, **fields)
