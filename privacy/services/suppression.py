"""Whom we erased, as keyed hashes, in the database and in a file beside it.

A restored backup brings erased people back and forgets who they were. The file doesn't: from it
they are found and erased again (docs/runbook.md, "After a restore").
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from fluxrouter.foundation.crypto import blind_index
from privacy.models import PrivacyRequest, Suppression

Kind = Suppression.Kind
# Of a request's refs, which name whom.
OF_REFS = {"accounts": Kind.ACCOUNT, "auth_users": Kind.AUTH_USER, "customers": Kind.CUSTOMER}


class Entry(NamedTuple):
    """One line of the file. Times in ISO 8601; `digest` in hex."""

    kind: str
    digest: str
    erased_at: str
    expires_at: str


def digest_of(kind: str, value: str) -> bytes:
    return blind_index(settings.BLIND_INDEX_KEY, f"suppressed:{kind}:{value}")


def identities(request: PrivacyRequest) -> Iterator[tuple[Kind, str]]:
    yield Kind.EMAIL, request.read("email")
    for name, kind in OF_REFS.items():
        for value in request.refs.get(name, []):
            yield kind, value


def suppress(request: PrivacyRequest) -> int:
    """Write down whom this erasure is about, before its first irreversible action.

    A repetition adds nothing to the table; lines of the file may come twice.
    """
    now = timezone.now()
    rows = [
        Suppression(
            kind=kind,
            digest=digest_of(kind, value),
            erased_at=now,
            expires_at=now + settings.SUPPRESS_FOR,
        )
        # Each once: two accounts may pay through one customer.
        for kind, value in sorted(set(identities(request)))
    ]
    append(settings.SUPPRESSION_FILE, rows)
    Suppression.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "digest"],
        update_fields=["erased_at", "expires_at"],
    )
    return len(rows)


def append(path: Path, rows: list[Suppression]) -> None:
    """To the file, and on the disk, before we go on."""
    lines = "".join(json.dumps(entry_of(row)._asdict()) + "\n" for row in rows)
    with alone_with(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            rest = (line_end(descriptor) + lines).encode()
            while rest:  # a disk that is nearly full takes a part, and says so only the next time
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def line_end(descriptor: int) -> str:
    """What ends a last line that broke off, when a disk was full or the power went."""
    size = os.fstat(descriptor).st_size
    return "" if not size or os.pread(descriptor, 1, size - 1) == b"\n" else "\n"


@contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Nobody else adds to the file or rewrites it meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def entry_of(row: Suppression) -> Entry:
    return Entry(
        str(row.kind),
        bytes(row.digest).hex(),
        row.erased_at.isoformat(),
        row.expires_at.isoformat(),
    )


def entry_in(line: str) -> Entry | None:
    """None for a line that broke off: its erasure didn't go on before it had written it anew."""
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None


def read(path: Path) -> dict[tuple[str, str], datetime]:
    """When each identity was erased last, of those whose time isn't over; from the file."""
    found: dict[tuple[str, str], datetime] = {}
    for entry in map(entry_in, path.read_text().splitlines()):
        if entry and not is_over(entry):
            key = entry.kind, entry.digest
            erased_at = datetime.fromisoformat(entry.erased_at)
            found[key] = max(erased_at, found.get(key, erased_at))
    return found


def broken_lines(path: Path) -> int:
    return sum(entry_in(line) is None for line in path.read_text().splitlines())


def is_over(entry: Entry | None) -> bool:
    """Whether a line's time is over; of one that can't be read nobody knows."""
    return bool(entry and datetime.fromisoformat(entry.expires_at) <= timezone.now())


def tidy() -> dict[str, int]:
    """The daily job: the file loses the lines whose time is over."""
    path: Path = settings.SUPPRESSION_FILE
    if not path.exists():
        return {"removed": 0}
    with alone_with(path):
        lines = path.read_text().splitlines()
        kept = [line for line in lines if not is_over(entry_in(line))]
        if len(kept) < len(lines):
            rewrite(path, kept)
    return {"removed": len(lines) - len(kept)}


def rewrite(path: Path, lines: list[str]) -> None:
    """All of the new file is on the disk before it takes the old one's place."""
    fresh = path.with_suffix(".new")
    fresh.touch(0o600)
    with fresh.open("w") as target:
        target.writelines(f"{line}\n" for line in lines)
        target.flush()
        os.fsync(target.fileno())
    fresh.replace(path)
