"""What whoever writes a connector tells its tests."""

from typing import Any
from uuid import uuid4

from privacy.connectors.base import Connector, Subject
from privacy.connectors.testing.life import Life


class Hooks:
    """How a system is reached, and what a test may put there and see there."""

    def make(self) -> Connector:
        """The connector, with your stand-in behind it."""
        raise NotImplementedError

    def plant(self, subject: Subject) -> Subject:
        """Put something into every place that can hold the person's data.

        Returns the subject with the refs that a request would know.
        """
        raise NotImplementedError

    def plant_stranger(self) -> None:
        """Put another person in, as like the subject as can be."""
        raise NotImplementedError

    def snapshot_of_stranger(self) -> Any:
        """All that the system holds on the stranger; compared by `==`."""
        raise NotImplementedError

    def holds(self, subject: Subject) -> Any:
        """What is left that erasure should take; empty when nothing is."""
        raise NotImplementedError

    def freezable(self, subject: Subject) -> Any:
        """What a freeze changes and a lift must give back exactly; compared by `==`."""
        return self.holds(subject)

    def corrections(self, life: Life) -> dict[str, str]:
        """New values for every field that the connector corrects."""
        values = {field: f"New {field}" for field in life.connector.corrects}
        known = {"email": f"new.{uuid4().hex[:8]}@example.org", "phone": "+4940987654"}
        known["country"] = "FR"
        return {field: known.get(field, text) for field, text in values.items()}

    def personal(self, subject: Subject) -> list[str]:
        """Texts about the person that nothing of ours may write down."""
        return [subject.email]

    def calls_made(self) -> int:
        """How many calls the system has served. 0 for one that can't fail midway."""
        return 0

    def fail_call(self, number: int, *, after: bool) -> None:
        """Let the `number`th call from now fail, before or after it takes effect."""
        raise NotImplementedError

    def new_life(self) -> Life:
        name = uuid4().hex[:12]
        subject = Subject(uuid4(), f"Ann.{name}@example.org", {})
        return Life(self.make(), self.plant(subject))
