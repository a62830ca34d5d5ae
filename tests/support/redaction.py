"""A redaction that an approver chose, step by step."""

from typing import Any

from privacy.connectors.base import Outcome, Task
from privacy.connectors.errors import RetryError, UnknownOutcomeError
from privacy.connectors.testing import Life
from tests.support.lives import Clock


class Step:
    """The one step of a chosen redaction, as the ledger keeps it."""

    def __init__(self, life: Life) -> None:
        life.look()
        life.approved["chosen"] = ["redact"]
        self.life = life
        self.cursor: dict[str, Any] = {}
        self.waits: list[str] = []

    @property
    def task(self) -> Task:
        return self.life._task("redact", "", self.cursor, 0)

    def go_on(self) -> Outcome:
        outcome = self.life.connector.erase(self.task)
        self.cursor = outcome.cursor
        return outcome

    def until_done(self, clock: Clock | None = None) -> Outcome:
        """As the ledger would, each wait gone by at once."""
        for _ in range(100):
            try:
                outcome = self.go_on()
            except RetryError as wait:
                self.waits.append(wait.code)
                if clock and wait.after:
                    clock.traveller.shift(wait.after)
                continue
            except UnknownOutcomeError:
                continue
            if not outcome.more:
                return outcome
        raise AssertionError("no end")
