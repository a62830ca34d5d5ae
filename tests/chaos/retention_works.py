"""Works of retention, for processes that are killed in them and for whoever carries on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from retention.services import dispose, rows
from retention.services.retirement import held
from tests.retention.retiring import after, rule_of

# Long before every day that other tests use; a Sunday, so that its week is whole with it.
DAY = date(2021, 5, 9)
NOW = datetime(2030, 6, 1, 12, tzinfo=UTC)  # of the rule about messages
CALLS = rule_of()
MESSAGES = replace(rule_of("accounts.SupportMessage"), keep_for=relativedelta(days=30))
DRAFTS, PACKAGES = rule_of("privacy.Draft"), rule_of("privacy.Package")
WINDOW, HELD_CHUNK = 5, 3  # rows, instead of ten thousand


def retire() -> int:
    with patch.object(held, "CHUNK", HELD_CHUNK):
        return dispose.apply(CALLS, after(DAY, CALLS))


def delete() -> int:
    with patch.object(rows, "CHUNK", WINDOW):
        return dispose.apply(MESSAGES, NOW)


def delete_with_key() -> int:
    return dispose.apply(DRAFTS, timezone.now())


def remove_packages() -> int:
    return dispose.apply(PACKAGES, timezone.now())


WORKS: dict[str, Callable[[], int]] = {
    work.__name__: work for work in (retire, delete, delete_with_key, remove_packages)
}
