"""State directories that live as long as their run, and no longer than the next one."""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from fluxrouter.embedded.process import EmbeddedError, lock_directory

JUST_BEGUN = 60  # seconds in which a run may have made its directory but not yet locked it
PREFIX = "fluxrouter-servers-"


@contextlib.contextmanager
def temporary_state() -> Iterator[Path]:
    """A fresh state directory; also removes those whose run was killed."""
    _remove_abandoned(Path(tempfile.gettempdir()))
    state_dir = Path(tempfile.mkdtemp(prefix=PREFIX))
    # As root the database server is another user, who must be able to pass through.
    state_dir.chmod(0o711)
    try:
        yield state_dir
    finally:
        _remove(state_dir)


def _remove_abandoned(parent: Path) -> None:
    for state_dir in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(EmbeddedError, OSError):
            facts = (state_dir / "lock").stat()
            if facts.st_uid != os.geteuid() or time.time() - facts.st_mtime < JUST_BEGUN:
                continue
            lock = lock_directory(state_dir, patience=0)
            _remove(state_dir)
            os.close(lock)


def _remove(state_dir: Path) -> None:
    """With the database's files, which may be elsewhere behind a link."""
    for directory in ((state_dir / "postgres").resolve(), state_dir):
        shutil.rmtree(directory, ignore_errors=True)
