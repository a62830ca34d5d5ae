"""All processes of the demo, started in order, with an environment of their own."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from fluxrouter.embedded.demo.account import Account
from fluxrouter.embedded.ports import free_port
from fluxrouter.embedded.process import EmbeddedError, wait_until
from fluxrouter.embedded.servers import PROJECT, start_servers
from fluxrouter.embedded.supervisor import Supervisor
from fluxrouter.sandbox.environment import NAMES, variables
from fluxrouter.sandbox.supabase import schema

STATE = PROJECT / ".demo"
WEB_PORT = 8000  # when it is free
MAILBOX_PORT = 8025
WORKERS = 2
KEPT = ("lock", "run", "log")  # of a state directory; the rest is made anew each time


@dataclass(frozen=True)
class Stack:
    """What runs, and where."""

    supervisor: Supervisor
    environment: dict[str, str]
    web: str
    mailbox: str

    @property
    def packages(self) -> Path:
        return Path(self.environment["PACKAGE_DIR"])


def port(preferred: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", preferred))
        except OSError:
            return free_port()
        return preferred


def clear_state() -> None:
    """Every demo begins anew. Taking the directory first ends what a killed demo left behind."""
    Supervisor(STATE).stop_all()
    for path in STATE.iterdir():
        if path.name in KEPT:
            continue
        if path.is_symlink():
            shutil.rmtree(path.resolve(), ignore_errors=True)
            path.unlink()
        elif path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def answers(url: str) -> Callable[[], bool]:
    """Whether somebody answers there, whatever the answer."""

    def ask() -> bool:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310  (our own address)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    return ask


def make_environment(servers: dict[str, str], ports: dict[str, int]) -> dict[str, str]:
    """Fresh secrets, loopback addresses, and no waiting time before an erasure."""
    files = STATE / "files"
    files.mkdir(mode=0o700)
    local = {name: f"http://127.0.0.1:{number}" for name, number in ports.items()}
    # Nothing of the caller's own settings may reach the demo.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        **servers,
        "DJANGO_SETTINGS_MODULE": "fluxrouter.settings",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "BLIND_INDEX_KEY": secrets.token_hex(32),
        "PUBLIC_URL": local["web"],
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "KEYSTORE_DIR": str(files / "keys"),
        "PACKAGE_DIR": str(files / "packages"),
        "TRAIL_SEAL_FILE": str(files / "trail-seals"),
        "SUPPRESSION_FILE": str(files / "suppressions"),
        **variables(local),
        "DEMO_SANDBOXES": json.dumps({name: local[name] for name in NAMES}),
        "DEFAULT_FROM_EMAIL": "FluxRouter <privacy@demo.example>",
        "PRIVACY_OFFICER_EMAIL": "officer@demo.example",
        "ERASURE_GRACE_HOURS": "0",
        "LIFT_NOTICE_HOURS": "0",
    }


@contextlib.contextmanager
def running_stack(account: Account) -> Iterator[Stack]:
    """Everything up, seeded and answering; everything down again at the end, whatever happens."""
    STATE.mkdir(mode=0o711, exist_ok=True)
    clear_state()
    with start_servers(STATE, durable=False) as servers:
        account.tick("PostgreSQL and Valkey are up")
        ports = {name: free_port() for name in NAMES}
        ports |= {"web": port(WEB_PORT), "mailbox": port(MAILBOX_PORT)}
        environment = make_environment(servers.environment, ports)
        install_auth(environment)
        supervisor = servers.supervisor
        # Always: servers that were given may have the roles, and yet no grant on these tables.
        run(supervisor, "prepare", environment, "manage.py", "prepare_database")
        start_sandboxes(supervisor, environment, ports)
        run(supervisor, "migrate", environment, "manage.py", "migrate", "--verbosity", "0")
        account.tick("the database has its roles, schema and tables")
        start_program(supervisor, environment, ports["web"])
        stack = Stack(
            supervisor, environment, environment["PUBLIC_URL"], environment["RESEND_API_URL"]
        )
        yield stack


def install_auth(environment: dict[str, str]) -> None:
    """Supabase Auth's tables, which the connector's role is then given rights on."""
    with psycopg.connect(environment["DATABASE_ADMIN_URL"]) as connection:
        schema.install(connection)


def run(supervisor: Supervisor, name: str, environment: dict[str, str], *arguments: str) -> None:
    if supervisor.run(name, [sys.executable, *arguments], env=environment):
        raise EmbeddedError(f"{name} failed; its output stands above")


def start_sandboxes(
    supervisor: Supervisor, environment: dict[str, str], ports: dict[str, int]
) -> None:
    for name in NAMES:
        argv = [sys.executable, "-m", "fluxrouter.sandbox", name, "--port", str(ports[name])]
        if name == "supabase":
            argv += ["--database", environment["DATABASE_ADMIN_URL"]]
        supervisor.start(name, argv, env=environment)
    for name in NAMES:
        wait(supervisor, f"http://127.0.0.1:{ports[name]}/_sandbox/calls")


def wait(supervisor: Supervisor, url: str, seconds: float = 30) -> None:

    ready = answers(url)

    def ready_or_dead() -> bool:
        supervisor.check()
        return ready()

    if not wait_until(ready_or_dead, seconds):
        raise EmbeddedError(f"{url} did not answer within {seconds:g} seconds")


def start_program(supervisor: Supervisor, environment: dict[str, str], web_port: int) -> None:
    """Web, worker and beat: as in production, but for the number of processes."""
    python = [sys.executable, "-m"]
    gunicorn = ["gunicorn", "fluxrouter.wsgi", "--worker-class", "gthread", "--threads", "8"]
    supervisor.start(
        "web",
        [*python, *gunicorn, "--bind", f"127.0.0.1:{web_port}", "--log-level", "warning"],
        env=environment,
    )
    celery = [*python, "celery", "-A", "fluxrouter"]
    quiet = ["--without-gossip", "--without-mingle", "--loglevel", "warning"]
    supervisor.start(
        "worker",
        [*celery, "worker", "--concurrency", str(WORKERS), *quiet],
        env=environment,
        grace=30,
    )
    beat_file = str(STATE / "beat")
    supervisor.start(
        "beat",
        [*celery, "beat", "--schedule", beat_file, "--pidfile", "", "--loglevel", "warning"],
        env=environment,
    )
    wait(supervisor, f"http://127.0.0.1:{web_port}/healthz")
