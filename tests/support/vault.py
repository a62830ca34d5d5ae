"""A system whose last part may be erased only later, if somebody wants it, and one without."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import ClassVar

from django.utils import timezone

from privacy.connectors.base import (
    Action,
    Connector,
    Discovery,
    Outcome,
    Record,
    Residue,
    Subject,
    Task,
)
from privacy.connectors.errors import RetryError

EARLIEST = datetime(2027, 2, 22, tzinfo=UTC)


class Vault(Connector):
    """It holds one record of everybody."""

    name = "vault"
    title = "Vault"
    erasure: ClassVar[tuple[Action, ...]] = (
        Action("prepare", "Look again", irreversible=False),
        Action("delete", "Delete the record"),
        Action("redact", "Have Vault redact what it keeps", optional=True, deferred=True),
    )

    def look(self) -> Discovery:
        offers = {"redact": EARLIEST.date().isoformat()}
        return Discovery(found={"record": 1}, erase={"record": 1}, offers=offers)

    def discover(self, subject: Subject) -> Discovery:
        return self.look()

    def export(self, subject: Subject, refs: dict[str, list[str]]) -> Iterator[Record]:
        yield Record("record", "{}")

    def freeze(self, task: Task) -> Outcome:
        return Outcome()

    def erase(self, task: Task) -> Outcome:
        wait = EARLIEST - timezone.now()
        if task.action == "redact" and wait.total_seconds() > 0:
            raise RetryError("too_young", after=wait)
        return Outcome(receipt=self.look().as_json())

    def verify(self, subject: Subject, refs: dict[str, list[str]]) -> list[Residue]:
        return []


class Shelf(Vault):
    """A system where everything goes at once."""

    name = "shelf"
    title = "Shelf"
    erasure = Vault.erasure[:2]

    def look(self) -> Discovery:
        return Discovery(found={"record": 1}, erase={"record": 1})
