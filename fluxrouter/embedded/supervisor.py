"""Starts children in order, waits until each is ready, stops them in reverse order."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from fluxrouter.embedded import guard
from fluxrouter.embedded.process import (
    POLL_SECONDS,
    EmbeddedError,
    end_stray,
    lock_directory,
    tail,
)


@dataclass(frozen=True)
class Child:
    name: str
    guard: subprocess.Popen[bytes]
    record: Path
    log: Path
    grace: float

    def ended(self) -> str | None:
        """Why this child is no longer there, with the end of its log; None while it runs."""
        code = self.guard.poll()
        if code is None:
            return None
        return f"{self.name} ended with code {code}. The end of {self.log}:\n{tail(self.log)}"

    def stop(self) -> int:
        """Let go of the lifeline: the guard sends the stop signal and answers the child's code."""
        if self.guard.stdin:
            self.guard.stdin.close()
        try:
            return self.guard.wait(self.grace + 5)
        except subprocess.TimeoutExpired:
            self.guard.kill()
            return self.guard.wait()
        finally:
            end_stray(self.record)


class Supervisor:
    """Owns one state directory and every child that works in it.

    Output of a child goes to `log/<name>.log` there (the run before stays as `.log.1`).
    """

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir.absolute()
        self._children: dict[str, Child] = {}
        for directory in (self.state_dir, self._records, self._logs):
            directory.mkdir(parents=True, exist_ok=True)
        self._lock = lock_directory(self.state_dir)
        for record in self._records.glob("*.json"):
            end_stray(record)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop_all()

    def start(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        ready: Callable[[], bool] = lambda: True,
        timeout: float = 30,
        grace: float = 10,
    ) -> None:
        """Start a child and return when `ready` says so; EmbeddedError if that never happens.

        `grace` is how long the child may take to stop before it's killed.
        """
        options: dict[str, object] = {"cwd": str(cwd or Path.cwd()), "user": user, "grace": grace}
        with self._rotate(self.log(name)).open("wb") as log:
            child = self._spawn(name, argv, env, options | {"signal": int(stop_signal)}, log)
        self._children[name] = child
        try:
            self._wait_until_ready(child, ready, timeout)
        except BaseException:
            self.stop(name)
            raise

    def run(self, name: str, argv: Sequence[str | Path], *, env: Mapping[str, str]) -> int:
        """Run a child to its end with our own output; it ends with us, like all others."""
        options: dict[str, object] = {"cwd": str(Path.cwd()), "user": None, "grace": 10.0}
        child = self._spawn(name, argv, env, options | {"signal": int(signal.SIGINT)}, sys.stdout)
        try:
            return child.guard.wait()
        finally:
            child.stop()

    def log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def check(self) -> None:
        """Raise EmbeddedError when a child has ended on its own."""
        for child in self._children.values():
            if reason := child.ended():
                raise EmbeddedError(reason)

    def stop(self, name: str) -> int:
        """Stop one child and return its exit code (128 + n when signal n ended it)."""
        return self._children.pop(name).stop()

    def stop_all(self) -> dict[str, int]:
        """Stop all children, the youngest first, and give the state directory back."""
        codes = {name: self.stop(name) for name in reversed(list(self._children))}
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
        return codes

    @property
    def _records(self) -> Path:
        return self.state_dir / "run"

    @property
    def _logs(self) -> Path:
        return self.state_dir / "log"

    def _rotate(self, log: Path) -> Path:
        with contextlib.suppress(FileNotFoundError):
            log.replace(log.with_suffix(".log.1"))
        return log

    def _spawn(
        self,
        name: str,
        argv: Sequence[str | Path],
        env: Mapping[str, str] | None,
        options: dict[str, object],
        output: IO[Any],
    ) -> Child:
        record = self._records / f"{name}.json"
        facts = json.dumps(options | {"record": str(record)})
        process = subprocess.Popen(
            # -I and -S: the guard needs nobody's site-packages and starts in 20 ms
            [sys.executable, "-I", "-S", guard.__file__, facts, *map(str, argv)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            pass_fds=[self._lock],
            start_new_session=True,  # Ctrl-C is for the supervisor, which keeps the order
        )
        return Child(name, process, record, self.log(name), float(str(options["grace"])))

    def _wait_until_ready(self, child: Child, ready: Callable[[], bool], timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while not ready():
            if reason := child.ended():
                raise EmbeddedError(reason)
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"{child.name} was not ready after {timeout:g} seconds. "
                    f"The end of {child.log}:\n{tail(child.log)}"
                )
            time.sleep(POLL_SECONDS)
