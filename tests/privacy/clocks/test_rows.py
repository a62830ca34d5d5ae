"""The clocks that are written down are what the pure functions say of the facts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fluxrouter.foundation.models import TrailEvent
from privacy.letters import LETTERS
from privacy.models import PrivacyRequest, RequestClock
from privacy.regimes.loader import regime_files
from privacy.rights import Right
from privacy.selectors import clocks as selector
from privacy.services import clocks, verification
from privacy.services.clock_watch import follow_clocks
from privacy.services.intake import Answers, take_in
from privacy.services.policy_checks import dates
from privacy.services.policy_checks.promise import BrokenPromiseError
from privacy.services.withdrawal import withdraw
from tests.support.database import BOTH, rolled_back
from tests.support.lives import Life, pump_once
from tests.support.world import World

PLACES = ("DE", "GB", "CA", "CA-QC", "US-CA", "US-UT", "US-FL", "US", "BR", "AU", "JP", "ZA", "")


def filed(place: str = "DE", *rights: str, received_at: datetime | None = None) -> PrivacyRequest:
    country, _, state = place.partition("-")
    answers = Answers(
        "account_holder", list(rights or ["access"]), country, "a@example.org", state
    )
    at = received_at or timezone.now()
    return take_in(answers, channel="web", received_at=at, actor="subject")


def rows(request: PrivacyRequest) -> list[tuple[Any, ...]]:
    names = [field.name for field in RequestClock._meta.fields if field.name != "id"]
    return sorted(request.clocks.values_list(*names), key=str)


@pytest.mark.acceptance("RIGHT-C03")
class TestTheRows(TestCase):
    databases = set(BOTH)

    @given(
        st.sampled_from(PLACES),
        st.sets(st.sampled_from(sorted(Right.values)), min_size=1, max_size=4),
        st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    )
    @settings(max_examples=40)
    def test_they_are_what_the_pure_functions_say_and_reckoning_twice_is_reckoning_once(
        self, place: str, rights: set[str], received_at: datetime
    ) -> None:
        request = filed(place, *sorted(rights), received_at=received_at)
        kept = {(row.clock, row.right): row for row in request.clocks.all()}
        said = {(row.clock, row.right): row for row in clocks.computed(request)}
        assert kept.keys() == said.keys()
        for key, row in kept.items():
            for name in clocks.COMPUTED:
                assert getattr(row, name) == getattr(said[key], name), (key, name)
        once = rows(request)
        clocks.reckon(request)
        clocks.follow(request.pk)
        before = [row[:11] for row in once]
        assert [row[:11] for row in rows(request)] == before
        answers = [row.safe_due for row in kept.values() if row.clock in clocks.ANSWERS]
        assert request.due_on == min(answers)

    @given(st.sampled_from(PLACES), st.dates(date(2026, 1, 1), date(2027, 1, 1)))
    @settings(max_examples=25)
    def test_a_clock_that_was_met_never_moves(self, place: str, day: date) -> None:
        received = datetime.combine(day, datetime.min.time(), UTC)
        with time_machine.travel(received + timedelta(days=20), tick=False):
            request = filed(place, received_at=received)
            request.clocks.update(met_at=timezone.now())
            before = rows(request)
            PrivacyRequest.objects.filter(pk=request.pk).update(
                received_at=received - timedelta(days=90), country="JP"
            )
            request.refresh_from_db()
            clocks.reckon(request)
            assert rows(request) == before


@rolled_back
@pytest.mark.acceptance("RIGHT-C01")
def test_two_laws_at_once_give_the_earliest_date_and_the_row_names_its_rule() -> None:
    received = datetime(2026, 11, 24, 12, tzinfo=UTC)
    request = filed("CA-QC", received_at=received)
    answer = request.clocks.get(clock="respond")
    assert answer.safe_due == date(2026, 12, 24)
    assert (answer.regime, answer.rule) == ("ca_pipeda", "clocks.respond")
    assert answer.version == regime_files()["ca_pipeda"].version


@pytest.mark.django_db(transaction=True, databases=BOTH)
@pytest.mark.acceptance("RIGHT-C02")
def test_the_first_letter_meets_the_acknowledgement_and_closing_meets_the_answer(
    world: World,
) -> None:
    life = Life.begin(world, "ann.lee@example.org", "access")
    met = lambda name: life.request.clocks.get(clock=name).met_at  # noqa: E731
    assert met("acknowledge") is None
    pump_once()
    letter = life.request.steps.get(action="verify")
    assert met("acknowledge") == letter.finished_at
    assert met("respond") is None
    withdraw(life.request)
    pump_once()
    life.refresh()
    assert met("respond") == met("refuse") == life.request.closed_at
    assert met("acknowledge") == letter.finished_at


@rolled_back
@pytest.mark.acceptance("RIGHT-C03")
def test_a_lost_call_costs_a_minute_and_nothing_else() -> None:
    request = filed("DE", "erasure")
    at = timezone.now()
    request.steps.update(state="done", finished_at=at, receipt={"sent": 1})
    PrivacyRequest.objects.filter(pk=request.pk).update(status="denied", closed_at=at)
    assert request.clocks.filter(met_at=None).count() == request.clocks.count()
    assert follow_clocks() == {"followed": 1}
    assert set(request.clocks.values_list("met_at", flat=True)) == {at}
    assert follow_clocks() == {"followed": 0}


@rolled_back
def test_a_letter_that_was_declined_or_came_back_acknowledges_nothing() -> None:
    request = filed("DE")
    request.steps.update(state="done", finished_at=timezone.now(), receipt={"declined": True})
    clocks.follow(request.pk)
    assert request.clocks.get(clock="acknowledge").met_at is None


@rolled_back
def test_what_acknowledges_are_letters_that_exist() -> None:
    assert set(selector.ACKNOWLEDGES) <= LETTERS.keys()
    assert set(selector.OF_REQUEST) <= selector.TITLES.keys()


@rolled_back
@pytest.mark.acceptance("RIGHT-C04")
def test_a_date_that_passed_is_noted_once_with_the_end_of_its_day() -> None:
    request = filed("DE", received_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    due = request.clocks.get(clock="respond").safe_due
    late = datetime.combine(due + timedelta(days=5), datetime.min.time(), UTC)
    with time_machine.travel(late, tick=False):
        for _ in range(3):
            follow_clocks()
    missed = request.clocks.get(clock="respond").missed_at
    assert missed == datetime.combine(due + timedelta(days=1), datetime.min.time(), UTC)
    events = TrailEvent.objects.filter(chain_id=request.pk, code="clock.missed")
    assert events.filter(data__clock="respond").count() == 1


@rolled_back
@pytest.mark.acceptance("RIGHT-C05")
def test_an_unverified_request_ends_before_it_is_due_and_each_right_counts_as_denied() -> None:
    request = filed("DE", "access", "erasure")
    request.steps.update(
        state="done", finished_at=timezone.now() - timedelta(days=4), receipt={"sent": 1}
    )
    just_before = datetime.combine(request.due_on - timedelta(days=3), datetime.min.time(), UTC)
    with time_machine.travel(just_before - timedelta(days=1), tick=False):
        assert verification.end_unverified() == {"ended": 0}
    with time_machine.travel(just_before, tick=False):
        assert verification.end_unverified() == {"ended": 1}
        assert verification.end_unverified() == {"ended": 0}
    request.refresh_from_db()
    assert request.status == "denied"
    assert request.closed_at.date() < request.due_on
    refused = request.refusals.values_list("right", "code", "whole")
    assert sorted(refused) == [
        ("access", "ID_NOT_VERIFIED", True),
        ("erasure", "ID_NOT_VERIFIED", True),
    ]
    assert request.steps.filter(action="unconfirmed").count() == 1


@rolled_back
@pytest.mark.acceptance("RIGHT-C19")
def test_nothing_is_promised_later_than_the_law_and_the_check_sees_what_is() -> None:
    request = filed("DE")
    dates.due_dates_are_lawful()
    PrivacyRequest.objects.update(due_on=request.due_on + timedelta(days=1))
    with pytest.raises(BrokenPromiseError, match=request.reference):
        dates.due_dates_are_lawful()
    PrivacyRequest.objects.update(due_on=request.due_on)
    request.clocks.filter(clock="respond").update(safe_due=request.due_on + timedelta(days=60))
    with pytest.raises(BrokenPromiseError, match="Later than its law"):
        dates.due_dates_are_lawful()


@rolled_back
def test_a_letter_that_was_never_sent_has_asked_nobody() -> None:
    request = filed("DE", received_at=timezone.now() - timedelta(days=40))
    assert verification.end_unverified() == {"ended": 0}
    request.steps.update(state="parked")
    assert verification.end_unverified() == {"ended": 1}


@rolled_back
def test_an_open_request_of_an_earlier_release_gets_its_laws_and_clocks() -> None:
    request = filed("DE")
    before = rows(request)
    request.clocks.all().delete()
    PrivacyRequest.objects.filter(pk=request.pk).update(laws={})
    assert follow_clocks() == {"followed": 1}
    request.refresh_from_db()
    assert request.laws["regimes"] == ["eu_gdpr"]
    assert rows(request) == before
    assert follow_clocks() == {"followed": 0}


@rolled_back
@pytest.mark.acceptance("RIGHT-C03")
def test_one_request_that_can_not_be_followed_keeps_no_other_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    requests = sorted([filed("DE"), filed("CA")], key=lambda each: each.pk)
    PrivacyRequest.objects.update(status="denied", closed_at=timezone.now())
    broken, other = requests
    follow = clocks.follow

    def fails_for_one(pk: UUID) -> None:
        if pk == broken.pk:
            raise ValueError("a broken text")
        follow(pk)

    monkeypatch.setattr(clocks, "follow", fails_for_one)
    with pytest.raises(ValueError, match="a broken text"):
        follow_clocks()
    assert not other.clocks.filter(met_at=None).exists()
    assert broken.clocks.filter(met_at=None).exists()
