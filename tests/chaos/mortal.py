"""A process that works on the test's database and dies by SIGKILL at a moment that is asked for.

A moment is right after a statement, a commit or a change of a file. What comes before a statement
is after the one before it, so these are all states that a killed process can leave.

`python -m tests.chaos.mortal` has imported everything and forks a process for each order, a line
of JSON. That answers with its id, and with the moment of its death if there is one; then comes
how it ended.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fluxrouter.foundation.database import SCHEMA

SQL_SHOWN = 90


class Reaper:
    """Counts moments, and kills its own process at the one that was ordered."""

    def __init__(self, moment: int) -> None:
        self._left = moment or -1

    def pass_by(self, place: str) -> None:
        self._left -= 1
        if self._left == 0:
            answer({"at": in_short(place)})
            os.kill(os.getpid(), signal.SIGKILL)

    def after_statement(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        result = execute(sql, params, many, context)
        self.pass_by(sql)
        return result

    def after(self, function: Callable[..., Any], place: str) -> Callable[..., Any]:
        def done(*arguments: Any, **named: Any) -> Any:
            result = function(*arguments, **named)
            self.pass_by(place)
            return result

        return done

    def watch_connections(self) -> None:
        from django.db import connections

        for alias in ("default", "owner"):
            connection: Any = connections[alias]
            connection.execute_wrappers.append(self.after_statement)
            connection._commit = self.after(connection._commit, f"commit on {alias}")

    def watch_files(self) -> None:
        """A key is overwritten, then its file goes; a package goes file by file."""
        for name in ("fsync", "unlink", "rmdir"):
            setattr(os, name, self.after(getattr(os, name), f"file: {name}"))


def in_short(statement: str) -> str:
    """A line without our schema and without quotes."""
    return " ".join(statement.replace('"', "").replace(f"{SCHEMA}.", "").split())[:SQL_SHOWN]


def answer(content: dict[str, Any]) -> None:
    os.write(1, json.dumps(content).encode() + b"\n")


def live(order: dict[str, Any]) -> None:
    """The life of one of them, in its own process."""
    from django.conf import settings

    from tests.chaos.retention_works import WORKS

    for name, value in order["settings"].items():
        setattr(settings, name, Path(value))
    reaper = Reaper(order["moment"])
    reaper.watch_connections()
    reaper.watch_files()
    WORKS[order["work"]]()


def fork(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        answer({"pid": os.getpid()})
        live(order)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main() -> None:
    import django

    django.setup()
    from tests.chaos import retention_works  # noqa: F401

    for line in sys.stdin:
        _, status = os.waitpid(fork(json.loads(line)), 0)
        answer({"code": os.waitstatus_to_exitcode(status)})


if __name__ == "__main__":
    main()
