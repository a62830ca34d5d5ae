"""A ledger in miniature, to try a connector without the real one."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from privacy.connectors.base import (
    Action,
    Connector,
    Discovery,
    Outcome,
    Residue,
    Subject,
    Task,
    Value,
)
from privacy.connectors.errors import RetryError, UnknownOutcomeError

ATTEMPTS = 20
T = TypeVar("T")


@dataclass
class Life:
    """It carries out a connector's verbs and retries what may pass."""

    connector: Connector
    subject: Subject
    approved: dict[str, Any] = field(default_factory=dict)
    refs: dict[str, list[str]] = field(default_factory=dict)
    undo: dict[str, Any] = field(default_factory=dict)
    patch: dict[str, str] = field(default_factory=dict)
    written: list[Any] = field(default_factory=list)  # all that a real ledger would keep
    twice: bool = False  # every part runs again, as when a worker dies before it says "done"

    def look(self) -> Discovery:
        """Discover, and take the answer for what the approver saw."""
        discovery = self._retried(lambda epoch: self.connector.discover(self.subject))
        self.refs = discovery.refs
        self.approved = discovery.as_json()
        self.written.append(self.approved)
        return discovery

    def export(self) -> list[tuple[str, Any]]:
        """Collections and decoded records, as they come."""
        records = self._retried(lambda epoch: list(self.connector.export(self.subject, self.refs)))
        return [(record.collection, json.loads(record.json)) for record in records]

    def freeze(self) -> None:
        if self.connector.freezes:
            self.undo = self._step("freeze", self.connector.freeze).receipt

    def restrict(self) -> None:
        """Stop every use that the system serves. Doing it again keeps the first receipt."""
        receipt = self._step("restrict", self.connector.restrict).receipt
        self.undo = self.undo or receipt

    def current(self, patch: dict[str, str]) -> list[Value]:
        self.patch = patch
        return self._retried(
            lambda epoch: self.connector.current(self._task("correct", "", {}, epoch))
        )

    def correct(self, patch: dict[str, str]) -> None:
        self.patch = patch
        self._step("correct", self.connector.correct)

    def lift(self) -> None:
        if self.connector.freezes or self.undo:
            self._step("lift", self.connector.lift)
        self.undo = {}

    def erase(self, *, without: str = "") -> None:
        """Every action in order, but for one that is left out on purpose."""
        for action in self.connector.erasure:
            if not action.spawned and action.name != without:
                self._erase(action, without)

    def verify(self) -> list[Residue]:
        return self._retried(lambda epoch: self.connector.verify(self.subject, self.refs))

    def _erase(self, action: Action, without: str) -> None:
        outcome = self._step(action.name, self.connector.erase)
        self.refs = outcome.receipt.get("refs", self.refs)
        for name, item in outcome.spawn:
            if name != without:
                self._step(name, self.connector.erase, item)

    def _step(self, action: str, verb: Callable[[Task], Outcome], item: str = "") -> Outcome:
        cursor: dict[str, Any] = {}
        while True:
            for _ in range(1 + self.twice):
                outcome = self._retried(
                    lambda epoch: verb(self._task(action, item, cursor, epoch))  # noqa: B023
                )
                self.written += [outcome.receipt, outcome.cursor]
            if not outcome.more:
                return outcome
            cursor = outcome.cursor

    def _task(self, action: str, item: str, cursor: dict[str, Any], epoch: int) -> Task:
        return Task(
            action=action,
            subject=self.subject,
            object=item,
            refs=self.refs,
            approved=self.approved,
            cursor=cursor,
            undo=self.undo,
            purposes=tuple(self.connector.restricts),
            patch=self.patch,
            epoch=epoch,
        )

    def _retried(self, call: Callable[[int], T]) -> T:
        epoch = 0
        for _ in range(ATTEMPTS):
            try:
                return call(epoch)
            except RetryError:
                continue
            except UnknownOutcomeError as error:
                epoch += error.stored
        raise AssertionError(f"{self.connector.name}: no success in {ATTEMPTS} attempts")
