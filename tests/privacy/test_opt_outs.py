"""Opt-outs: in effect at once, for whoever asks, and nothing else without proof."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.gateway import feed
from accounts.models import Account, ApiKey, Restriction
from accounts.purposes import Purpose
from fluxrouter.foundation.models import TrailEvent
from privacy.models import PrivacyRequest
from privacy.rights import RIGHTS, Level, Right, stopped_purposes, without_proof
from privacy.services import intake
from privacy.services.clocks import ANSWERS
from privacy.services.refusals import Decision, refuse
from privacy.services.withdrawal import withdraw
from tests.support.lives import Life, pump_once, staff
from tests.support.restrictions import announce, paused, sign_in_state, stopped
from tests.support.steps import ANN, approved
from tests.support.world import Planted, World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
AT_ONCE = [right for right in Right if RIGHTS[right].level is Level.NONE]
NOBODY = "xyz.abc@example.org"


@pytest.fixture
def ann(world: World) -> Planted:
    return world.add_person(ANN)


def sent(*rights: str, email: str = ANN) -> PrivacyRequest:
    """What the web form does."""
    answers = intake.Answers("account_holder", list(rights), "US", email, state="CA")
    return intake.submit_draft(intake.start_draft("cookie"), answers)


def fraud(*rights: str) -> Decision:
    return Decision(rights, "SUSPECTED_FRAUD", "A robot sent it: we have its log.")


def unsubscribed(world: World, email: str) -> list[bool]:
    rows = world.mailbox.contacts.values()
    return [bool(each["unsubscribed"]) for each in rows if each["email"] == email]


@pytest.mark.acceptance("RIGHT-S01")
@pytest.mark.parametrize("right", AT_ONCE)
def test_it_is_in_effect_when_the_form_is_sent_and_nobody_approves_it(
    world: World, ann: Planted, right: Right
) -> None:
    request = sent(right)
    assert stopped(ann) == set(stopped_purposes([right]))  # before anything has worked on it
    assert (request.verified_at, request.status) == (None, "in_review")
    pump_once()
    request.refresh_from_db()
    assert request.status == "completed", Life(world, ANN, (right,), request).problems
    assert (request.approved_by_id, request.proposed_by_id) == (None, None)
    assert not request.steps.filter(action="verify").exists()
    [letter] = world.letters(ANN)
    assert letter.subject == "What you asked us to stop is stopped"
    for purpose in stopped_purposes([right]):
        assert purpose.label in letter.text


@pytest.mark.acceptance("RIGHT-S01")
def test_the_gateway_can_read_it_as_soon_as_it_is_sent(world: World, ann: Planted) -> None:
    sent("opt_out", "limit_sensitive")
    [change] = [each for each in feed.read().changes if "stopped" in each]
    assert change["account"] == str(ann.account.pk)
    assert (change["state"], change["stopped"]) == (
        "active",
        ["profiling", "sale", "stored_copies"],
    )


@pytest.mark.acceptance("RIGHT-S02")
def test_it_reaches_the_processors_that_serve_the_use_and_asks_no_other(world: World) -> None:
    world.mailbox.add_contact(email=ANN)
    world.add_person("bea@example.org")
    before = (sum(world.stripe.calls.values()), sum(world.auth.calls.values()))
    request = sent("withdraw_consent")
    pump_once()
    assert unsubscribed(world, ANN) == [True]
    asked = set(request.steps.filter(action="discover").values_list("connector", flat=True))
    assert asked == {"database", "resend"}
    assert before == (sum(world.stripe.calls.values()), sum(world.auth.calls.values()))


@pytest.mark.acceptance("RIGHT-S03")
@pytest.mark.parametrize("right", AT_ONCE)
def test_it_costs_nobody_sign_in_keys_or_service(world: World, ann: Planted, right: Right) -> None:
    before, free = sign_in_state(world, ann), paused(world, ann)
    sent(right)
    pump_once()
    assert sign_in_state(world, ann) == before
    assert paused(world, ann) == free
    assert not ApiKey.objects.exclude(revoked_at=None).exists()
    assert not stopped(ann) & {Purpose.SERVICE, Purpose.BILLING}


@pytest.mark.acceptance("RIGHT-S03")
def test_a_right_without_proof_only_stops_uses() -> None:
    for right in AT_ONCE:
        assert set(stopped_purposes([right])) <= set(Purpose) - {Purpose.SERVICE, Purpose.BILLING}
    assert {*AT_ONCE} == {"opt_out", "opt_out_profiling", "limit_sensitive", "withdraw_consent"}
    assert not without_proof(["opt_out", "access"])


@pytest.mark.acceptance("RIGHT-S04")
def test_every_account_with_the_address_is_stopped(world: World, ann: Planted) -> None:
    other = Account.objects.create(email=ANN.upper(), created_at=timezone.now())
    request = sent("opt_out")
    rows = Restriction.objects.filter(purpose=Purpose.SALE, request_id=request.pk)
    assert {row.account_id for row in rows} == {ann.account.pk, other.pk}
    pump_once()
    request.refresh_from_db()
    assert request.status == "completed"


@pytest.mark.acceptance("RIGHT-S05")
def test_what_needs_no_proof_goes_on_by_itself_beside_the_rest(world: World, ann: Planted) -> None:
    request = sent("access", "opt_out", "erasure", "withdraw_consent")
    [part] = intake.split_off(request)
    assert (request.rights, request.status) == (["access", "erasure"], "verifying")
    assert part.rights == ["opt_out", "withdraw_consent"]
    assert part.reference != request.reference
    assert stopped(ann) == {Purpose.SALE, Purpose.MARKETING}
    pump_once()
    part.refresh_from_db()
    request.refresh_from_db()
    assert (part.status, request.status) == ("completed", "verifying")
    subjects = {letter.subject for letter in world.letters(ANN)}
    assert subjects == {
        "What you asked us to stop is stopped",
        "Please confirm your privacy request",
    }
    assert {row.right for row in part.clocks.all()}.isdisjoint(
        row.right for row in request.clocks.all()
    )


@pytest.mark.acceptance("RIGHT-S05")
def test_a_form_that_is_sent_twice_is_split_once(world: World) -> None:
    draft = intake.start_draft("cookie")
    answers = intake.Answers("account_holder", ["access", "opt_out"], "DE", ANN)
    first, second = intake.submit_draft(draft, answers), intake.submit_draft(draft, answers)
    assert first.pk == second.pk == draft.pk
    assert PrivacyRequest.objects.count() == 2


@pytest.mark.acceptance("RIGHT-S05")
def test_the_part_keeps_whom_it_is_for_and_not_the_message() -> None:
    details = {"person": "Ann Lee", "message": "My name is wrong."}
    answers = intake.Answers("agent", ["rectification", "opt_out"], "DE", ANN, details=details)
    request = intake.submit_draft(intake.start_draft("cookie"), answers)
    [part] = intake.split_off(request)
    assert json.loads(part.read("details")) == {"person": "Ann Lee"}
    assert json.loads(request.read("details")) == details


@pytest.mark.acceptance("RIGHT-S06")
def test_its_clock_is_met_when_it_is_sent(world: World) -> None:
    request = sent("opt_out", "limit_sensitive")
    clocks = request.clocks.filter(clock__in=ANSWERS)
    assert {"opt_out", "limit_sensitive"} <= {row.clock for row in clocks}
    assert all(row.met_at and row.missed_at is None for row in clocks)


@pytest.mark.acceptance("RIGHT-S07")
def test_letter_rows_and_statements_are_the_same_for_an_unknown_address(
    world: World, ann: Planted
) -> None:
    told = []
    for email in (ANN, NOBODY):
        with CaptureQueriesContext(connection) as asked:
            request = sent("opt_out", "withdraw_consent", email=email)
        pump_once()
        request.refresh_from_db()
        [letter] = world.letters(email)
        text = letter.text.replace(request.reference, "").replace(email, "")
        text = "".join(line for line in text.splitlines() if "/privacy/status/" not in line)
        steps = sorted(f"{step.key} {step.state}" for step in request.steps.all())
        events = TrailEvent.objects.filter(chain_id=request.pk).order_by("seq")
        codes = list(events.values_list("code", flat=True))
        told.append((letter.subject, text, steps, codes, request.status, len(asked)))
    assert told[0] == told[1]


@pytest.mark.acceptance("RIGHT-S08")
def test_who_was_opted_out_by_somebody_else_can_opt_in_again(world: World, ann: Planted) -> None:
    request = sent("opt_out", "withdraw_consent")
    pump_once()
    assert "Was it not you, or have you changed your mind?" in world.letters(ANN)[0].text
    request.refresh_from_db()
    announce(Life(world, ANN, ("opt_out",), request))
    pump_once()
    assert stopped(ann) == set()
    assert not any(unsubscribed(world, ANN))


@pytest.mark.acceptance("RIGHT-S08")
@pytest.mark.parametrize(
    "end",
    [
        withdraw,
        lambda request: refuse(request, actor=staff("first"), decision=fraud("opt_out")),
    ],
    ids=["withdrawn", "refused"],
)
def test_one_that_ends_before_its_work_began_gives_back(
    world: World, ann: Planted, end: Callable[[PrivacyRequest], None]
) -> None:
    request = sent("opt_out")
    end(request)
    assert stopped(ann) == set()
    pump_once()
    assert stopped(ann) == set()


@pytest.mark.acceptance("RIGHT-S08")
def test_what_is_refused_of_one_that_goes_on_is_given_back(world: World, ann: Planted) -> None:
    request = sent("opt_out", "opt_out_profiling")
    refuse(request, actor=staff("first"), decision=fraud("opt_out"))
    assert stopped(ann) == {Purpose.PROFILING}


@pytest.mark.acceptance("RIGHT-S09")
def test_a_blocker_goes_to_staff_and_it_stays_in_effect(world: World, ann: Planted) -> None:
    request = sent("opt_out")
    request.steps.filter(action="discover").update(
        state="done",
        finished_at=timezone.now(),
        receipt={"refs": {}, "found": {}, "erase": {}, "keep": [], "blockers": ["other_sign_in"]},
    )
    request.steps.filter(action="approve").update(state="ready")
    pump_once()
    step = request.steps.get(connector="request", action="approve")
    assert (step.state, step.error) == ("parked", "other_sign_in")
    assert stopped(ann) == {Purpose.SALE}


@pytest.mark.acceptance("RIGHT-S09")
def test_it_waits_for_an_erasure_of_the_same_person_and_needs_nobody(
    world: World, ann: Planted, settings: Any
) -> None:
    settings.ERASURE_GRACE = timedelta(days=3)
    approved(world, "erasure")
    request = sent("opt_out")
    pump_once()
    step = request.steps.get(connector="request", action="approve")
    assert (step.state, step.error, step.attempts) == ("ready", "other_erasure", 0)
    assert Purpose.SALE in stopped(ann)


@pytest.mark.acceptance("RIGHT-S10")
def test_a_corrected_address_is_opted_out_too(world: World, ann: Planted) -> None:
    request = sent("access", "opt_out", email="ann.lea@example.org")
    assert stopped(ann) == set()
    for _ in range(2):
        intake.change_email(request, ANN)
    assert stopped(ann) == {Purpose.SALE}
    assert len(intake.split_off(request)) == 2
    pump_once()
    assert sorted(letter.subject for letter in world.letters(ANN)) == [
        "Please confirm your privacy request",
        "What you asked us to stop is stopped",
    ]


@pytest.mark.acceptance("RIGHT-S01")
def test_staff_who_enter_one_need_no_confirmation_either(world: World, ann: Planted) -> None:
    answers = intake.Answers("account_holder", ["access", "opt_out"], "US", ANN, state="CA")
    received = timezone.now() - timedelta(days=2)
    request = intake.take_in(answers, channel="phone", received_at=received, actor="system")
    [part] = intake.split_off(request)
    assert (part.channel, part.received_at) == ("phone", received)
    assert stopped(ann) == {Purpose.SALE}


@pytest.mark.acceptance("RIGHT-S02")
def test_the_ledger_writes_no_second_restriction(world: World, ann: Planted) -> None:
    request = sent("opt_out")
    [row] = Restriction.objects.filter(request_id=request.pk)
    pump_once()
    [same] = Restriction.objects.filter(request_id=request.pk)
    assert (same.pk, same.since) == (row.pk, row.since)
