"""A stack of its own for each test, with leases and waits of seconds."""

from collections.abc import Iterator

import pytest

from tests.support.processes import Stack, running_stack

IMPATIENT = {
    "ERASURE_GRACE_HOURS": "0",
    "LEASE_SECONDS": "3",
    "PROCESSOR_TIMEOUT_SECONDS": "2",
    "RETRY_BASE_SECONDS": "0.2",
}


@pytest.fixture
def stack() -> Iterator[Stack]:
    with running_stack(IMPATIENT, durable=False) as made:
        yield made
