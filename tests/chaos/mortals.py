"""The test’s side of processes that die when told to: it starts them and sees them end."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from fluxrouter.embedded.servers import PROJECT

NAME = "mortal"  # of their sessions
SESSIONS = """
SELECT pid, query, wait_event_type FROM pg_stat_activity
WHERE application_name = %s AND datname = current_database()
"""


class Ending(NamedTuple):
    """`at` is the moment of its death; "" when it came to its own end."""

    code: int
    at: str

    @property
    def is_killed(self) -> bool:
        return self.code == -signal.SIGKILL


class Mortals:
    """The test's side. `environ` leads to the test's database."""

    def __init__(self, environ: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.mortal"],
                cwd=PROJECT,
                env=environ | {"PGAPPNAME": NAME},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def start(self, work: str, moment: int = 0, **settings: Any) -> int:
        """Begin a work of WORKS; its process dies at that moment, or never. Returns its id."""
        order = {"work": work, "moment": moment, "settings": settings}
        asked = self._process.stdin
        assert asked is not None
        asked.write(json.dumps(order) + "\n")
        asked.flush()
        return int(self._answer()["pid"])

    def ending(self) -> Ending:
        """Wait until the process that was started is gone."""
        place, answer = "", self._answer()
        if "at" in answer:
            place, answer = answer["at"], self._answer()
        return Ending(answer["code"], place)

    def _answer(self) -> Any:
        told = self._process.stdout
        assert told is not None
        line = told.readline()
        assert line, self.log.read_text()[-3000:]
        return json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate(timeout=30)


class Session(NamedTuple):
    pid: int
    query: str
    waits_for: str | None


def sessions(connection: Any) -> list[Session]:
    """The database's sessions of such processes; they outlive them for a moment."""
    return [Session(*row) for row in connection.execute(SESSIONS, [NAME])]


def wait_until_buried(connection: Any, seconds: float = 10) -> None:
    """Until the database knows that they are dead; then their locks and transactions are gone."""
    until = time.monotonic() + seconds
    while found := sessions(connection):
        assert time.monotonic() < until, found
        time.sleep(0.002)
