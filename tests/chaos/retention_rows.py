"""Old messages, drafts and packages, and what must be left when their deletion came to its end."""

import shutil
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import SupportMessage
from fluxrouter.foundation.keystore import KeyGoneError, keystore
from privacy.models import Draft, Package, PrivacyRequest
from privacy.services import intake
from privacy.services.package import parts
from privacy.services.package.build import ARCHIVE, package_of
from retention.models import Sweep
from tests.chaos.retention_days import ACCOUNTS, Check
from tests.chaos.retention_works import NOW
from tests.support.database import Connection
from tests.support.rows import make_account, make_request


def old_messages(owner: Connection) -> Check:
    """Twenty in four windows, three that a hold covers, two that are young."""
    account = make_account(pk=ACCOUNTS[0])
    messages(*range(31, 51))
    messages(35, 45, 51, account=account)
    messages(1, 29)

    def check() -> None:
        ages = SupportMessage.objects.values_list("received_at", flat=True)
        assert sorted((NOW - at).days for at in ages) == [1, 29, 35, 45, 51]
        sweep = Sweep.objects.get()
        assert (sweep.reached, sweep.rows_remaining) == ("", 0)

    return check


def messages(*days_ago: int, account: Any = None) -> None:
    SupportMessage.objects.bulk_create(
        SupportMessage(
            account=account, email="ann@example.org", received_at=NOW - timedelta(days=days)
        )
        for days in days_ago
    )


def old_drafts(owner: Connection) -> Check:
    """Two that nobody sent, one that is a request by now, and one of today."""
    for left in settings.KEYSTORE_DIR.iterdir():
        left.unlink()
    young, sent, *old = (intake.start_draft("cookie") for _ in range(4))
    before = timezone.now() - timedelta(days=2)
    Draft.objects.exclude(pk=young.pk).update(created_at=before)
    Draft.objects.filter(pk=sent.pk).update(submitted_at=before)
    for draft in (young, sent, *old):
        keystore().create(draft.pk)

    def check() -> None:
        assert list(Draft.objects.all()) == [young]
        keys = sorted(path.stem for path in settings.KEYSTORE_DIR.iterdir())
        assert keys == sorted(str(each.pk) for each in (young, sent))
        assert all(keystore().get(each.pk) for each in (young, sent))

    return check


def old_packages(owner: Connection) -> Check:
    """Two whose days are over, and one to download."""
    shutil.rmtree(settings.PACKAGE_DIR, ignore_errors=True)
    requests = PrivacyRequest.objects.all() or [make_request() for _ in range(3)]
    young, *old = (package_of(request) for request in requests)
    now = timezone.now()
    Package.objects.update(expires_at=now)
    Package.objects.filter(pk=young.pk).update(expires_at=now + timedelta(days=1))
    for each in (young, *old):
        keystore().create(each.pk)
        for name in (ARCHIVE, "stripe.1.part"):
            (parts.folder(each.pk) / name).write_bytes(b"sealed")

    def check() -> None:
        assert list(Package.objects.filter(removed_at=None)) == [young]
        assert Package.objects.filter(removed_at__gte=now).count() == 2
        assert [path.name for path in settings.PACKAGE_DIR.iterdir()] == [str(young.pk)]
        for each in old:
            with pytest.raises(KeyGoneError):
                keystore().get(each.pk)
        assert keystore().get(young.pk)

    return check


def no_old_draft_opens() -> None:
    for draft in Draft.objects.filter(created_at__lte=timezone.now() - intake.DRAFT_LIVES):
        with pytest.raises(intake.DraftGoneError):
            intake.open_draft(draft.pk, "cookie")
