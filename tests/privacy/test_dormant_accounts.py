"""An account that nobody uses is erased after two warnings, if the site wants that at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.utils import timezone

from accounts.models import Account
from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.models import TrailEvent
from privacy import standing_rules
from privacy.connectors.errors import PermanentError
from privacy.models import PrivacyRequest
from privacy.services import dormant_accounts
from privacy.services.dormant_accounts import due, erase_dormant
from privacy.services.post import delivery
from retention.models import DormancyNotice
from retention.schedule import DORMANT, RETENTION_SCHEDULE
from retention.services.holds import place_hold
from tests.support.lives import pump_once, staff
from tests.support.steps import ANN
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.acceptance("KEEP-15")]

(RULE,) = (replace(rule, keep_for=relativedelta(months=24)) for rule in DORMANT)
DAY = timedelta(days=1)
NOON = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    with time_machine.travel(moment, tick=False):
        yield moment


@pytest.fixture
def ends(world: World) -> datetime:
    """When Ann's account, last used a while ago, has been unused for 24 months."""
    planted = world.add_person(ANN)
    used = NOON - timedelta(days=600)
    Account.objects.filter(pk=planted.account.pk).update(last_active_at=used)
    return used + RULE.keep_for


def run(moment: datetime) -> int:
    with at(moment):
        return erase_dormant(RULE, moment)


def letters(world: World) -> list[str]:
    """Their subjects, newest first."""
    subjects = [letter.subject for letter in world.letters(ANN)]
    return [subject for subject in subjects if "will be erased" in subject]


def test_it_is_off_by_default() -> None:
    assert "last_active_at" not in {rule.clock for rule in RETENTION_SCHEDULE}


def test_two_warnings_in_time_and_then_the_erasure(world: World, ends: datetime) -> None:
    second = timedelta(seconds=1)
    for moment, told in (
        (ends - 60 * DAY - second, 0),
        (ends - 60 * DAY, 1),
        (ends - 59 * DAY, 1),
        (ends - 14 * DAY - second, 1),
        (ends - 14 * DAY, 2),
        (ends - second, 2),
    ):
        assert run(moment) == 0
        assert len(letters(world)) == told, moment
    assert not PrivacyRequest.objects.exists()
    with at(ends):
        assert len(due(RULE, ends)) == 1
    assert run(ends) == 1
    request = PrivacyRequest.objects.get()
    assert (request.channel, request.rights) == ("system", ["erasure"])
    assert run(ends + DAY) == 0
    codes = TrailEvent.objects.filter(chain_id=RULE.chain).order_by("seq")
    assert list(codes.values_list("code", "data")) == [
        ("retention.told_first", {"rows": 1}),
        ("retention.told_second", {"rows": 1}),
    ]


def test_a_use_in_between_stops_it_and_the_next_silence_begins_anew(
    world: World, ends: datetime
) -> None:
    run(ends - 60 * DAY)
    run(ends - 14 * DAY)
    Account.objects.filter(email=ANN).update(last_active_at=ends - DAY)
    assert run(ends) == 0
    assert not DormancyNotice.objects.exists()
    later = ends - DAY + RULE.keep_for
    assert run(later - 14 * DAY) == 0
    assert len(letters(world)) == 3
    assert run(later) == 0, "told once in this silence, and only 14 days ago"


def test_who_was_told_late_is_erased_late(world: World, ends: datetime) -> None:
    """The setting is switched on when an account has been unused for years."""
    begun = ends + 900 * DAY
    for days, told, filed in ((0, 1, 0), (45, 1, 0), (46, 2, 0), (59, 2, 0), (60, 2, 1)):
        assert run(begun + days * DAY) == filed
        assert len(letters(world)) == told
    day = (begun + 60 * DAY).date()
    assert f"{day.day} {day:%B %Y}" in " ".join(world.letters(ANN)[0].text.split())


def test_a_letter_that_fails_is_tried_again_and_nobody_is_erased_untold(
    world: World, ends: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: Any, **named: Any) -> None:
        raise dormant_accounts.ConnectorError("mail_no_answer")

    with monkeypatch.context() as patch:
        patch.setattr(dormant_accounts.mail, "deliver", refuse)
        assert run(ends - 60 * DAY) == 0
        assert run(ends) == 0
    assert letters(world) == []
    run(ends + DAY)
    assert len(letters(world)) == 1


def alarms() -> list[str]:
    found = open_alarms().filter(code="dormant_letter_refused")
    return list(found.values_list("about", flat=True))


