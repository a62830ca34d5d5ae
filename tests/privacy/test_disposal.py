"""The record of a closed request goes after its time, with its chain; the trail still verifies."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Restriction
from fluxrouter.foundation.models import TrailChain, TrailEvent
from fluxrouter.foundation.trail.seal import seal_trail
from fluxrouter.foundation.trail.verify import verify_trail
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.services.closing import destroy_due_keys
from retention.services.dispose import dispose_due
from tests.support.database import committed
from tests.support.rows import end_steps, make_account, make_request

pytestmark = [committed, pytest.mark.acceptance("KEEP-05")]

RULE = "privacy.PrivacyRequest.closed_at"
DAY = timedelta(days=1)


def closed(country: str = "DE", days_ago: int = 735) -> PrivacyRequest:
    request = make_request(
        status="completed", closed_at=timezone.now() - days_ago * DAY, country=country
    )
    end_steps(request)
    return request


def test_it_goes_with_steps_clocks_and_chain_and_the_trail_still_verifies() -> None:
    request, other = closed(), make_request("bob@example.org")
    destroy_due_keys()
    seal_trail()
    assert dispose_due()[RULE] == 1
    assert list(PrivacyRequest.objects.all()) == [other]
    assert not FulfilmentStep.objects.filter(request_id=request.pk).exists()
    assert not TrailEvent.objects.filter(chain_id=request.pk).exists()
    assert not TrailChain.objects.filter(pk=request.pk).exists()
    assert verify_trail() == []


def test_not_a_day_before_its_time() -> None:
    request = closed(days_ago=0)
    assert request.closed_at
    for months, left in ((23, 1), (24, 0)):
        with time_machine.travel(request.closed_at + months * 30.6 * DAY, tick=False):
            destroy_due_keys()
            seal_trail()
            dispose_due()
        assert PrivacyRequest.objects.count() == left


def test_a_chain_that_is_not_sealed_to_its_end_waits_for_the_next_run() -> None:
    closed()
    destroy_due_keys()
    assert dispose_due()[RULE] == 0
    seal_trail()
    assert dispose_due()[RULE] == 1


def test_a_request_whose_restriction_is_in_force_stays() -> None:
    request = closed()
    account = make_account()
    row = Restriction.objects.create(
        account_id=account.pk, purpose="analytics", request_id=request.pk, since=timezone.now()
    )
    PrivacyRequest.objects.update(key_destroyed_at=timezone.now())
    seal_trail()
    assert dispose_due()[RULE] == 0
    Restriction.objects.filter(pk=row.pk).update(lifted_at=timezone.now())
    assert dispose_due()[RULE] == 1
    assert not Restriction.objects.exists()
