"""Tables beside our own keep the promises of every connector."""

from collections.abc import Iterator
from typing import Any

import pytest

from privacy.connectors.base import Subject
from privacy.connectors.external_tables import ExternalTablesConnector
from privacy.connectors.testing import ConnectorContract
from tests.contract.community import add_member, community, connector, rows_of
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-34", "PROC-34", "PROC-60"),
]


class TestExternalTables(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _in(self, world: World) -> Iterator[None]:
        self.world = world
        with community(world):
            yield

    def make(self) -> ExternalTablesConnector:
        return connector()

    def plant(self, subject: Subject) -> Subject:
        member = add_member(self.world, subject.email)
        return subject._replace(refs=member.refs)

    def plant_stranger(self) -> None:
        self.stranger = add_member(self.world, "ann_lee@example.org")
        add_member(self.world, "annxlee@example.org")

    def snapshot_of_stranger(self) -> Any:
        return rows_of(self.world, self.stranger)

    def holds(self, subject: Subject) -> Any:
        return rows_of(self.world, subject)

    def personal(self, subject: Subject) -> list[str]:
        return [subject.email, "Zweigelt", "Example Street", "secret-token"]