def test_an_address_that_is_refused_raises_an_alarm_and_is_left_alone_for_a_week(
    world: World, ends: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(subject: str, text: str, address: str, **named: Any) -> str:
        asked.append(address)
        raise PermanentError("refused")

    account = Account.objects.get(email=ANN)
    begun = ends - 60 * DAY
    with monkeypatch.context() as patch:
        patch.setattr(dormant_accounts.mail, "deliver", refuse)
        for hours in (0, 1, 2, 7 * 24 - 1, 7 * 24):
            run(begun + timedelta(hours=hours))
    assert asked == [ANN, ANN]
    assert alarms() == [str(account.pk)]
    run(begun + 14 * DAY)
    assert len(letters(world)) == 1
    assert alarms() == []


def test_a_letter_that_came_back_told_nobody(world: World, ends: datetime) -> None:
    account = Account.objects.get(email=ANN)
    run(ends - 60 * DAY)
    run(ends - 14 * DAY)
    message = DormancyNotice.objects.get().message_id
    assert message
    delivery.take_in(delivery.Head("evt_1", "bounced", message, ends - 13 * DAY))
    assert run(ends) == 0, "the second letter came back"
    assert alarms() == [str(account.pk)]
    assert run(ends + 3 * DAY) == 0
    assert len(letters(world)) == 2
    run(ends + 7 * DAY)
    assert len(letters(world)) == 3
    assert alarms() == []
    assert run(ends + 53 * DAY) == 0
    assert run(ends + 67 * DAY) == 1


def test_the_alarm_ends_when_the_account_is_used(world: World, ends: datetime) -> None:
    run(ends - 60 * DAY)
    message = DormancyNotice.objects.get().message_id
    delivery.take_in(delivery.Head("evt_1", "bounced", message, ends - 59 * DAY))
    run(ends - 59 * DAY)
    assert len(alarms()) == 1
    Account.objects.filter(email=ANN).update(last_active_at=ends - 58 * DAY)
    run(ends - 57 * DAY)
    assert alarms() == []


def test_the_letter_says_since_when_until_when_and_what_keeps_the_account(
    world: World, ends: datetime
) -> None:
    run(ends - 60 * DAY)
    text = " ".join(world.letters(ANN)[0].text.split())
    used = ends - RULE.keep_for
    assert f"since {used.day} {used:%B %Y}" in text
    assert f"Sign in, or make one call, before {ends.day} {ends:%B %Y}" in text


def test_a_held_account_is_neither_told_nor_erased(world: World, ends: datetime) -> None:
    account = Account.objects.get(email=ANN)
    place_hold(
        account.pk, ground="claim", citation="CV-1", review_on=timezone.now().date() + DAY,
        actor=staff("a"),
    )  # fmt: skip
    run(ends - 60 * DAY)
    run(ends)
    assert letters(world) == []
    assert not PrivacyRequest.objects.exists()


def test_a_closed_account_is_the_other_rules(world: World, ends: datetime) -> None:
    run(ends - 60 * DAY)
    Account.objects.filter(email=ANN).update(closed_at=ends - 20 * DAY)
    run(ends - 14 * DAY)
    assert len(letters(world)) == 1
    assert not DormancyNotice.objects.exists()


def test_an_account_that_was_never_used_counts_from_its_making(
    world: World, ends: datetime
) -> None:
    Account.objects.filter(email=ANN).update(last_active_at=None, created_at=ends - RULE.keep_for)
    run(ends - 60 * DAY)
    assert len(letters(world)) == 1


@pytest.mark.acceptance("KEEP-20")
@pytest.mark.parametrize("used", [False, True], ids=["unused", "used again"])
def test_a_use_while_the_erasure_waits_stops_it(
    world: World, ends: datetime, monkeypatch: pytest.MonkeyPatch, used: bool
) -> None:
    """Between the filing and the work there may be days: a silent system, a blocker, the grace."""
    monkeypatch.setattr(standing_rules, "RETENTION_SCHEDULE", (RULE,))
    for kind, state in {"subscription": "canceled", "invoice": "paid"}.items():
        for each in list(world.stripe.store.tables[kind].values()):
            world.stripe.store.save({**each, "status": state})
    for moment in (ends - 60 * DAY, ends - 14 * DAY, ends):
        run(moment)
    if used:
        Account.objects.update(last_active_at=ends)
    with time_machine.travel(ends + DAY):
        pump_once()
    assert Account.objects.filter(email=ANN).exists() is used
    assert PrivacyRequest.objects.get().status == ("withdrawn" if used else "completed")


@pytest.mark.acceptance("KEEP-20")
def test_switched_off_the_rule_approves_nothing_any_more(world: World, ends: datetime) -> None:
    for moment in (ends - 60 * DAY, ends - 14 * DAY, ends):
        run(moment)
    with time_machine.travel(ends + DAY):
        pump_once()
    assert PrivacyRequest.objects.get().status == "withdrawn"
    assert Account.objects.filter(email=ANN).exists()
