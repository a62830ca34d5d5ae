"""Real processes: servers and sandboxes of their own, workers and beats that can be killed."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]
import psycopg

from fluxrouter.embedded.ports import free_port
from fluxrouter.embedded.process import EmbeddedError, wait_until
from fluxrouter.embedded.safe_environment import safe_environment
from fluxrouter.embedded.servers import PROJECT, Servers, prepare_database, start_servers
from fluxrouter.embedded.supervisor import Supervisor
from fluxrouter.embedded.temporary import temporary_state
from fluxrouter.sandbox.environment import NAMES, variables
from fluxrouter.sandbox.supabase import schema

# Nothing of the caller's own servers, files or keys.
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONDONTWRITEBYTECODE")
WORKER = (
    *("celery", "-A", "fluxrouter", "worker", "--pool", "prefork", "-l", "warning"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)


@dataclass
class Stack:
    """Servers, sandboxes, and whatever was started on them; all of it goes at the end."""

    servers: Servers
    environ: dict[str, str]
    sandboxes: dict[str, str] = field(default_factory=dict)  # where they are

    @property
    def supervisor(self) -> Supervisor:
        return self.servers.supervisor

    @property
    def admin_url(self) -> str:
        return str(self.servers.admin_url)

    def connect(self) -> psycopg.Connection[Any]:
        """As the administrator: autocommit, our schema first."""
        options = "-c search_path=fluxrouter"
        return psycopg.connect(self.admin_url, autocommit=True, options=options)

    def python(self, *arguments: str, **environ: str) -> str:
        """Run a program of ours in the stack's environment; its output, or EmbeddedError."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env=self.environ | environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise EmbeddedError(f"{arguments} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def start_sandbox(self, name: str) -> None:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        database = ("--database", self.admin_url) if name == "supabase" else ()
        self.supervisor.start(
            name,
            [sys.executable, "-m", "fluxrouter.sandbox", name, "--port", str(port), *database],
            env=self.environ,
            cwd=PROJECT,
            ready=lambda: answers(url),
        )
        self.sandboxes[name] = url

    def sandbox(self, name: str, path: str, body: Any = None, method: str = "") -> Any:
        """Ask a sandbox; `body` makes it a POST."""
        return ask(self.sandboxes[name], path, body, method)

    def start_worker(self, name: str = "worker", *, concurrency: int = 2, **environ: str) -> None:
        """Return at once; `wait_for_pool` waits until it is up."""
        self.supervisor.start(
            name,
            [sys.executable, "-m", *WORKER, "--concurrency", str(concurrency), "-n", f"{name}@%h"],
            env=self.environ | {"PGAPPNAME": name} | environ,
            cwd=PROJECT,
        )

    def start_beat(self, name: str = "beat", app: str = "fluxrouter") -> None:
        schedule = self.supervisor.state_dir / f"{name}.schedule"
        self.supervisor.start(
            name,
            [sys.executable, "-m", "celery", "-A", app, "beat", "-s", schedule, "--pidfile="],
            env=self.environ,
            cwd=PROJECT,
        )

    def group(self, name: str) -> int | None:
        """The process group of a child, once its guard has started it."""
        record = self.supervisor.state_dir / "run" / f"{name}.json"
        with contextlib.suppress(OSError, ValueError):
            return int(json.loads(record.read_text(encoding="utf-8"))["pid"])
        return None

    def pool(self, name: str) -> list[psutil.Process]:
        """The processes of a worker's pool."""
        with contextlib.suppress(psutil.NoSuchProcess):
            if leader := self.group(name):
                return list(psutil.Process(leader).children())
        return []

    def wait_for_pool(self, name: str = "worker", concurrency: int = 2) -> None:
        if not wait_until(lambda: len(self.pool(name)) >= concurrency, 60):
            raise EmbeddedError(f"{name} has no pool: {self.supervisor.log(name).read_text()}")


def answers(url: str) -> bool:
    try:
        ask(url, "/_sandbox/calls")
    except OSError:
        return False
    return True


def ask(url: str, path: str, body: Any = None, method: str = "") -> Any:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method or ("POST" if content else "GET"), path, content)
        response = connection.getresponse()
        answer = response.read()
    finally:
        connection.close()
    if response.status >= 400:
        raise EmbeddedError(f"{path} answered {response.status}: {answer.decode()[:500]}")
    return json.loads(answer)


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    if not wait_until(condition, seconds):
        raise AssertionError(f"not within {seconds:g} s: {what}")


@contextlib.contextmanager
def running_stack(settings: Mapping[str, str], *, durable: bool = True) -> Iterator[Stack]:
    """Servers of our own with all tables, and the sandboxes over HTTP."""
    own = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {**settings}
    with (
        temporary_state() as state_dir,
        start_servers(Path(state_dir), durable=durable, environ={}) as servers,
    ):
        stack = Stack(servers, safe_environment(own, servers))
        with psycopg.connect(stack.admin_url) as connection:
            schema.install(connection)
        prepare_database(stack.environ)
        stack.python("manage.py", "migrate", "-v", "0")
        for name in NAMES:
            stack.start_sandbox(name)
        stack.environ |= variables(stack.sandboxes)
        stack.environ["TEST_SANDBOXES"] = json.dumps(stack.sandboxes)
        yield stack
