"""State directories and supervisors for one test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fluxrouter.embedded.supervisor import Supervisor
from fluxrouter.embedded.temporary import temporary_state


@pytest.fixture
def state_dir() -> Iterator[Path]:
    with temporary_state() as directory:
        yield directory


@pytest.fixture
def supervisor(state_dir: Path) -> Iterator[Supervisor]:
    with Supervisor(state_dir) as started:
        yield started
