"""Data keys: made once, readable by us alone, and gone for good when destroyed."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from fluxrouter.foundation.crypto import KEY_BYTES
from fluxrouter.foundation.keystore import DirectoryKeyStore, KeyGoneError

# The process kills itself at a chosen call, as a power cut would.
KILLED = """
import os, signal, sys
from pathlib import Path
from uuid import UUID
from fluxrouter.foundation.keystore import DirectoryKeyStore

where, directory, key_id = sys.argv[1:]
def die(*args, **options):
    os.kill(os.getpid(), signal.SIGKILL)
store = DirectoryKeyStore(Path(directory))
if where == "link":
    os.link = die
    store.create(UUID(key_id))
else:
    Path.unlink = die
    store.destroy(UUID(key_id))
"""


@pytest.fixture
def store(tmp_path: Path) -> DirectoryKeyStore:
    return DirectoryKeyStore(tmp_path / "made" / "here")


def killed_at(where: str, directory: Path, key_id: UUID) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, where, str(directory), str(key_id)], check=False
    )
    assert done.returncode == -signal.SIGKILL


def test_creating_again_gives_the_same_key(store: DirectoryKeyStore) -> None:
    key_id = uuid4()
    key = store.create(key_id)
    assert len(key) == KEY_BYTES
    assert store.create(key_id) == store.get(key_id) == key
    assert store.create(uuid4()) != key


def test_many_creators_at_once_get_one_key(store: DirectoryKeyStore) -> None:
    key_id, barrier = uuid4(), threading.Barrier(16)
    keys: list[bytes] = []

    def create() -> None:
        barrier.wait()
        keys.append(store.create(key_id))

    threads = [threading.Thread(target=create) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 16
    assert len(set(keys)) == 1


def test_destroying_twice_is_success(store: DirectoryKeyStore) -> None:
    key_id = uuid4()
    store.create(key_id)
    store.destroy(key_id)
    store.destroy(key_id)
    store.destroy(uuid4())


def test_a_destroyed_key_can_not_be_read(store: DirectoryKeyStore, tmp_path: Path) -> None:
    key_id = uuid4()
    key = store.create(key_id)
    store.destroy(key_id)
    with pytest.raises(KeyGoneError):
        store.get(key_id)
    assert all(key not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_only_we_can_read_the_keys(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        DirectoryKeyStore(tmp_path / "mine").create(uuid4())
    finally:
        os.umask(before)
    (file,) = (tmp_path / "mine").iterdir()
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_of_the_wrong_length_is_no_key(store: DirectoryKeyStore, tmp_path: Path) -> None:
    key_id = uuid4()
    (tmp_path / "made" / "here" / f"{key_id}.key").write_bytes(b"short")
    with pytest.raises(KeyGoneError):
        store.get(key_id)


def test_a_kill_before_the_key_has_its_name_leaves_no_half_key(tmp_path: Path) -> None:
    key_id, directory = uuid4(), tmp_path / "store"
    killed_at("link", directory, key_id)
    store = DirectoryKeyStore(directory)
    with pytest.raises(KeyGoneError):
        store.get(key_id)
    assert store.create(key_id) == store.get(key_id)


def test_a_kill_while_destroying_leaves_no_usable_key(tmp_path: Path) -> None:
    """The file is overwritten first; a key of zeros, which anybody knows, must seal nothing."""
    key_id, directory = uuid4(), tmp_path / "store"
    store = DirectoryKeyStore(directory)
    store.create(key_id)
    killed_at("unlink", directory, key_id)
    for read in (store.get, store.create):
        with pytest.raises(KeyGoneError):
            read(key_id)
    store.destroy(key_id)
    assert not list(directory.iterdir())
