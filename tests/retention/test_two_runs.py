"""Two runs at once remove each package once, and count it once."""

import threading
import time
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from privacy.models import Package
from privacy.services.package import remove
from privacy.services.package.build import package_of
from retention.models import Disposition
from retention.services.dispose import apply
from tests.retention.retiring import rule_of
from tests.support.database import committed
from tests.support.rows import make_request

pytestmark = pytest.mark.acceptance("KEEP-03")


def over_since(days: int) -> Package:
    package = package_of(make_request())
    Package.objects.filter(pk=package.pk).update(expires_at=timezone.now() - timedelta(days=days))
    keystore().create(package.pk)
    return package


@committed
def test_packages_are_removed_once_although_two_runs_overlap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packages = [over_since(days) for days in (1, 2)]
    removed: list[UUID] = []

    def slowly(package: Package) -> None:
        removed.append(package.pk)
        time.sleep(0.2)
        was_removed(package)

    was_removed = remove.remove
    monkeypatch.setattr(remove, "remove", slowly)

    def run() -> None:
        apply(rule_of("privacy.Package"), timezone.now())
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(removed) == sorted(package.pk for package in packages)
    assert sum(row.rows for row in Disposition.objects.all()) == 2
