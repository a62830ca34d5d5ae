"""Building the package: a part per connector, then one ordinary ZIP, sealed at rest."""

import hashlib
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from fluxrouter.foundation.crypto import FrameWriter
from fluxrouter.foundation.keystore import keystore
from privacy.connectors.base import Connector, Outcome
from privacy.models import FulfilmentStep, Package, PrivacyRequest
from privacy.services.fulfilment.context import Context
from privacy.services.package import parts
from privacy.services.package.archive import Source, write_archive

KEEP_FOR = timedelta(days=30)
ARCHIVE = "package.sealed"


class HashingWriter:
    """Passes bytes on and hashes them."""

    def __init__(self, target: FrameWriter) -> None:
        self._target = target
        self.hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.hash.update(data)
        return self._target.write(data)

    def flush(self) -> None:
        self._target.flush()


def package_of(request: PrivacyRequest) -> Package:
    """The request's package row; made by whichever part comes first."""
    rows = Package.objects.filter(request=request)
    if found := rows.first():
        return found
    Package.objects.bulk_create(
        [Package(request=request, created_at=timezone.now())], ignore_conflicts=True
    )
    return rows.get()


def export_part(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    task = context.task(step)
    package = package_of(context.request)
    receipt = parts.write_part(
        package.pk,
        connector.name,
        keystore().create(package.pk),
        connector.export(task.subject, task.refs),
        attempt=step.fence,
        heartbeat=task.heartbeat,
    )
    return Outcome(receipt=receipt)


def part_receipts(request: PrivacyRequest) -> dict[str, dict[str, Any]]:
    """What each export step wrote, by connector."""
    rows = request.steps.filter(action="export", state="done").order_by("position")
    return dict(rows.values_list("connector", "receipt"))


def assemble(step: FulfilmentStep, context: Context) -> Outcome:
    """Make the ZIP from the parts and remove these. Safe to repeat: the file is replaced whole."""
    package = package_of(context.request)
    receipts = part_receipts(context.request)
    spans = [span for each in receipts.values() for span in each["collections"].values()]
    done = Outcome(receipt={"records": sum(count for _, _, count in spans)})
    if not package.ready_at:
        write_package(package, receipts, step.fence, context.task(step).heartbeat)
    # Else an earlier attempt made it and died before it could say so; its parts may be gone.
    parts.remove_parts(package.pk)
    return done


def write_package(
    package: Package,
    receipts: dict[str, dict[str, Any]],
    attempt: int,
    heartbeat: Callable[[], None],
) -> None:
    key = keystore().create(package.pk)
    path = parts.folder(package.pk) / ARCHIVE
    temporary = path.with_suffix(f".{attempt}.tmp")
    with temporary.open("wb") as file:
        with FrameWriter(file, key) as writer:
            hashing = HashingWriter(writer)
            write_archive(hashing, Source(package, receipts, key, heartbeat))
        file.flush()
        os.fsync(file.fileno())
    heartbeat()  # who was overtaken replaces nothing
    temporary.rename(path)
    now = timezone.now()
    Package.objects.filter(pk=package.pk).update(
        ready_at=now,
        expires_at=now + KEEP_FOR,
        size=writer.plain_size,
        sha256=hashing.hash.hexdigest(),
    )
