"""`make demo`, as a stranger runs it: it tells the truth, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from fluxrouter.embedded.process import wait_until
from tests.embedded.processes import PROJECT, descendants, running

READY = "It stays up until you press Ctrl-C."


def start(output: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """The demo with nothing of this run's environment: it embeds servers of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with output.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "fluxrouter.embedded.demo", *arguments],
            cwd=PROJECT,
            env=kept,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def wait_for(output: Path, words: str, demo: subprocess.Popen[bytes], seconds: float) -> None:
    end = time.monotonic() + seconds
    while words not in output.read_text(errors="replace"):
        assert demo.poll() is None, output.read_text(errors="replace")
        assert time.monotonic() < end, output.read_text(errors="replace")
        time.sleep(0.1)


def all_gone(processes: list[psutil.Process], seconds: float = 40) -> bool:
    return wait_until(lambda: not running(processes), seconds)


@pytest.mark.acceptance("DEMO-01", "DEMO-02", "DEMO-03")
def test_the_demo_survives_every_way_to_end_it(tmp_path: Path) -> None:
    """One test, because two demos can't share the state directory."""
    first = tmp_path / "interrupted"
    demo = start(first)
    wait_for(first, "PostgreSQL and Valkey are up", demo, 60)
    children = descendants(demo.pid)
    demo.send_signal(signal.SIGTERM)
    assert demo.wait(60) != 0
    assert all_gone(children)

    second = tmp_path / "killed"
    demo = start(second)
    wait_for(second, READY, demo, 120)
    children = descendants(demo.pid)
    assert len(children) > 10
    demo.kill()
    demo.wait()
    assert all_gone(children)

    third = tmp_path / "once"
    demo = start(third, "--once")
    wait_for(third, "PostgreSQL and Valkey are up", demo, 60)
    children = descendants(demo.pid)
    assert demo.wait(120) == 0, third.read_text(errors="replace")
    assert "✗" not in third.read_text()
    assert all_gone(children)


def test_an_unknown_option_is_named(tmp_path: Path) -> None:
    output = tmp_path / "output"
    assert start(output, "--twice").wait(30) == 2
    assert "--twice" in output.read_text()
