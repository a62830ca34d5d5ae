"""Parts: what one connector exported, sealed on disk until the package is assembled."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from fluxrouter.foundation.crypto import FrameWriter, read_range
from privacy.connectors.base import Record

HEARTBEAT_EVERY = 5000  # records


def folder(package_id: UUID) -> Path:
    path: Path = settings.PACKAGE_DIR / str(package_id)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def part_path(package_id: UUID, connector: str, attempt: int) -> Path:
    """Each attempt has its own file: one that was overtaken can't change what another wrote."""
    return folder(package_id) / f"{connector}.{attempt}.part"


def remove_parts(package_id: UUID) -> None:
    for path in folder(package_id).glob("*.part"):
        path.unlink(missing_ok=True)


def write_part(
    package_id: UUID,
    connector: str,
    key: bytes,
    records: Iterable[Record],
    *,
    attempt: int,
    heartbeat: Callable[[], None],
) -> dict[str, Any]:
    """Write all records, one JSON text a line. Returns where each collection stands.

    {"attempt": number, "size": plain bytes, "collections": {name: [start, stop, count]}}.
    Collections must come one after the other. The file appears whole or not at all.
    """
    path = part_path(package_id, connector, attempt)
    temporary = path.with_suffix(".tmp")
    index: dict[str, list[int]] = {}
    with temporary.open("wb") as file:
        with FrameWriter(file, key) as writer:
            for number, record in enumerate(records, start=1):
                span = index.setdefault(record.collection, [writer.plain_size, 0, 0])
                writer.write(record.json.encode() + b"\n")
                span[1], span[2] = writer.plain_size, span[2] + 1
                if number % HEARTBEAT_EVERY == 0:
                    heartbeat()
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    return {"attempt": attempt, "size": writer.plain_size, "collections": index}


def read_collection(
    package_id: UUID, connector: str, key: bytes, receipt: dict[str, Any], collection: str
) -> Iterator[bytes]:
    """The JSON texts of one collection, one by one."""
    start, stop, _ = receipt["collections"][collection]
    rest = b""
    path = part_path(package_id, connector, receipt["attempt"])
    with path.open("rb") as file:
        for chunk in read_range(file, key, receipt["size"], start, stop):
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines


def flatten(value: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested objects as dotted columns; lists as JSON text."""
    flat: dict[str, Any] = {}
    for name, item in value.items():
        if isinstance(item, dict) and item:
            flat.update(flatten(item, f"{prefix}{name}."))
        elif isinstance(item, list | dict):
            flat[prefix + name] = json.dumps(item, ensure_ascii=False) if item else ""
        else:
            flat[prefix + name] = item
    return flat
