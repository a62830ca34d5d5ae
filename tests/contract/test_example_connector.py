"""The documentation's worked example keeps the promises of every connector."""

import importlib.util
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from privacy.connectors.base import Connector, Subject
from privacy.connectors.testing import ConnectorContract

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "newsletter.py"


def example(folder: Path) -> Any:
    """The connector of the documentation, with its list in this folder."""
    spec = importlib.util.spec_from_file_location("newsletter", EXAMPLE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.NewsletterConnector(folder / "newsletter.sqlite3")


@pytest.mark.acceptance("PROC-52")
class TestNewsletter(ConnectorContract):
    @pytest.fixture(autouse=True)
    def _file(self, tmp_path: Path) -> None:
        self.connector = example(tmp_path)

    def make(self) -> Connector:
        return self.connector

    def add(self, email: str, name: str) -> None:
        self.connector._run("INSERT INTO subscriber VALUES (?, ?, 0)", email, name)

    def plant(self, subject: Subject) -> Subject:
        self.add(subject.email, "Ann Lee")
        return subject

    def plant_stranger(self) -> None:
        self.add("ann_lee@example.org", "Ann Lee")

    def snapshot_of_stranger(self) -> Any:
        return self.connector._rows(Subject(uuid4(), "ann_lee@example.org", {}))

    def holds(self, subject: Subject) -> Any:
        return self.connector._rows(subject)

    def personal(self, subject: Subject) -> list[str]:
        return [subject.email, "Ann Lee"]
