"""A sandbox over HTTP: gunicorn with threads, one process because the state is in memory."""

from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from fluxrouter.sandbox.kit import App

THREADS = 16


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn without a command line or a configuration file; no request is logged."""

    def __init__(self, make: Callable[[], App], bind: str) -> None:
        self.make = make
        self.bind = bind
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": self.bind,
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "keepalive": 30,
            "graceful_timeout": 3,
            "timeout": 60,
            "accesslog": None,
            "loglevel": "warning",
            "proc_name": "fluxrouter-sandbox",
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> App:
        return self.make()


def serve(make: Callable[[], App], bind: str) -> None:
    """Serves until SIGTERM or SIGINT; the app is made in the worker process."""
    Server(make, bind).run()
