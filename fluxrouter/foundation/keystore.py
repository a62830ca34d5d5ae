"""Data keys, one per request, outside the database: destroying one makes its data unreadable."""

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings

from fluxrouter.foundation.crypto import KEY_BYTES, new_key


class KeyGoneError(Exception):
    """The key was destroyed, or never made: what it sealed can't be read any more."""


class KeyStore(Protocol):
    """Where data keys live. Its backups, if any, must not be older than seven days."""

    def create(self, key_id: UUID) -> bytes:
        """The key of that id; made when it isn't there yet (safe to repeat)."""

    def get(self, key_id: UUID) -> bytes:
        """The key, or KeyGoneError."""

    def destroy(self, key_id: UUID) -> None:
        """Make the key unrecoverable. A key that is gone already is success."""


class DirectoryKeyStore:
    """One file per key, readable by the application's user alone."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _path(self, key_id: UUID) -> Path:
        return self._directory / f"{key_id}.key"

    def create(self, key_id: UUID) -> bytes:
        if self._path(key_id).exists():
            return self.get(key_id)
        handle, temporary = tempfile.mkstemp(dir=self._directory)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(new_key())
                file.flush()
                os.fsync(file.fileno())
            # A link fails where the name exists, so two creators end up with one key.
            os.link(temporary, self._path(key_id))
        except FileExistsError:
            pass
        finally:
            Path(temporary).unlink()
        self._sync()
        return self.get(key_id)

    def get(self, key_id: UUID) -> bytes:
        try:
            key = self._path(key_id).read_bytes()
        except FileNotFoundError:
            raise KeyGoneError(str(key_id)) from None
        # Zeros: somebody was killed between overwriting and unlinking it.
        if len(key) != KEY_BYTES or not any(key):
            raise KeyGoneError(str(key_id))
        return key

    def destroy(self, key_id: UUID) -> None:
        path = self._path(key_id)
        try:
            # Overwriting is best effort (journals, SSDs keep copies); the unlink is what counts.
            with path.open("r+b") as file:
                file.write(bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return
        self._sync()

    def _sync(self) -> None:
        handle = os.open(self._directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@cache
def _directory_store(directory: Path) -> DirectoryKeyStore:
    return DirectoryKeyStore(directory)


def keystore() -> KeyStore:
    return _directory_store(settings.KEYSTORE_DIR)
