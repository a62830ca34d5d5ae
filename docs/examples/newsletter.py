"""A worked example: a connector for a newsletter's list in an SQLite file.

`tests/contract/test_example_connector.py` holds it to the promises of every connector.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from fluxrouter.foundation.crypto import fold_address
from privacy.connectors.base import (
    Action,
    Connector,
    Discovery,
    Outcome,
    Record,
    Residue,
    Subject,
    Task,
    Value,
)

# One row an address, in any case of letters: else a lift would not know which row stood how.
TABLE = """CREATE TABLE IF NOT EXISTS subscriber
  (email TEXT PRIMARY KEY COLLATE NOCASE, name TEXT, unsubscribed INTEGER)"""


class NewsletterConnector(Connector):
    """Who gets the newsletter. One kind of record, found by its address."""

    name = "newsletter"
    title = "Newsletter"
    erasure = (
        Action("prepare", "Look again", irreversible=False),
        Action("remove", "Take the person off the list"),
    )
    restricts = frozenset({"marketing"})
    corrects = frozenset({"full_name"})

    def __init__(self, path: Path) -> None:
        self.path = path

    def _run(self, statement: str, *values: object) -> list[tuple[str, str, int]]:
        with closing(sqlite3.connect(self.path)) as database, database:
            database.execute(TABLE)
            return database.execute(statement, values).fetchall()

    def _rows(self, subject: Subject) -> list[tuple[str, str, int]]:
        """SQLite's own `lower` knows A to Z only, as `fold_address` does."""
        query = "SELECT email, name, unsubscribed FROM subscriber WHERE lower(email) = ?"
        return self._run(query, fold_address(subject.email))

    def discover(self, subject: Subject) -> Discovery:
        number = len(self._rows(subject))
        counts = {"subscriber": number} if number else {}
        return Discovery(found=counts, erase=dict(counts))

    def export(self, subject: Subject, refs: dict[str, list[str]]) -> Iterator[Record]:
        for email, name, unsubscribed in self._rows(subject):
            held = {"email": email, "name": name, "unsubscribed": bool(unsubscribed)}
            yield Record("subscriber", json.dumps(held))

    def restrict(self, task: Task) -> Outcome:
        """No more news. What stood there is written down first, then changed."""
        if "before" not in task.cursor:
            before = [row[2] for row in self._rows(task.subject)]
            return Outcome(more=True, cursor={"before": before})
        self._set_unsubscribed(task.subject, 1)
        return Outcome(receipt=task.cursor)

    freeze = restrict

    def lift(self, task: Task) -> Outcome:
        if 0 in task.undo.get("before", []):
            self._set_unsubscribed(task.subject, 0)
        return Outcome()

    def _set_unsubscribed(self, subject: Subject, value: int) -> None:
        statement = "UPDATE subscriber SET unsubscribed = ? WHERE lower(email) = ?"
        self._run(statement, value, fold_address(subject.email))

    def current(self, task: Task) -> list[Value]:
        return [Value("subscriber", "full_name", row[1]) for row in self._rows(task.subject)]

    def correct(self, task: Task) -> Outcome:
        statement = "UPDATE subscriber SET name = ? WHERE lower(email) = ?"
        self._run(statement, task.patch["full_name"], fold_address(task.subject.email))
        return Outcome(receipt={"corrected": {"full_name": 1}})

    def erase(self, task: Task) -> Outcome:
        if task.action == "prepare":
            return Outcome(receipt=self.rediscover(task).as_json())
        address = fold_address(task.subject.email)
        self._run("DELETE FROM subscriber WHERE lower(email) = ?", address)
        return Outcome(receipt={"erased": task.approved.get("erase", {})})

    def verify(self, subject: Subject, refs: dict[str, list[str]]) -> list[Residue]:
        """Reads the whole list and compares here: another path than the deletion's."""
        address = fold_address(subject.email)
        every = self._run("SELECT email, name, unsubscribed FROM subscriber")
        left = sum(fold_address(email) == address for email, _, _ in every)
        return [Residue("subscriber", left)] if left else []
