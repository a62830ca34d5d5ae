"""Workers that are up at once: a process that has imported everything forks each of them.

`python -m tests.chaos.nursery` reads a worker's name a line and answers with its process group.
At the end of its input, which comes also when the test is killed, it takes all groups with it.
"""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from fluxrouter.embedded.servers import PROJECT
from tests.support.processes import WORKER


class Nursery:
    """The test's side: starts workers by name, and kills their process groups."""

    def __init__(self, environ: dict[str, str], log: Path, concurrency: int = 2) -> None:
        self._groups: dict[str, int] = {}
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery", str(concurrency)],
            cwd=PROJECT,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def start(self, name: str) -> None:
        asked, told = self._process.stdin, self._process.stdout
        assert asked is not None
        assert told is not None
        asked.write(f"{name}\n")
        asked.flush()
        self._groups[name] = int(told.readline())

    def is_alive(self, name: str) -> bool:
        """False when the worker ended by itself, as it may when the broker is emptied under it."""
        try:
            os.kill(self._groups[name], 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self, name: str) -> None:
        """SIGKILL to every process of the worker."""
        kill_group(self._groups.pop(name))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate(timeout=30)
        self._log.close()


def kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def fork_worker(name: str, concurrency: str) -> int:
    leader = os.fork()
    if leader:
        return leader
    os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # a banner is no answer
    os.environ["PGAPPNAME"] = name  # the database's sessions say whose they are
    from fluxrouter.celery import app

    app.worker_main([*WORKER[3:], "--concurrency", concurrency, "-n", f"{name}@%h"])
    os._exit(0)


def main(concurrency: str) -> None:
    from fluxrouter.celery import app
    from privacy.connectors.registry import connectors

    app.loader.import_default_modules()
    connectors()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed leaves no zombie
    groups = []
    for line in sys.stdin:
        groups.append(fork_worker(line.strip(), concurrency))
        sys.stdout.write(f"{groups[-1]}\n")
        sys.stdout.flush()
    for leader in groups:
        kill_group(leader)


if __name__ == "__main__":
    main(sys.argv[1])
