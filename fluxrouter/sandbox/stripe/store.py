"""The account's objects, with sorted indexes on what lists can ask for."""

import random
import string
from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from typing import NamedTuple

from fluxrouter.sandbox.stripe.templates import PREFIXES, Object, build

# What else of an object a list can be asked for; a path goes through nested objects.
INDEXED = (
    ("customer",),
    ("email",),
    ("charge",),
    ("payment_intent",),
    ("payment_method",),
    ("invoice",),
    ("setup_intent",),
    ("customer_details", "email"),
)
# Kinds that are listed together (docs.stripe.com/api/cards/list).
FAMILIES = {"card": "payment_source", "bank_account": "payment_source"}
# Kinds without a `created`: the field that says when they were made, if there is one.
MOMENTS = {"invoiceitem": "date"}
ALPHABET = string.ascii_letters + string.digits
Entry = tuple[str, str, str]


class Key(NamedTuple):
    """An object's place in time: keys sort from old to new."""

    created: int
    order: int
    id: str
    kind: str


class Change(NamedTuple):
    """What one save or removal did."""

    before: Object | None
    after: Object | None


class Store:
    """Objects by kind and id; every change goes through `save` and `remove`."""

    def __init__(self, clock: Callable[[], float], dice: random.Random) -> None:
        self.clock = clock
        self._dice = dice
        self.clear()

    def clear(self) -> None:
        self.tables: dict[str, dict[str, Object]] = {kind: {} for kind in PREFIXES}
        self.journal: list[Change] | None = None  # a list while a request runs
        self._keys: dict[str, Key] = {}
        self._index: dict[Entry, list[Key]] = {}
        self._entries: dict[str, tuple[Entry, ...]] = {}

    def now(self) -> int:
        return int(self.clock())

    def new_id(self, prefix: str) -> str:
        return prefix + "".join(self._dice.choices(ALPHABET, k=14))

    def add(self, kind: str, fields: Object) -> Object:
        stored = build(kind, fields)
        stored["id"] = stored["id"] or self.new_id(PREFIXES[kind])
        moment = MOMENTS.get(kind, "created")
        if moment in stored:
            stored[moment] = stored[moment] or self.now()
        self.save(stored)
        return stored

    def get(self, kind: str, object_id: str) -> Object | None:
        return self.tables[kind].get(object_id)

    def fetch(self, key: Key) -> Object:
        return self.tables[key.kind][key.id]

    def save(self, stored: Object) -> None:
        kind, object_id = stored["object"], stored["id"]
        self._note(self.get(kind, object_id), stored)
        self.tables[kind][object_id] = stored
        key = self._keys.get(object_id) or self._new_key(kind, stored)
        self._list(key, _entries(kind, stored))

    def remove(self, stored: Object) -> None:
        self._note(stored, None)
        self._list(self._keys[stored["id"]], ())
        del self.tables[stored["object"]][stored["id"]]

    def keys(self, kind: str, field: str = "", value: str = "") -> Sequence[Key]:
        """All of a kind, or those whose field has the value, from old to new."""
        return self._index.get((kind, field, value), ())

    def position(self, keys: Sequence[Key], object_id: str) -> int | None:
        """Where an object stands in such a list; None when it doesn't."""
        key = self._keys.get(object_id)
        if key is None:
            return None
        place = bisect_left(keys, key)
        return place if place < len(keys) and keys[place] == key else None

    def of_customer(self, kind: str, customer: str) -> list[Object]:
        return self.matching(kind, "customer", customer)

    def matching(self, kind: str, field: str, value: str) -> list[Object]:
        return [self.fetch(key) for key in self.keys(kind, field, value)]

    def _note(self, before: Object | None, after: Object | None) -> None:
        if self.journal is not None:
            self.journal.append(Change(before, after))

    def _new_key(self, kind: str, stored: Object) -> Key:
        created = stored.get(MOMENTS.get(kind, "created")) or self.now()
        key = Key(created, len(self._keys), stored["id"], kind)
        self._keys[key.id] = key
        return key

    def _list(self, key: Key, entries: tuple[Entry, ...]) -> None:
        """Puts the object into these indexes, and takes it out of all others."""
        before = self._entries.get(key.id, ())
        if entries == before:
            return
        for entry in set(before) - set(entries):
            listed = self._index[entry]
            del listed[bisect_left(listed, key)]
            if not listed:
                del self._index[entry]
        for entry in set(entries) - set(before):
            insort(self._index.setdefault(entry, []), key)
        self._entries[key.id] = entries


def _entries(kind: str, stored: Object) -> tuple[Entry, ...]:
    families = (kind, FAMILIES[kind]) if kind in FAMILIES else (kind,)
    found = [(family, "", "") for family in families]
    for path in INDEXED:
        value: object = stored
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, str):
            found += [(family, ".".join(path), value) for family in families]
    return tuple(found)
