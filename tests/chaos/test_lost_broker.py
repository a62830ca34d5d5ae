"""The broker is away: nothing fails by it and nothing waits for it."""

import json
import statistics

import pytest

from tests.support.processes import Stack

pytestmark = pytest.mark.chaos


def seconds_per_approval(stack: Stack) -> float:
    return statistics.median(json.loads(stack.python("-m", "tests.chaos.without_broker")))


@pytest.mark.acceptance("MAIN-51")
def test_a_lost_broker_neither_fails_nor_delays_an_approval(stack: Stack) -> None:
    usual = seconds_per_approval(stack)
    stack.supervisor.stop("valkey")
    assert seconds_per_approval(stack) - usual < 0.05
