"""The part of the package that the person takes elsewhere: what they gave us, and no more."""

import csv
import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from fluxrouter.foundation.cells import safe_cell
from privacy.portability import (
    FILES,
    FORMAT,
    PORTABLE,
    SOURCES,
    TYPES,
    VERSION,
    LeftOut,
    Path,
    Portable,
    why_not,
)
from privacy.services.package import parts
from privacy.services.package.collection import Collection, as_bytes
from privacy.services.package.files import files
from privacy.services.package.pack_schema import schema

if TYPE_CHECKING:
    from privacy.services.package.archive import Archive, Source

FOLDER = "portability"


def add(archive: "Archive", source: "Source") -> list[LeftOut]:
    """The pack as JSON by its schema, each list as CSV too, and the files. Returns what isn't
    taken along.
    """
    found = {
        f"{system}.{each.name}": each
        for system, collections in source.collections().items()
        for each in collections
    }
    paths = add_files(archive, source, found)
    left_out = what_is_left(found)
    rest = {"files": paths, "left_out": [each._asdict() for each in left_out]}
    pack = as_json(source, found, rest)
    archive.add(f"{FOLDER}/portability.json", pack)
    archive.add(f"{FOLDER}/schema.json", iter([json.dumps(schema(), indent=2).encode()]))
    for name in TYPES:
        archive.add(f"{FOLDER}/{name}.csv", as_csv(name, source, found))
    return left_out


def add_files(archive: "Archive", source: "Source", found: dict[str, Collection]) -> list[str]:
    paths: list[str] = []
    if FILES in found:
        for file in files(f"{FOLDER}/files", found[FILES].read(), source.heartbeat):
            archive.add(file.path, file.chunks)
            paths.append(file.path)
    return paths


def as_json(
    source: "Source", found: dict[str, Collection], rest: dict[str, Any]
) -> Iterator[bytes]:
    """The pack, record by record: it never stands in memory as a whole."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "request": source.package.request.reference,
        "made_at": timezone.now().isoformat(),
    }
    yield as_bytes(json.dumps(head)[:-1] + ', "collections": {')
    for place, name in enumerate(TYPES):
        yield as_bytes((",\n" if place else "\n") + f'"{name}": [')
        for number, record in enumerate(records(name, source, found)):
            text = json.dumps(record, ensure_ascii=False)
            yield as_bytes((",\n" if number else "\n") + text)
        yield b"]"
    yield as_bytes("},\n" + json.dumps(rest, ensure_ascii=False)[1:] + "\n")


def as_csv(name: str, source: "Source", found: dict[str, Collection]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, ["system", *TYPES[name]], restval="")
    writer.writeheader()
    for record in records(name, source, found):
        cells = {each: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict)
                 else value for each, value in record.items()}  # fmt: skip
        writer.writerow({each: safe_cell(value) for each, value in cells.items()})
        if buffer.tell() > 1 << 16:
            yield as_bytes(buffer.getvalue())
            buffer.seek(0)
            buffer.truncate()
    yield as_bytes(buffer.getvalue())


def records(name: str, source: "Source", found: dict[str, Collection]) -> Iterator[dict[str, Any]]:
    """The records of one list, over all systems that have some."""
    for row in PORTABLE:
        if row.to == name and row.source in found:
            for number, line in enumerate(found[row.source].read()):
                if number % parts.HEARTBEAT_EVERY == 0:
                    source.heartbeat()
                record = json.loads(line)
                if all(record.get(each) == value for each, value in row.only.items()):
                    yield taken(row, record)


def taken(row: Portable, record: dict[str, Any]) -> dict[str, Any]:
    """Every field of the list; what this system doesn't have of it is null."""
    values = {name: value_at(record, path) for name, path in row.fields.items()}
    system = row.source.partition(".")[0]
    types = TYPES[row.to]
    return {"system": system, **{name: typed(values.get(name), types[name]) for name in types}}


def value_at(record: dict[str, Any], path: Path) -> Any:
    if not isinstance(path, str):
        return path(record)
    value: Any = record
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def typed(value: Any, kind: str) -> Any:
    """Empty text is nothing; a text where a list stands elsewhere becomes a list of one."""
    if value in ("", None):
        return None
    return [value] if kind == "array" and not isinstance(value, list) else value


def what_is_left(found: dict[str, Collection]) -> list[LeftOut]:
    """What was found and isn't in the pack, with the reason for each."""
    whole = [
        LeftOut(each.title, why_not(source))
        for source, each in found.items()
        if source not in SOURCES and source != FILES
    ]
    partly = [
        LeftOut(words, why_not(row.source))
        for row in PORTABLE
        if row.source in found
        for words in row.leaves
    ]
    return sorted({*whole, *partly}, key=lambda each: (each.why, each.what))
