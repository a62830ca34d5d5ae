"""Nudges: they cost a web request nothing, whether or not anybody hears them."""

import os
import socket
import subprocess
import sys
import threading
import time

import pytest

from fluxrouter.embedded.servers import PROJECT
from privacy import tasks

pytestmark = pytest.mark.acceptance("MAIN-51")

# Sends as a service does.
SEND = """
import time
import django
django.setup()
from privacy.signals import work_due

spent = []
for _ in range(20):
    begun = time.perf_counter()
    answers = work_due.send(sender=None)
    spent.append(time.perf_counter() - begun)
    time.sleep(0.01)
assert answers, "nobody listens"
print(max(spent) * 1000)
"""


def test_a_broker_that_is_away_neither_fails_nor_delays() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        away = f"redis://127.0.0.1:{closed.getsockname()[1]}/0"
        done = subprocess.run(
            [sys.executable, "-c", SEND],
            cwd=PROJECT,
            env={**os.environ, "REDIS_URL": away},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 50


class SlowPump:
    """A broker that takes its time; counts the messages."""

    def __init__(self) -> None:
        self.sent = 0
        self.first, self.go_on = threading.Event(), threading.Event()

    def apply_async(self, **options: object) -> None:
        self.sent += 1
        self.first.set()
        self.go_on.wait(5)
        if self.sent == 1:
            raise ConnectionError


def test_nudges_that_come_meanwhile_melt_into_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pump = SlowPump()
    monkeypatch.setattr(tasks, "pump", pump)
    nudger = tasks.Nudger()
    nudger.nudge()
    assert pump.first.wait(5)
    for _ in range(100):
        nudger.nudge()
    assert pump.sent == 1
    pump.go_on.set()
    until = time.monotonic() + 5
    while pump.sent < 2 and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(0.05)
    assert pump.sent == 2
    assert [record.getMessage() for record in caplog.records] == ["nudge.lost ConnectionError"]


def test_a_nudge_after_a_fork_has_a_thread_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    pump = SlowPump()
    pump.go_on.set()
    monkeypatch.setattr(tasks, "pump", pump)
    nudger = tasks.Nudger()
    nudger._process = -1  # as if the thread had stayed behind in the parent
    nudger.nudge()
    assert pump.first.wait(5)
