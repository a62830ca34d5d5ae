"""One list of a system’s records in the package: as JSON, as CSV, and the first for the page."""

import csv
import html
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.safestring import mark_safe

from fluxrouter.foundation.cells import safe_cell
from privacy.models import Package
from privacy.services.package import files, parts
from privacy.words import kind_name

SHOWN = 100  # records of a collection that index.html shows; the files hold all


class Collection:
    """One collection of one system, read from its part as often as needed."""

    def __init__(
        self, package: Package, connector: str, key: bytes, receipt: dict[str, Any], name: str
    ) -> None:
        self.connector, self.name = connector, name
        self.count = receipt["collections"][name][2]
        self._source = (package.pk, connector, key, receipt, name)
        self.columns: dict[str, None] = {}
        self.shown: list[dict[str, Any]] = []
        self.files: list[str] = []

    def read(self) -> Iterator[bytes]:
        return parts.read_collection(*self._source)

    @property
    def title(self) -> str:
        return kind_name(self.name)

    @property
    def records(self) -> Iterator[str]:
        """The first records as HTML: a loop over the fields in the template is far slower."""
        for record in self.shown:
            lines = (
                f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(str(value))}</dd></div>"
                for name, value in record.items()
                if value not in (None, "")
            )
            yield mark_safe("\n".join(lines))  # noqa: S308  (each value is escaped above)

    @property
    def path(self) -> str:
        return f"{self.connector}/{self.name}"

    def as_json(self, heartbeat: Callable[[], None]) -> Iterator[bytes]:
        """A JSON array; on the way the columns for the CSV and the first records are noted."""
        yield b"[\n"
        for number, line in enumerate(self.read()):
            flat = parts.flatten(json.loads(line))
            self.columns.update(dict.fromkeys(flat))
            if number < SHOWN:
                self.shown.append(flat)
            if number % parts.HEARTBEAT_EVERY == 0:
                heartbeat()
            yield (b",\n" if number else b"") + line
        yield b"\n]\n"

    def as_files(self, heartbeat: Callable[[], None]) -> Iterator[files.File]:
        """A file each; on the way the first paths are noted, for the page."""
        for file in files.files(f"{self.connector}/files", self.read(), heartbeat):
            if len(self.files) < SHOWN:
                self.files.append(file.path)
            yield file

    def as_csv(self) -> Iterator[bytes]:
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, list(self.columns), restval="")
        writer.writeheader()
        for line in self.read():
            flat = parts.flatten(json.loads(line))
            writer.writerow({name: safe_cell(value) for name, value in flat.items()})
            if buffer.tell() > 1 << 16:
                yield as_bytes(buffer.getvalue())
                buffer.seek(0)
                buffer.truncate()
        yield as_bytes(buffer.getvalue())


def as_bytes(text: str) -> bytes:
    """UTF-8. Half a character, which JSON may hold (a lone surrogate), becomes a question mark."""
    return text.encode(errors="replace")
