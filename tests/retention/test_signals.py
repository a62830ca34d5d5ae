"""What a browser's signal stopped ends with its account, and not before."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Restriction
from accounts.purposes import Purpose
from retention.selectors.outlook import due
from retention.services.dispose import dispose_due
from tests.retention.retiring import rule_of
from tests.support.database import committed
from tests.support.holds import hold
from tests.support.rows import make_account

pytestmark = [committed, pytest.mark.acceptance("KEEP-20")]

LONG_AGO = timezone.now() - timedelta(days=1200)
RULE = rule_of("accounts.Restriction")


def test_an_objection_by_a_browser_ends_with_its_account() -> None:
    """As the schedule says of it. Nobody could process that person any more."""
    account = make_account()
    objection = {"purpose": Purpose.SALE, "source": "signal", "since": LONG_AGO}
    Restriction.objects.create(account_id=account.pk, **objection)
    Restriction.objects.create(account_id=uuid4(), **objection)
    assert due(RULE, timezone.now()) == 1
    assert dispose_due()[RULE.name] == 1
    assert Restriction.objects.get().account_id == account.pk
    account.delete()
    assert dispose_due()[RULE.name] == 1
    assert not Restriction.objects.exists()


def test_what_a_request_asked_for_stays_although_its_account_is_gone() -> None:
    Restriction.objects.create(
        account_id=uuid4(), purpose=Purpose.SALE, request_id=uuid4(), since=LONG_AGO
    )
    assert dispose_due()[RULE.name] == 0


@pytest.mark.parametrize("whole_days", [False, True], ids=["account", "days"])
def test_a_hold_keeps_it(whole_days: bool) -> None:
    row = Restriction.objects.create(
        account_id=uuid4(), purpose=Purpose.SALE, source="signal", since=LONG_AGO
    )
    day = LONG_AGO.date()
    placed = hold(model=RULE.model, since=day, until=day) if whole_days else hold(row.account_id)
    assert due(RULE, timezone.now()) == 0
    assert dispose_due()[RULE.name] == 0
    placed.released_at = timezone.now()
    placed.save()
    assert dispose_due()[RULE.name] == 1
