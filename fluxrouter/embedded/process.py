"""Small facts about child processes and the files they leave."""

import contextlib
import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from fluxrouter.embedded.guard import birth, end_group

TAIL_LINES = 15
POLL_SECONDS = 0.02


class EmbeddedError(Exception):
    """Says in words for a person why a server or a child could not do its work."""


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    if not log.exists():
        return "(no output)"
    text = log.read_text(encoding="utf-8", errors="replace")
    return "\n".join(text.splitlines()[-lines:]) or "(no output)"


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def lock_directory(directory: Path, patience: float = 30) -> int:
    """Take a state directory for this process and return the lock's file descriptor.

    Guards inherit the descriptor, so after a `kill -9` of its owner the lock is free only
    when the guards have stopped their children.
    """
    path = directory / "lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def taken() -> bool:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        owner = _read_record(path)
        if owner and _is_running(owner):
            os.close(descriptor)
            raise EmbeddedError(
                f"{directory} is in use by process {owner['pid']}; stop that first"
            )
        return False

    if not wait_until(taken, patience):
        os.close(descriptor)
        raise EmbeddedError(f"{directory} is locked by children of a process that was killed")
    owner = json.dumps({"pid": os.getpid(), "birth": birth(os.getpid())})
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, owner.encode(), 0)
    return descriptor


def end_stray(record: Path, grace: float = 10) -> None:
    """Stop a child whose guard was killed; never a stranger that now has the child's pid."""
    facts = _read_record(record)
    if facts and _is_running(facts):
        pid = int(facts["pid"])
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, int(facts["signal"]))
        if not wait_until(lambda: not _is_running(facts), grace):
            end_group(pid)
    record.unlink(missing_ok=True)


def exit_on_sigterm() -> None:
    """Turn SIGTERM into SystemExit, so that every `finally` and `with` does its work."""

    def leave(number: int, frame: FrameType | None) -> None:
        del frame
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, leave)


def _read_record(path: Path) -> dict[str, str] | None:
    """What a process wrote about itself; None when it was killed while it wrote."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def _is_running(facts: dict[str, str]) -> bool:
    return facts["birth"] is not None and birth(int(facts["pid"])) == facts["birth"]
