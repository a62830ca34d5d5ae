"""A hold keeps mail, keys and records of requests readable, and what hangs on them."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Restriction
from fluxrouter.foundation.keystore import KeyGoneError, keystore
from fluxrouter.foundation.trail.seal import seal_trail
from privacy.connectors.base import Subject
from privacy.connectors.database.find import Slice
from privacy.models import InboundMail, MailToken, PrivacyRequest
from privacy.selectors import held
from privacy.services.closing import destroy_due_keys
from retention.models import LegalHold
from retention.selectors.outlook import due
from retention.services.dispose import dispose_due
from tests.retention.retiring import MODEL, far_days, make_calls, rule_of
from tests.support.database import as_owner, committed
from tests.support.holds import hold, release
from tests.support.rows import end_steps, make_account, make_request

pytestmark = [committed, pytest.mark.acceptance("KEEP-20")]

DAY = timedelta(days=1)
REQUESTS = rule_of("privacy.PrivacyRequest")


def closed(days_ago: int, **changes: Any) -> PrivacyRequest:
    closed_at = timezone.now() - days_ago * DAY
    request = make_request(status="completed", closed_at=closed_at, **changes)
    end_steps(request)
    return request


def test_mail_that_a_hold_covers_stays_with_its_key() -> None:
    """The form offers this kind of data."""
    settled = timezone.now() - 40 * DAY
    mail = InboundMail(
        provider_id="m-1", received_at=settled, state=InboundMail.State.DISCARDED,
        settled_at=settled,
    )  # fmt: skip
    keystore().create(mail.pk)
    mail.save()
    rule = rule_of("privacy.InboundMail")
    placed = hold(model=rule.model, since=settled.date(), until=settled.date())
    assert due(rule, timezone.now()) == 0
    assert dispose_due()[rule.name] == 0
    assert keystore().get(mail.pk)
    release(placed)
    assert due(rule, timezone.now()) == 1
    assert dispose_due()[rule.name] == 1
    with pytest.raises(KeyGoneError):
        keystore().get(mail.pk)


def on_account(request: PrivacyRequest) -> LegalHold:
    account = make_account()
    PrivacyRequest.objects.update(refs={"accounts": [str(account.pk)]})
    return hold(account.pk)


def on_days(request: PrivacyRequest) -> LegalHold:
    assert request.closed_at
    day = request.closed_at.date()
    return hold(model="privacy.PrivacyRequest", since=day, until=day)


@pytest.mark.parametrize("place", [on_account, on_days])
def test_what_a_held_request_says_can_still_be_read(
    place: Callable[[PrivacyRequest], LegalHold],
) -> None:
    request = closed(200)
    placed = place(request)
    assert destroy_due_keys() == {"destroyed": 0}
    request.refresh_from_db()
    assert request.read("email") == "ann.lee@example.org"
    release(placed)
    assert destroy_due_keys() == {"destroyed": 1}


def test_a_hold_on_other_days_keeps_no_key() -> None:
    request = closed(200)
    assert request.closed_at
    day = request.closed_at.date() + DAY
    hold(model="privacy.PrivacyRequest", since=day, until=day)
    assert destroy_due_keys() == {"destroyed": 1}


def link_of(request: PrivacyRequest) -> None:
    assert request.closed_at
    MailToken.objects.all().delete()
    MailToken.objects.create(
        request=request, kind="verify", digest=uuid4().bytes, created_at=request.closed_at,
        expires_at=request.closed_at,
    )  # fmt: skip


def restriction_of(request: PrivacyRequest) -> None:
    assert request.closed_at
    Restriction.objects.create(
        account_id=uuid4(), purpose="sale", request_id=request.pk, since=request.closed_at
    )


@pytest.mark.parametrize(
    ("make", "model"),
    [(link_of, "privacy.MailToken"), (restriction_of, "accounts.Restriction")],
)
def test_what_hangs_on_a_request_stays_while_a_hold_covers_it(
    make: Callable[[PrivacyRequest], None], model: str
) -> None:
    request = closed(800)
    make(request)
    assert request.closed_at
    day = request.closed_at.date()
    placed = hold(model=model, since=day, until=day)
    assert destroy_due_keys() == {"destroyed": 1}, "that opens nothing of what is held"
    seal_trail()
    assert due(REQUESTS, timezone.now()) == 0
    dispose_due()
    assert PrivacyRequest.objects.exists()
    assert MailToken.objects.exists() or Restriction.objects.exists()
    release(placed)
    assert dispose_due()[REQUESTS.name] == 1
    assert not MailToken.objects.exists()
    assert not Restriction.objects.exists()


def test_a_dry_run_counts_no_record_whose_trail_is_not_sealed_to_its_end() -> None:
    closed(800)
    destroy_due_keys()
    assert due(REQUESTS, timezone.now()) == 0
    seal_trail()
    assert due(REQUESTS, timezone.now()) == 1
    assert dispose_due()[REQUESTS.name] == 1


@pytest.mark.parametrize("inside", [False, True], ids=["alone", "in a transaction"])
def test_a_day_that_goes_while_we_look_for_held_rows_is_looked_for_again(
    monkeypatch: pytest.MonkeyPatch, inside: bool
) -> None:
    """The status page and the certificate ask this, and a day goes in a moment."""
    account = make_account()
    request = make_request(refs={"accounts": [str(account.pk)]})
    first, held_day = date(2021, 11, 1), date(2021, 11, 2)
    with far_days(first, 2) as (table, _):
        make_calls(held_day, [account.pk])
        placed = hold(model=MODEL, since=first, until=held_day)
        listed = held.slices

        def listed_and_gone(subject: Subject) -> Iterator[Slice]:
            yield from list(listed(subject))
            with as_owner() as owner:
                owner.execute(f"DROP TABLE IF EXISTS {table}")

        monkeypatch.setattr(held, "slices", listed_and_gone)
        with transaction.atomic() if inside else nullcontext():
            assert held.holds_on(request) == [placed]


def test_only_the_tables_of_the_days_of_a_hold_are_looked_into() -> None:
    account = make_account()
    request = make_request(refs={"accounts": [str(account.pk)]})
    first = date(2021, 11, 1)
    with far_days(first, 3):
        make_calls(first, [account.pk])
        make_calls(first + 2 * DAY, [account.pk])
        hold(model=MODEL, since=first + DAY, until=first + DAY)
        with CaptureQueriesContext(connection) as made:
            assert held.holds_on(request) == []
    looks = [each["sql"] for each in made.captured_queries if "count(*)" in each["sql"]]
    assert ["20211101" in sql or "20211103" in sql for sql in looks] == [False]
