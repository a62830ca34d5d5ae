"""Writing to Stripe for one step: each POST under its own idempotency key."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import stripe

from privacy.connectors.base import Task
from privacy.connectors.errors import PermanentError
from privacy.connectors.stripe.client import gone_is_success
from privacy.connectors.stripe.find import Finder
from privacy.connectors.stripe.objects import OBJECTS, Item

Update = Callable[[str, Any, Any], Any]
# The last that Stripe lets be emptied, whatever the state of their object.
FREE = ("metadata", "description")
# Answers that say nothing of the object: for a person of ours.
OURS = ("no_permission", "IdempotencyError")


class Eraser:
    """The erase key's hand, and the read key's eyes.

    `calls` counts what was written; `refused`, by kind, what Stripe didn't let be emptied.
    """

    def __init__(self, client: stripe.StripeClient, finder: Finder, task: Task) -> None:
        self.client = client
        self.api = client.v1
        self.finder = finder
        self.task = task
        self.calls = 0
        self.refused: Counter[str] = Counter(task.cursor.get("not_emptied", {}))

    def options(self, *parts: str) -> Any:
        self.calls += 1
        return {"idempotency_key": self.task.idempotency_key(*parts)}

    def blank(self, kind: str, update: Update, item: Item, fields: Iterable[str]) -> bool:
        """Empty the fields that say something; whether any was. Where Stripe refuses some for the
        object's state, those that it refuses last; what it refuses wholly is counted.
        """
        held = [name for name in fields if item.get(name)]
        for names in (held, [name for name in held if name in FREE]):
            if not names or self._emptied(update, item, names):
                return bool(names)
        self.refused[kind] += 1
        return False

    def _emptied(self, update: Update, item: Item, names: list[str]) -> bool:
        try:
            with gone_is_success():
                key = self.options("blank", item["id"], *names)
                update(item["id"], dict.fromkeys(names, ""), key)
        except PermanentError as refused:
            if refused.code in OURS:
                raise
            return False
        return True

    def end(self, kind: str, item: Item, call: Callable[[Any], Any]) -> bool:
        """End what is live. Refused, we look again: somebody else may have ended it meanwhile."""
        if not OBJECTS[kind].live(item):
            return False
        try:
            with gone_is_success():
                call(self.options("end", item["id"]))
        except PermanentError:
            if self.is_live(kind, item):
                raise
        return True

    def is_live(self, kind: str, item: Item) -> bool:
        path = OBJECTS[kind].path
        if "{}" in path:
            path = path.format(item.get("customer"))
        now = self.finder.read(path + "/{}", item["id"])
        return now is not None and OBJECTS[kind].live(now)
