"""Disposal: what is over is gone at the next run, with its key, and counted; nothing else is."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.db import connections, transaction
from django.utils import timezone

from fluxrouter.foundation.keystore import KeyGoneError, keystore
from privacy.models import Draft, MailToken, Package
from privacy.services import intake, tokens
from privacy.services.package import parts
from privacy.services.package.build import ARCHIVE, package_of
from retention import checks
from retention.models import Disposition
from retention.rules import RetentionRule
from retention.services import dispose
from retention.services.dispose import dispose_due
from tests.support.database import committed, rolled_back
from tests.support.rows import make_request

pytestmark = pytest.mark.acceptance("MAIN-43", "SEC-06")

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ANSWERS = intake.Answers(
    role="visitor", rights=["access"], country="DE", email="ann.lee@example.org"
)


def draft_of(email: str = "ann.lee@example.org") -> Draft:
    draft = intake.start_draft("cookie")
    intake.save_answers(draft, email=email)
    return draft


@rolled_back
@pytest.mark.acceptance("MAIN-07")
def test_a_draft_is_gone_after_a_day_with_its_key() -> None:
    draft = draft_of()
    with time_machine.travel(draft.created_at + DAY - SECOND, tick=False):
        dispose_due()
        assert keystore().get(draft.pk)
        assert Draft.objects.exists()
    with time_machine.travel(draft.created_at + DAY, tick=False):
        assert dispose_due()["privacy.Draft.created_at"] == 1
    assert not Draft.objects.exists()
    with pytest.raises(KeyGoneError):
        keystore().get(draft.pk)


@rolled_back
def test_a_submitted_drafts_key_stays_its_requests_key() -> None:
    draft = draft_of()
    request = intake.submit_draft(draft, ANSWERS)
    with time_machine.travel(draft.created_at + DAY, tick=False):
        dispose_due()
    assert not Draft.objects.exists()
    assert request.read("email") == ANSWERS.email


@committed
def test_a_draft_that_is_submitted_at_the_last_moment_keeps_its_key() -> None:
    """Disposal and submission meet: whoever comes second sees what the first one did."""
    draft = draft_of()
    submitted, counts = threading.Event(), {}

    def dispose_meanwhile() -> None:
        submitted.wait()
        with time_machine.travel(draft.created_at + DAY, tick=False):
            counts.update(dispose_due())
        connections.close_all()

    thread = threading.Thread(target=dispose_meanwhile)
    thread.start()
    with transaction.atomic():
        request = intake.submit_draft(draft, ANSWERS)
        submitted.set()
        thread.join(timeout=0.5)
    thread.join()
    assert counts["privacy.Draft.created_at"] == 1
    assert not Draft.objects.exists()
    assert request.read("email") == ANSWERS.email


@rolled_back
def test_a_draft_that_is_gone_is_not_written_or_submitted() -> None:
    draft = draft_of()
    Draft.objects.all().delete()
    with pytest.raises(intake.DraftGoneError):
        intake.submit_draft(draft, ANSWERS)
    with pytest.raises(intake.DraftGoneError):
        intake.save_answers(draft, country="FR")
    assert not Draft.objects.exists()


@rolled_back
def test_an_expired_link_is_kept_for_a_day_to_explain_itself() -> None:
    request = make_request()
    tokens.issue(request.pk, "verify", request.pk)
    expires_at = MailToken.objects.get().expires_at
    for moment, left in ((expires_at + DAY - SECOND, 1), (expires_at + DAY, 0)):
        with time_machine.travel(moment, tick=False):
            dispose_due()
        assert MailToken.objects.count() == left


@rolled_back
def test_a_packages_files_and_key_go_and_its_row_says_when() -> None:
    package = ready_package()
    assert package.expires_at
    with time_machine.travel(package.expires_at - SECOND, tick=False):
        assert dispose_due()["privacy.Package.expires_at"] == 0
    with time_machine.travel(package.expires_at, tick=False):
        assert dispose_due()["privacy.Package.expires_at"] == 1
        assert dispose_due()["privacy.Package.expires_at"] == 0
    gone = Package.objects.get()
    assert gone.removed_at == package.expires_at
    assert not (parts.folder(package.pk) / ARCHIVE).exists()
    with pytest.raises(KeyGoneError):
        keystore().get(package.pk)


@rolled_back
def test_a_package_that_is_not_ready_has_no_end_yet() -> None:
    package_of(make_request())
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert dispose_due()["privacy.Package.expires_at"] == 0


@rolled_back
def test_each_run_is_counted_by_rule_and_an_empty_one_is_not() -> None:
    for _ in range(3):
        draft_of()
    now = timezone.now() + DAY
    with time_machine.travel(now, tick=False):
        dispose_due()
        dispose_due()
    run = Disposition.objects.get()
    assert (run.rule, run.rows, run.at) == ("privacy.Draft.created_at", 3, now)


def ready_package() -> Package:
    package = package_of(make_request())
    keystore().create(package.pk)
    (parts.folder(package.pk) / ARCHIVE).write_bytes(b"sealed")
    now = timezone.now().replace(microsecond=0)
    Package.objects.filter(pk=package.pk).update(ready_at=now, expires_at=now + 30 * DAY)
    package.refresh_from_db()
    return package


def rule(**changes: Any) -> RetentionRule:
    values: dict[str, Any] = {
        "model": "privacy.Draft",
        "clock": "created_at",
        "keep_for": relativedelta(hours=24),
        "basis": "GDPR Art. 5(1)(e)",
    }
    return RetentionRule(**values | changes)


@pytest.mark.acceptance("MAIN-41")
@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"clock": "opened_at"}, "retention.E001"), ({"dispose": "forget"}, "retention.E002")],
)
def test_a_rule_that_names_nothing_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str], code: str
) -> None:
    monkeypatch.setattr(checks, "RETENTION_SCHEDULE", (rule(), rule(**wrong)))
    (problem,) = checks.schedule_is_sound(None)
    assert problem.id == code
    assert next(iter(wrong.values())) in problem.msg


def test_the_schedule_as_it_is_passes_and_every_rule_has_a_reason() -> None:
    assert checks.schedule_is_sound(None) == []
    assert all(rule.basis and rule.keep_for is not None for rule in dispose.RETENTION_SCHEDULE)
