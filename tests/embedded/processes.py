"""Running our scripts and counting what they leave behind."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import psutil  # type: ignore[import-untyped]

from fluxrouter.embedded.process import wait_until

PROJECT = Path(__file__).resolve().parents[2]

# Starts servers in the directory named by its argument, says so, and works until it's stopped.
HOLDER = """
import json, sys, time
from pathlib import Path
from fluxrouter.embedded.process import exit_on_sigterm
from fluxrouter.embedded.servers import start_servers
exit_on_sigterm()
try:
    with start_servers(Path(sys.argv[1]), durable=False, environ={}) as servers:
        print(json.dumps(servers.environment), flush=True)
        time.sleep(600)
except KeyboardInterrupt:
    sys.exit(130)
"""


@contextlib.contextmanager
def script(
    code: str, *arguments: str | Path, prefix: Sequence[str] = ()
) -> Iterator[subprocess.Popen[str]]:
    """A running script of ours in a process of its own, stopped at the end if it still runs."""
    command = [*prefix, sys.executable, "-c", code, *map(str, arguments)]
    environ = os.environ | {"PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def first_line(process: subprocess.Popen[str]) -> str:
    output: IO[str] | None = process.stdout
    assert output is not None
    return output.readline().strip()


def descendants(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def running(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Without zombies: where process 1 reaps nothing they stay for ever."""
    found = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def all_gone(processes: Sequence[psutil.Process]) -> bool:
    return wait_until(lambda: not running(processes), 10)
