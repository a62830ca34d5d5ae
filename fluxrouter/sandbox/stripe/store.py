"""The account's objects, with an index on customer and e-mail."""

import random
import string
from collections.abc import Callable, Iterator

from fluxrouter.sandbox.stripe.templates import PREFIXES, Object, build

INDEXED = ("customer", "email")
ALPHABET = string.ascii_letters + string.digits


class Store:
    """Objects by kind and id; every change goes through `save`, which keeps the index."""

    def __init__(self, clock: Callable[[], float], dice: random.Random) -> None:
        self.clock = clock
        self._dice = dice
        self.clear()

    def clear(self) -> None:
        self.tables: dict[str, dict[str, Object]] = {kind: {} for kind in PREFIXES}
        self._order: dict[str, int] = {}
        self._index: dict[tuple[str, str, str], dict[str, None]] = {}
        self._entries: dict[str, list[tuple[str, str, str]]] = {}

    def now(self) -> int:
        return int(self.clock())

    def new_id(self, prefix: str) -> str:
        return prefix + "".join(self._dice.choices(ALPHABET, k=14))

    def add(self, kind: str, fields: Object) -> Object:
        stored = build(kind, fields)
        stored["id"] = stored["id"] or self.new_id(PREFIXES[kind])
        stored["created"] = stored["created"] or self.now()
        self.save(stored)
        return stored

    def get(self, kind: str, object_id: str) -> Object | None:
        return self.tables[kind].get(object_id)

    def save(self, stored: Object) -> None:
        kind, object_id = stored["object"], stored["id"]
        self._forget(object_id)
        self.tables[kind][object_id] = stored
        self._order.setdefault(object_id, len(self._order))
        for field in INDEXED:
            if isinstance(value := stored.get(field), str):
                entry = (kind, field, value)
                self._index.setdefault(entry, {})[object_id] = None
                self._entries.setdefault(object_id, []).append(entry)

    def remove(self, stored: Object) -> None:
        self._forget(stored["id"])
        del self.tables[stored["object"]][stored["id"]]

    def of_customer(self, kind: str, customer: str) -> list[Object]:
        return self.matching(kind, "customer", customer)

    def matching(self, kind: str, field: str, value: str) -> list[Object]:
        table = self.tables[kind]
        return [table[object_id] for object_id in self._index.get((kind, field, value), ())]

    def newest_first(self, objects: Iterator[Object] | list[Object]) -> list[Object]:
        return sorted(objects, key=lambda o: (-o.get("created", 0), -self._order[o["id"]]))

    def _forget(self, object_id: str) -> None:
        for entry in self._entries.pop(object_id, ()):
            self._index[entry].pop(object_id, None)
            if not self._index[entry]:
                del self._index[entry]
