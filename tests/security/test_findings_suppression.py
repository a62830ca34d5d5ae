"""The list of whom we erased: nobody stands on it who wasn't, and no line of it is lost."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Account
from privacy.models import PrivacyRequest, Suppression
from privacy.services import suppression
from privacy.services.replay import replay
from privacy.services.withdrawal import withdraw
from privacy.states import TransitionError
from tests.support.lives import pump_once
from tests.support.steps import ANN, bare_request, reviewed
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True)


class KilledError(BaseException):
    """As kill -9 would end a worker: nobody catches it."""


def test_who_withdrew_is_never_on_the_list_of_the_erased(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add_person(ANN)
    life = reviewed(world, "erasure")
    life.approve()

    def killed(descriptor: int) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", killed)
        with pytest.raises(KilledError):
            pump_once()
    life.refresh()
    try:
        withdraw(life.request)
    except TransitionError:
        return  # there is no way back, so that the list says what will be
    assert suppression.read(settings.SUPPRESSION_FILE) == {}


def test_a_killed_worker_writes_the_list_when_it_comes_back(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add_person(ANN)
    life = reviewed(world, "erasure")
    life.approve()

    def killed(*given: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(suppression, "append", killed)
        with pytest.raises(KilledError):
            pump_once()
    with time_machine.travel(timezone.now() + settings.LEASE + timedelta(seconds=1)):
        pump_once()
        life.refresh()
        assert life.request.steps.get(connector="request", action="begin").state == "done"
        assert len(suppression.read(settings.SUPPRESSION_FILE)) == Suppression.objects.count() > 1


def listed(path: Path) -> Suppression:
    """One more line; its row."""
    now = timezone.now()
    row = Suppression(
        kind="email", digest=os.urandom(32), erased_at=now, expires_at=now + timedelta(days=9)
    )
    suppression.append(path, [row])
    return row


def test_a_line_that_broke_off_costs_no_other_line(settings: Any) -> None:
    path = settings.SUPPRESSION_FILE
    first = listed(path)
    with path.open("a") as torn:
        torn.write('{"kind": "email", "dig')  # the disk was full, or the power went
    second = listed(path)
    wanted = {("email", bytes(row.digest).hex()) for row in (first, second)}
    assert suppression.read(path).keys() == wanted
    assert suppression.broken_lines(path) == 1
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        assert suppression.tidy() == {"removed": 2}


def test_a_disk_that_takes_only_a_part_stops_the_erasure(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    with monkeypatch.context() as patch:
        # The first call takes a part, as on a disk that is nearly full; the rest finds room.
        patch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:20]))
        row = listed(settings.SUPPRESSION_FILE)
    found = suppression.read(settings.SUPPRESSION_FILE)
    assert found.keys() == {("email", bytes(row.digest).hex())}


def test_who_took_over_an_erased_persons_address_is_for_people_to_decide(
    world: World, settings: Any
) -> None:
    """The address alone is no proof: an older account may have it by a correction."""
    world.add_person("cleo@example.org")  # a project in use
    request = bare_request()
    request.refs = {"accounts": [], "auth_users": [], "customers": []}
    before = timezone.now() - timedelta(days=400)
    suppression.suppress(request)
    bea = Account.objects.create(email=ANN, created_at=before)
    (filed,) = replay(settings.SUPPRESSION_FILE, simulate=False)
    pump_once()
    found = PrivacyRequest.objects.get(pk=filed)
    assert found.status == "in_review"
    assert not found.steps.filter(connector="request", action="approve").exists()
    assert Account.objects.filter(pk=bea.pk).exists()
    assert replay(settings.SUPPRESSION_FILE, simulate=False) == []
