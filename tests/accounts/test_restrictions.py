"""Gateway and jobs ask per purpose, and a stop of all service stops every use."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Restriction
from accounts.purposes import PURPOSES, Purpose
from accounts.restrictions import is_restricted, restricted_accounts

pytestmark = [
    pytest.mark.django_db(databases=["default", "owner"]),
    pytest.mark.acceptance("PROC-42"),
]


def restricted(purpose: Purpose, **given: Any) -> Restriction:
    values = {"account_id": uuid4(), "request_id": uuid4(), "since": timezone.now(), **given}
    return Restriction.objects.create(purpose=purpose, **values)


@pytest.mark.parametrize("asked", Purpose)
@pytest.mark.parametrize("stopped", Purpose)
def test_only_the_stopped_use_is_refused_and_a_stop_of_service_refuses_all(
    stopped: Purpose, asked: Purpose
) -> None:
    account = restricted(stopped).account_id
    stops = asked == stopped or stopped == Purpose.SERVICE
    assert is_restricted(account, asked) is stops
    assert (account in restricted_accounts(asked)) is stops


@pytest.mark.parametrize("purpose", Purpose)
def test_nobody_else_is_restricted(purpose: Purpose) -> None:
    restricted(purpose)
    assert not is_restricted(uuid4(), purpose)


@pytest.mark.parametrize("purpose", Purpose)
def test_what_was_lifted_is_used_again(purpose: Purpose) -> None:
    account = restricted(purpose, lifted_at=timezone.now()).account_id
    assert not is_restricted(account, purpose)
    assert account not in restricted_accounts(purpose)


def test_a_use_that_two_requests_stopped_is_free_when_both_are_lifted() -> None:
    first = restricted(Purpose.ANALYTICS)
    second = restricted(Purpose.ANALYTICS, account_id=first.account_id)
    for row, still in ((first, True), (second, False)):
        Restriction.objects.filter(pk=row.pk).update(lifted_at=timezone.now())
        assert is_restricted(first.account_id, Purpose.ANALYTICS) is still


def test_every_purpose_says_what_stops_what_goes_on_and_who_obeys() -> None:
    assert set(PURPOSES) == set(Purpose)
    assert all(all(effect) for effect in PURPOSES.values())
