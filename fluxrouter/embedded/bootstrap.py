"""Make the project's virtual environment, then run a command in it.

    python3 fluxrouter/embedded/bootstrap.py setup | demo | checks | shell | …  [arguments]

Uses the standard library only, and syntax that an old Python reads too, so that it can say
which Python is needed. Killed at any point, it does the right thing when it runs again.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

if not (3, 11) <= sys.version_info[:2] < (3, 14):
    sys.exit(
        "Python 3.11, 3.12 or 3.13 is needed. You can name one: make PYTHON=python3.12 ... "
        f"This is {sys.version_info[0]}.{sys.version_info[1]} ({sys.executable})."
    )

import fcntl
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"  # what is installed; absent while pip works
UNFINISHED = VENV / "unfinished"  # there from the first moment until pip is done
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


class StepError(SystemExit):
    """A program said that it failed, as opposed to being killed."""


def main(command: str, arguments: list[str]) -> None:
    os.chdir(ROOT)
    with only_one():
        prepare(RUNTIME if command == "demo" else DEVELOPMENT)
    if command == "setup":
        print(f"Ready: {PYTHON}")
        return
    sys.stdout.flush()
    os.execv(  # noqa: S606  (no shell is what we want)
        PYTHON, [str(PYTHON), "-m", f"fluxrouter.embedded.{command}", *arguments]
    )


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Wait for another bootstrap of this folder. The lock is on the folder: no file is left."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another process is making .venv; waiting for it …", flush=True)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def prepare(requirements: str) -> None:
    for leftover in ROOT.glob(".venv-old-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    if VENV.exists() and not works():
        discard()
    if is_installed(requirements):
        return
    if not PYTHON.exists():
        make()
    UNFINISHED.touch()
    STAMP.unlink(missing_ok=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    title = f"Installing {requirements} (the first time takes a minute or two)"
    try:
        step(title, [*pip, "--require-hashes", "--requirement", requirements])
    except StepError:
        UNFINISHED.unlink()  # pip has rolled back; it can go on from here
        raise
    new = STAMP.with_suffix(".new")
    new.write_text(json.dumps({"python": VERSION, requirements: digest(requirements)}))
    new.replace(STAMP)
    UNFINISHED.unlink()


def works() -> bool:
    """Whether it was finished, starts, and is of this Python version."""
    if UNFINISHED.exists():
        return False
    probe = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [str(PYTHON), "-c", probe], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.strip() == VERSION


def discard() -> None:
    """Out of the way in one step, so that a half-deleted environment is never taken for one."""
    print(f".venv is unfinished, broken or not of Python {VERSION}: making it anew", flush=True)
    old = ROOT / f".venv-old-{os.getpid()}"
    VENV.rename(old)
    shutil.rmtree(old, ignore_errors=True)


def is_installed(requirements: str) -> bool:
    """The development requirements hold the runtime's too."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    enough = {requirements, DEVELOPMENT}
    return any(stamp.get(name) == digest(name) for name in enough if (ROOT / name).exists())


def make() -> None:
    try:
        import ensurepip  # noqa: F401, PLC0415  (Debian leaves these two out of python3)
        import venv  # noqa: F401, PLC0415
    except ImportError:
        sys.exit(f"{sys.executable} can't make environments: apt-get install python3-venv")
    VENV.mkdir()
    UNFINISHED.touch()
    # Not our own executable: that may be the Python of an environment that was just discarded.
    base = getattr(sys, "_base_executable", None) or sys.executable
    step(f"Making .venv with Python {VERSION}", [base, "-m", "venv", str(VENV)])


def digest(requirements: str) -> str:
    return hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()


def step(title: str, command: list[str]) -> None:
    print(f"{title} … ", end="", flush=True)
    started = time.monotonic()
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    print(f"{time.monotonic() - started:.1f} s", flush=True)
    if done.returncode:
        text = f"{done.stdout.decode(errors='replace')}\nFailed: {' '.join(command)}"
        raise StepError(text) if done.returncode > 0 else SystemExit(text)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: bootstrap.py setup | demo | checks | shell  [arguments]")
    main(sys.argv[1], sys.argv[2:])
