"""What is in the ZIP: index.html to read, JSON and CSV per collection, and a manifest."""

import csv
import hashlib
import html
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe

from privacy.connectors.registry import connectors
from privacy.datamap import SUBJECT_ROWS
from privacy.models import Package
from privacy.processors import PROCESSORS
from privacy.services.package import files, parts
from privacy.words import kind_name

SHOWN = 100  # records of a collection that index.html shows; the files hold all
EPOCH = (1980, 1, 1, 0, 0, 0)  # one date for all entries: what counts is in the manifest


class Archive:
    """Writes ZIP entries and remembers their hashes."""

    def __init__(self, target: Any) -> None:
        self._zip = zipfile.ZipFile(
            cast("BinaryIO", target), "w", zipfile.ZIP_DEFLATED, compresslevel=6
        )
        self.manifest: dict[str, dict[str, Any]] = {}

    def add(self, name: str, chunks: Iterator[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as entry:
            for chunk in chunks:
                entry.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.manifest[name] = {"bytes": size, "sha256": digest.hexdigest()}

    def close(self) -> None:
        self._zip.close()


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

    def _read(self) -> Iterator[bytes]:
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
        for number, line in enumerate(self._read()):
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
        for file in files.files(f"{self.connector}/files", self._read(), heartbeat):
            if len(self.files) < SHOWN:
                self.files.append(file.path)
            yield file

    def as_csv(self) -> Iterator[bytes]:
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, list(self.columns), restval="")
        writer.writeheader()
        for line in self._read():
            flat = parts.flatten(json.loads(line))
            writer.writerow({name: parts.safe_cell(value) for name, value in flat.items()})
            if buffer.tell() > 1 << 16:
                yield as_bytes(buffer.getvalue())
                buffer.seek(0)
                buffer.truncate()
        yield as_bytes(buffer.getvalue())


def as_bytes(text: str) -> bytes:
    """UTF-8. Half a character, which JSON may hold (a lone surrogate), becomes a question mark."""
    return text.encode(errors="replace")


def write_archive(
    target: Any,
    package: Package,
    receipts: dict[str, dict[str, Any]],
    key: bytes,
    heartbeat: Callable[[], None],
) -> None:
    """Write the ZIP."""
    archive = Archive(target)
    systems: list[dict[str, Any]] = []
    for name, receipt in receipts.items():
        found = [Collection(package, name, key, receipt, each) for each in receipt["collections"]]
        for collection in found:
            if collection.name == files.CONTENT:
                for file in collection.as_files(heartbeat):
                    archive.add(file.path, file.chunks)
                continue
            archive.add(f"{collection.path}.json", collection.as_json(heartbeat))
            archive.add(f"{collection.path}.csv", collection.as_csv())
        systems.append({"title": connectors()[name].title, "collections": found})
    archive.add("index.html", iter([as_bytes(index(package, systems))]))
    manifest = {"request": package.request.reference, "files": archive.manifest}
    archive.add("manifest.json", iter([json.dumps(manifest, indent=2).encode()]))
    archive.close()


def index(package: Package, systems: list[dict[str, Any]]) -> str:
    """The readable page. It works offline: no script, no file from elsewhere."""
    return render_to_string(
        "privacy/package/index.html",
        {
            "request": package.request,
            "made_at": timezone.now(),
            "systems": systems,
            "shown": SHOWN,
            "rows": SUBJECT_ROWS,
            "processors": PROCESSORS,
            "contact_email": settings.CONTACT_EMAIL,
        },
    )
