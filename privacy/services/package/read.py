"""Handing a package out: the code that opens it, and any range of its bytes."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fluxrouter.foundation.crypto import read_range
from fluxrouter.foundation.keystore import KeyGoneError, keystore
from fluxrouter.foundation.trail import SUBJECT
from privacy.models import Package, PrivacyRequest
from privacy.services import tokens
from privacy.services.package import parts
from privacy.services.package.build import ARCHIVE
from privacy.services.package.remove import remove


class PackageGoneError(Exception):
    """Its time ran out in this very moment: the key is destroyed."""


def package_on_offer(request: PrivacyRequest) -> Package | None:
    """The request's package while it can be downloaded."""
    return on_offer(Package.objects.filter(request=request).first())


def find_package(package_id: UUID) -> Package | None:
    package = Package.objects.select_related("request").filter(pk=package_id).first()
    return on_offer(package)


def on_offer(package: Package | None) -> Package | None:
    if package is None or not package.ready_at or package.removed_at:
        return None
    return package if package.expires_at and package.expires_at > timezone.now() else None


def unlock(package: Package, typed: str) -> None:
    """Use up the mailed code if `typed` is it, and tell the trail. Raises TokenError."""
    # Not in one transaction: a wrong code must stay counted.
    tokens.check_code(package.request_id, typed)
    with transaction.atomic():
        package.request.record("package.unlocked", actor=SUBJECT)


def read_package(package: Package, start: int, stop: int) -> Iterator[bytes]:
    """Bytes [start, stop) of the ZIP, or PackageGoneError before the first of them."""
    try:
        key = keystore().get(package.pk)
    except KeyGoneError:
        raise PackageGoneError from None
    path = parts.folder(package.pk) / ARCHIVE

    def chunks() -> Iterator[bytes]:
        with path.open("rb") as file:
            yield from read_range(file, key, package.size, start, stop)

    return chunks()


def revoke(package: Package) -> None:
    """The person has the package deleted now."""
    remove(package)
    with transaction.atomic():
        package.request.record("package.removed", actor=SUBJECT)
