"""What is in the ZIP: index.html to read, files for programs, and a manifest."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple, cast

from privacy.connectors.registry import connectors
from privacy.models import Package
from privacy.rights import Executor, Right, executors
from privacy.selectors.refusals import granted_rights
from privacy.services.package import files, page, portable
from privacy.services.package.collection import Collection, as_bytes

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


class Source(NamedTuple):
    """What each system exported, and how to open it."""

    package: Package
    receipts: dict[str, dict[str, Any]]
    key: bytes
    heartbeat: Callable[[], None]

    def collections(self) -> dict[str, list[Collection]]:
        """By system. Each is read anew whenever it is written."""
        return {
            name: [
                Collection(self.package, name, self.key, receipt, each)
                for each in receipt["collections"]
            ]
            for name, receipt in self.receipts.items()
        }


def write_archive(target: Any, source: Source) -> None:
    """Write the ZIP: the parts that the rights of the request, as far as granted, ask for."""
    archive, request = Archive(target), source.package.request
    rights = granted_rights(request)
    kinds = executors(rights)
    told = page.Told(request)
    if Executor.PACKAGE in kinds:
        told.systems = add_copy(archive, source)
    if Executor.PORT in kinds:
        told.left_out = portable.add(archive, source)
    if kinds & {Executor.PACKAGE, Executor.INFORM}:
        told.lists_recipients = True
        told.informs = bool({Right.ACCESS, Right.KNOW} & set(rights))
        archive.add("about.json", iter([as_bytes(page.about_json(told))]))
    archive.add("index.html", iter([as_bytes(page.index(told))]))
    manifest = {"request": request.reference, "files": archive.manifest}
    archive.add("manifest.json", iter([json.dumps(manifest, indent=2).encode()]))
    archive.close()


def add_copy(archive: Archive, source: Source) -> list[dict[str, Any]]:
    """Every record of every system, and the files themselves. Returns what the page shows."""
    systems: list[dict[str, Any]] = []
    for name, found in source.collections().items():
        for collection in found:
            if collection.name == files.CONTENT:
                for file in collection.as_files(source.heartbeat):
                    archive.add(file.path, file.chunks)
                continue
            archive.add(f"{collection.path}.json", collection.as_json(source.heartbeat))
            archive.add(f"{collection.path}.csv", collection.as_csv())
        systems.append({"title": connectors()[name].title, "collections": found})
    return systems
