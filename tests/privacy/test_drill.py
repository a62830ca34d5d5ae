"""A fire drill plants, erases, looks again and files what it saw."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Account
from fluxrouter.foundation.alarms import open_alarms
from privacy.connectors.base import Connector, Outcome
from privacy.connectors.registry import connectors
from privacy.models import Drill
from privacy.services import drill
from retention.partitions import ensure_partitions
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def a_project_in_use(world: World) -> None:
    """Somebody has stored a file, so that its bucket is there."""
    world.add_person("ann.lee@example.org")


@pytest.mark.acceptance("PROC-51")
def test_a_drill_erases_its_canary_in_every_system_and_nobody_else(world: World) -> None:
    ann = world.people["ann.lee@example.org"]
    out = StringIO()
    call_command("drill", minutes=0.2, stdout=out)
    done = Drill.objects.get()
    assert done.passed, done.evidence
    assert done.evidence.keys() == connectors().keys()
    planted = {name for name, part in done.evidence.items() if part["planted"]}
    assert planted == connectors().keys() - {"chatbase"}  # it has no test mode
    assert all(done.evidence[name]["found"] for name in planted)
    assert out.getvalue().count(", 0 left") == len(planted)
    assert list(Account.objects.values_list("pk", flat=True)) == [ann.account.pk]
    assert not world.mailbox.messages


def test_a_system_without_a_test_mode_is_left_out_and_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stripe = connectors()["stripe"]
    monkeypatch.setattr(stripe, "plant", lambda subject: Connector.plant(stripe, subject))
    out = StringIO()
    call_command("drill", minutes=0.2, stdout=out)
    done = Drill.objects.get()
    assert done.evidence["stripe"]["planted"] is False
    assert done.evidence["stripe"]["why"] == "no_test_mode"
    assert done.passed
    assert "not planted: no_test_mode" in out.getvalue()


def test_what_an_erasure_left_fails_the_drill_and_raises_the_alarm(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = connectors()["database"]
    monkeypatch.setattr(database, "erase", lambda task: Outcome(receipt={"refs": {}}))
    monkeypatch.setattr(database, "verify", lambda subject, refs: [])
    monkeypatch.setattr("privacy.services.drill.LONGEST", timedelta(0))
    with pytest.raises(CommandError, match="The drill failed"):
        call_command("drill", minutes=0.2, stdout=StringIO())
    assert Drill.objects.get().evidence["database"]["left"]["account"] == 1
    drill.finish_drills()
    assert open_alarms().get(code="drill_failed").about == str(Drill.objects.get().pk)


def test_a_drill_that_never_ends_has_failed_after_a_day(world: World) -> None:
    begun = drill.begin()
    assert not drill.finish(begun)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert drill.finish(begun)
    assert begun.passed is False


def test_a_drill_that_died_while_it_planted_fails_and_its_canary_can_be_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(subject: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(connectors()["stripe"], "plant", killed)
    with pytest.raises(KeyboardInterrupt):
        drill.begin()
    begun = Drill.objects.get()
    assert begun.evidence["database"]["planted"]
    assert Account.objects.filter(email__contains=begun.pk.hex).exists()
    assert not drill.finish(begun)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert drill.finish_drills() == {"finished": 1}
    assert open_alarms().get(code="drill_failed").about == str(begun.pk)


def test_drills_come_monthly_and_only_where_they_are_switched_on(
    world: World, settings: Any
) -> None:
    assert drill.drill_when_due() == {"begun": 0}
    settings.DRILL = True
    assert drill.drill_when_due() == {"begun": 1}
    assert drill.drill_when_due() == {"begun": 0}
    with time_machine.travel(timezone.now() + timedelta(days=32)):
        ensure_partitions()
        assert drill.drill_when_due() == {"begun": 1}
