"""A free port on the loopback, although somebody else may take it first."""

import socket
from collections.abc import Callable
from pathlib import Path

from fluxrouter.embedded.process import EmbeddedError

ATTEMPTS = 5


def on_free_port(start: Callable[[int], None], log: Path) -> None:
    """Call `start` with a free port, and again with another when the log says it was taken."""
    for _ in range(ATTEMPTS - 1):
        try:
            return start(free_port())
        except EmbeddedError:
            if "Address already in use" not in log.read_text(encoding="utf-8", errors="replace"):
                raise
    return start(free_port())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
