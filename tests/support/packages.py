"""Packages, opened with their key."""

import io
import json
import zipfile

from fluxrouter.foundation.crypto import read_range
from fluxrouter.foundation.keystore import keystore
from privacy.models import Package, PrivacyRequest
from privacy.services.package import build, parts


def archive_of(request: PrivacyRequest) -> zipfile.ZipFile:
    package = Package.objects.get(request=request)
    with (parts.folder(package.pk) / build.ARCHIVE).open("rb") as file:
        key = keystore().get(package.pk)
        content = b"".join(read_range(file, key, package.size, 0, package.size))
    return zipfile.ZipFile(io.BytesIO(content))


def package_text(request: PrivacyRequest) -> str:
    """Names and contents of all its files."""
    archive = archive_of(request)
    found = {name: archive.read(name).decode() for name in archive.namelist()}
    return json.dumps(found, ensure_ascii=False)
