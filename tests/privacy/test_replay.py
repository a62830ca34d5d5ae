"""A restored backup brings erased people back; the suppression file sends them away again."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from accounts.models import Account, User
from privacy.models import PrivacyRequest, Suppression
from privacy.services import suppression
from privacy.services.replay import replay
from privacy.services.system import file_erasure
from retention.models import LegalHold
from tests.support.snapshots import auth_rows, our_rows
from tests.support.world import Planted, World

pytestmark = pytest.mark.django_db(transaction=True)

ANN, ALIKE = "ann.lee@example.org", "ann_lee@example.org"
Run = Callable[[], int]


@pytest.fixture(autouse=True)
def nobody_pays(world: World) -> None:
    """A live subscription would need a person's eyes."""
    add = world.add_person

    def add_person(*given: Any) -> Planted:
        planted = add(*given)
        for subscription in world.stripe.dump()["subscription"]:
            subscription["status"] = "canceled"
        return planted

    world.add_person = add_person  # type: ignore[method-assign, assignment]


def erase(planted: Planted, run_work: Run) -> PrivacyRequest:
    """A whole erasure by the standing rule."""
    account = planted.account
    refs = {
        "accounts": [str(account.pk)],
        "auth_users": [str(planted.user.id)],
        "customers": [planted.customer],
    }
    request = file_erasure(account.email, refs, reason="test")
    run_work()
    request.refresh_from_db()
    return request


def restore(planted: Planted) -> None:
    """As a backup of yesterday would: the person is there, the request was never filed."""
    PrivacyRequest.objects.all().delete()
    Suppression.objects.all().delete()
    account = planted.account
    account.save(force_insert=True)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO auth.users (id, email, created_at, instance_id, aud, role) VALUES "
            "(%s, %s, %s, '00000000-0000-0000-0000-000000000000', 'authenticated', "
            "'authenticated')",
            [planted.user.id, account.email, account.created_at],
        )


@pytest.mark.acceptance("PROC-44")
def test_a_restored_person_is_erased_again_and_nobody_else(world: World, run_work: Run) -> None:
    ann, alike = world.add_person(ANN), world.add_person(ALIKE, "Ann Alike")
    before = our_rows(alike.account.pk, ALIKE), auth_rows(alike.user.id, ALIKE)
    assert erase(ann, run_work).status == "completed"
    restore(ann)
    assert auth_rows(ann.user.id, ANN)
    out = StringIO()
    call_command("replay_erasures", stdout=out)
    assert "1 erasures filed" in out.getvalue()
    run_work()
    assert PrivacyRequest.objects.get().status == "completed"
    assert not Account.objects.filter(pk=ann.account.pk).exists()
    assert auth_rows(ann.user.id, ANN) == {}
    assert (our_rows(alike.account.pk, ALIKE), auth_rows(alike.user.id, ALIKE)) == before
    assert world.letters(ANN) == []


@pytest.mark.acceptance("PROC-44")
def test_the_file_holds_no_clear_identifiers(world: World, run_work: Run, settings: Any) -> None:
    ann = world.add_person(ANN)
    erase(ann, run_work)
    text = settings.SUPPRESSION_FILE.read_text()
    assert len(text.splitlines()) == 4
    for clear in (ANN, "ann", str(ann.account.pk), str(ann.user.id), ann.customer):
        assert clear not in text
    assert settings.SUPPRESSION_FILE.stat().st_mode & 0o077 == 0


def test_who_is_only_in_auth_is_found_too(world: World, run_work: Run, settings: Any) -> None:
    ann = world.add_person(ANN)
    erase(ann, run_work)
    restore(ann)
    Account.objects.filter(pk=ann.account.pk).delete()
    (filed,) = replay(settings.SUPPRESSION_FILE, simulate=False)
    run_work()
    assert PrivacyRequest.objects.get(pk=filed).status == "completed"
    assert auth_rows(ann.user.id, ANN) == {}


def test_who_signed_up_again_after_the_erasure_stays(
    world: World, run_work: Run, settings: Any
) -> None:
    ann = world.add_person(ANN)
    erase(ann, run_work)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        Account.objects.create(email=ANN, created_at=timezone.now())
        assert replay(settings.SUPPRESSION_FILE, simulate=False) == []


def test_a_simulation_files_nothing_and_a_repetition_files_no_second(
    world: World, run_work: Run, settings: Any
) -> None:
    ann = world.add_person(ANN)
    erase(ann, run_work)
    restore(ann)
    assert len(replay(settings.SUPPRESSION_FILE, simulate=True)) == 1
    assert not PrivacyRequest.objects.exists()
    assert len(replay(settings.SUPPRESSION_FILE, simulate=False)) == 1
    assert replay(settings.SUPPRESSION_FILE, simulate=False) == []


def test_a_hold_stops_the_standing_rule_and_staff_see_it(world: World, run_work: Run) -> None:
    ann = world.add_person(ANN)
    LegalHold.objects.create(
        subject_id=ann.account.pk,
        ground="litigation",
        citation="Case 7",
        review_on=timezone.now().date(),
        placed_by=User.objects.create_user(username="counsel"),
        placed_at=timezone.now(),
    )
    request = erase(ann, run_work)
    assert request.status == "in_review"
    step = request.steps.get(connector="request", action="approve")
    assert (step.state, step.error) == ("parked", "legal_hold")
    assert Account.objects.filter(pk=ann.account.pk).exists()
    assert not Suppression.objects.exists()


def test_entries_end_with_the_last_backup_and_the_file_forgets_them(
    world: World, run_work: Run, settings: Any
) -> None:
    ann = world.add_person(ANN)
    erase(ann, run_work)
    first = json.loads(settings.SUPPRESSION_FILE.read_text().splitlines()[0])
    assert first["expires_at"] > (timezone.now() + timedelta(days=119)).isoformat()
    assert suppression.tidy() == {"removed": 0}
    with time_machine.travel(timezone.now() + timedelta(days=121)):
        assert suppression.read(settings.SUPPRESSION_FILE) == {}
        assert suppression.tidy() == {"removed": 4}
    assert settings.SUPPRESSION_FILE.read_text() == ""


def test_a_missing_file_is_an_error_and_no_quiet_success(settings: Any) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        call_command("replay_erasures", stdout=StringIO())
