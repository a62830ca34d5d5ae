"""The memory of a worker's pool while something runs."""

import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import psutil  # type: ignore[import-untyped]

PAUSE = 0.01
MEGABYTE = 1024 * 1024


class Peak:
    """Watches resident memory; `grown` is the highest sum above the first, in megabytes."""

    def __init__(self, processes: Sequence[psutil.Process]) -> None:
        self._processes = processes
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._idle = self._highest = self._resident()

    @property
    def grown(self) -> float:
        return (self._highest - self._idle) / MEGABYTE

    def _resident(self) -> int:
        return sum(process.memory_info().rss for process in self._processes)

    def _watch(self) -> None:
        while not self._over.wait(PAUSE):
            self._highest = max(self._highest, self._resident())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
