"""Keeping a step's lease in verbs that are given no task: looking, exporting, verifying."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Beat = Callable[[], None]
_beat: ContextVar[Beat] = ContextVar("beat", default=lambda: None)


def heartbeat() -> None:
    """Call it in every long loop: it costs nothing while most of the lease is left."""
    _beat.get()()


@contextmanager
def beating(beat: Beat) -> Iterator[None]:
    """What `heartbeat` does until the end of the block."""
    before = _beat.set(beat)
    try:
        yield
    finally:
        _beat.reset(before)
