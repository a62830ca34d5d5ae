"""A PostgreSQL 18 of our own: one cluster in the state directory, TCP on the loopback, SCRAM."""

import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg

from fluxrouter.embedded.binaries import others_can_enter, postgres_binaries
from fluxrouter.embedded.guard import identity
from fluxrouter.embedded.ports import on_free_port
from fluxrouter.embedded.process import EmbeddedError
from fluxrouter.embedded.supervisor import Supervisor

DATABASE = "fluxrouter"
ADMIN = "admin"
# Clusters of state directories that the unprivileged user can't enter, such as root's home
PASSABLE = 0o711  # set with chmod: the umask may be stricter
OUTSIDE = Path("/var/lib/fluxrouter-embedded")

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    # Statements and error texts hold personal data, so neither reaches the log: messages of
    # level ERROR are left out, and what remains has no statement, detail or parameter.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
# The builtin locale is the same on every system. A crash during initdb only costs a new one.
INITDB_OPTIONS = (
    *("-U", ADMIN, "-A", "scram-sha-256", "-E", "UTF8", "--no-sync"),
    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)
# Only where a crash may lose everything
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start_postgres(supervisor: Supervisor, *, durable: bool) -> str:
    """Start the server, make the database, and return the superuser's URL."""
    binaries = postgres_binaries()
    cluster = _cluster(supervisor.state_dir, binaries)
    password = (cluster / "password").read_text(encoding="utf-8").strip()
    settings = SETTINGS | ({} if durable else FAST_SETTINGS)
    options = [f"--{name}={value}" for name, value in settings.items()]
    server = ""

    def start(port: int) -> None:
        nonlocal server
        server = f"postgresql://{ADMIN}:{password}@127.0.0.1:{port}"
        supervisor.start(
            "postgres",
            [binaries / "postgres", "-D", cluster / "data", "-p", str(port), *options],
            env=_environment(),
            cwd=Path("/"),  # the unprivileged user may not enter ours
            user=_user(),
            stop_signal=signal.SIGINT,  # fast shutdown; SIGTERM waits for every client
            ready=lambda: _answers(server),
        )

    on_free_port(start, supervisor.log("postgres"))
    _create_database(server)
    return f"{server}/{DATABASE}"


def _user() -> str | None:
    return "nobody" if os.geteuid() == 0 else None


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _answers(server: str) -> bool:
    try:
        psycopg.connect(f"{server}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _create_database(server: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _cluster(state_dir: Path, binaries: Path) -> Path:
    """The cluster with its password beside it; made under another name, so never half there."""
    home = _home(state_dir)
    cluster = home / "cluster"
    if cluster.exists():
        return cluster
    for leftover in home.glob("new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix="new-", dir=home))
    new.chmod(PASSABLE)
    _initdb(new, binaries)
    new.rename(cluster)
    return cluster


def _home(state_dir: Path) -> Path:
    inside = state_dir / "postgres"
    if inside.exists():
        return inside.resolve()
    if os.geteuid() != 0 or others_can_enter(state_dir):
        inside.mkdir()
        inside.chmod(PASSABLE)
        return inside
    name = hashlib.sha256(os.fsencode(state_dir.resolve())).hexdigest()[:16]
    outside = OUTSIDE / name
    # No link to it: it belonged to a state directory of this name that was removed.
    shutil.rmtree(outside, ignore_errors=True)
    outside.mkdir(parents=True)
    for directory in (OUTSIDE, outside):
        directory.chmod(PASSABLE)
    inside.unlink(missing_ok=True)
    inside.symlink_to(outside)
    return outside


def _initdb(new: Path, binaries: Path) -> None:
    data, password, handed = new / "data", new / "password", new / "handed-to-initdb"
    data.mkdir(mode=0o700)
    for path in (password, handed):
        path.touch(mode=0o600)
    secret = secrets.token_urlsafe(32)
    password.write_text(secret, encoding="utf-8")
    handed.write_text(secret, encoding="utf-8")
    if user := _user():
        shutil.chown(data, user)
        shutil.chown(handed, user)
    done = subprocess.run(
        [binaries / "initdb", "-D", data, "--pwfile", handed, *INITDB_OPTIONS],
        cwd="/",
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        **identity(user),
    )
    handed.unlink()
    if done.returncode:
        raise EmbeddedError(f"initdb failed:\n{done.stdout.decode(errors='replace')}")
