"""Stands between supervisor and child, so that no child outlives a supervisor that was killed.

Runs as a script of its own and uses the standard library only. Its standard input is a pipe
that nobody writes to (the lifeline): when the supervisor closes it or dies, however it dies,
the guard stops the child. That works on every Unix and needs no parent-death signal.
"""

import contextlib
import json
import os
import pwd
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any


def birth(pid: int) -> str | None:
    """When a process started, or None once it's gone: a pid alone may belong to a stranger."""
    if Path("/proc/self/stat").exists():
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return None
        state, *fields = stat.rpartition(")")[2].split()
        return None if state == "Z" else fields[18]
    listing = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, started = listing.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


def identity(user: str | None) -> dict[str, Any]:
    """What to tell subprocess about the user of a child; root can become somebody else."""
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def end_group(pid: int) -> None:
    """End what a child left behind in its process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def stop(child: subprocess.Popen[bytes], stop_signal: int, grace: float) -> None:
    child.send_signal(stop_signal)
    try:
        child.wait(grace)
    except subprocess.TimeoutExpired:
        end_group(child.pid)


def _released() -> threading.Event:
    """Set when the lifeline ends or somebody signals the guard itself."""
    released = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A handler, not SIG_IGN: the child would inherit that.
        signal.signal(number, lambda *_: released.set())

    def watch_lifeline() -> None:
        os.read(0, 1)
        released.set()

    threading.Thread(target=watch_lifeline, daemon=True).start()
    return released


def guard(options: dict[str, Any], argv: list[str]) -> int:
    released = _released()
    child = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        cwd=options["cwd"],
        process_group=0,
        **identity(options["user"]),
    )
    record = Path(options["record"])
    facts = {"pid": child.pid, "birth": birth(child.pid), "signal": options["signal"]}
    record.write_text(json.dumps(facts), encoding="utf-8")

    def stop_when_released() -> None:
        released.wait()
        stop(child, options["signal"], options["grace"])

    threading.Thread(target=stop_when_released, daemon=True).start()
    code = child.wait()
    end_group(child.pid)
    record.unlink(missing_ok=True)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    # os._exit: a thread that still reads the lifeline must not delay the end.
    os._exit(guard(json.loads(sys.argv[1]), sys.argv[2:]))
