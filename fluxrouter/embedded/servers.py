"""The servers that a run needs: those of the environment, and embedded ones for the rest."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from fluxrouter.embedded.postgres import start_postgres
from fluxrouter.embedded.process import EmbeddedError
from fluxrouter.embedded.roles import ROLES, role_environment
from fluxrouter.embedded.supervisor import Supervisor
from fluxrouter.embedded.valkey import start_valkey

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class GivenUrls:
    """What the environment brings along; None or empty means: embed it."""

    admin: str | None
    roles: dict[str, str]
    redis: str | None


def urls_from_environment(environ: Mapping[str, str]) -> GivenUrls:
    """Read the environment. DATABASE_URL alone is an administrator's: roles are made from it.

    With DATABASE_OWNER_URL the roles exist already and all URLs are used as they are.
    """
    given = {name: environ[name] for name in ROLES if environ.get(name)}
    redis = environ.get("REDIS_URL") or None
    if "DATABASE_OWNER_URL" not in given:
        return GivenUrls(given.get("DATABASE_URL"), {}, redis)
    if missing := [name for name in ROLES if name not in given]:
        raise EmbeddedError(f"DATABASE_OWNER_URL is set, so {', '.join(missing)} must be too")
    return GivenUrls(environ.get("DATABASE_ADMIN_URL") or None, given, redis)


class Servers:
    """Running servers; `environment` is what a process needs to use them."""

    def __init__(self, supervisor: Supervisor, given: GivenUrls, *, durable: bool) -> None:
        self.supervisor = supervisor
        self.admin_url = given.admin
        if not given.admin and not given.roles:
            self.admin_url = start_postgres(supervisor, durable=durable)
        self.redis_url = given.redis or start_valkey(supervisor)
        roles = dict(given.roles)
        if self.admin_url:
            roles = role_environment(self.admin_url) | roles
        self.environment = {**roles, "REDIS_URL": self.redis_url}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self.supervisor.stop_all()


def start_servers(
    state_dir: Path, *, durable: bool = True, environ: Mapping[str, str] = os.environ
) -> Servers:
    """Start what the environment lacks; `durable=False` trades crash safety for speed."""
    given = urls_from_environment(environ)
    supervisor = Supervisor(state_dir)
    try:
        return Servers(supervisor, given, durable=durable)
    except BaseException:
        supervisor.stop_all()
        raise


def roles_are_ready(environ: Mapping[str, str]) -> bool:
    try:
        for variable in ROLES:
            psycopg.connect(environ[variable], connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def prepare_database(environ: Mapping[str, str]) -> None:
    """Let the management command make the roles, unless they can already log in."""
    if roles_are_ready(environ):
        return
    done = subprocess.run(
        [sys.executable, "manage.py", "prepare_database"],
        cwd=PROJECT,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        raise EmbeddedError(f"prepare_database failed:\n{done.stdout.decode(errors='replace')}")
