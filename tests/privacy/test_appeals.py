"""Appeals and complaints: what the person sends, and what follows from our decision."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.utils import timezone
from django.utils.dateformat import format as date_format

from accounts.models import User
from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.crypto import SealError, unseal
from fluxrouter.foundation.keystore import keystore
from fluxrouter.foundation.models import TrailEvent
from fluxrouter.foundation.trail.verify import verify_trail
from privacy.models import Appeal, PrivacyRequest, RequestClock
from privacy.selectors import appeal_window
from privacy.selectors.refusals import granted_rights, in_force
from privacy.services import appeal_decisions, appeals
from privacy.services.closing import destroy_due_keys
from privacy.services.review import ReviewError
from privacy.services.watch import watch_requests
from privacy.states import Status
from tests.support.appeals import (
    Kind,
    appealed,
    asked,
    complained,
    completed,
    confirmed,
    denied,
    person,
    refuse,
)
from tests.support.rows import end_steps
from tests.support.staff import ANN, Work
from tests.support.steps import approved, at_once
from tests.support.visitor import Visitor, link
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
Outcome = Appeal.Outcome


def letter_of(world: World, part: str) -> str:
    found = next(each for each in world.letters(ANN) if part in each.subject)
    return " ".join(found.text.split())


def in_words(day: date) -> str:
    return date_format(day, "j F Y")


def decide(
    request: PrivacyRequest, outcome: str, by: User, *, kind: str = Kind.APPEAL, **given: Any
) -> PrivacyRequest | None:
    reasons = given.pop("reasons", "We looked at the papers again.")
    return appeal_decisions.decide(
        request, kind, actor=by, outcome=outcome, reasons=reasons, **given
    )


@pytest.mark.acceptance("RIGHT-A01", "RIGHT-A02")
def test_from_the_status_page_to_the_letter_that_says_by_when_we_answer(
    world: World, run_work: Work
) -> None:
    request = denied(country="US", state="CO")
    path = link(request, "status")
    seen = Visitor().get(path)
    last = appeal_window.last_day(request)
    assert last
    assert last >= timezone.now().date() + django_settings.APPEAL_WINDOW
    assert f"Ask for that until {in_words(last)}" in seen.text
    seen.get(f"{path}appeal/")
    assert seen.h1 == "You don’t agree with our answer"
    assert "Somebody else owns the account." in seen.text
    assert in_words(last) in seen.text
    seen.post(f"{path}appeal/", text="It is my account.")
    appeal = Appeal.objects.get()
    assert (seen.path, appeal.kind, appeal.read("text")) == (path, "appeal", "It is my account.")
    assert b"my account" not in bytes(appeal.text)
    assert TrailEvent.objects.filter(chain_id=request.pk, code="appeal.received").count() == 1
    clock = RequestClock.objects.get(request=request, clock="appeal")
    assert (clock.about, clock.safe_due) == (str(appeal.pk), timezone.now().date() + timedelta(45))
    run_work()
    letter = letter_of(world, "appeal or complaint")
    assert f"You have our decision by {in_words(clock.safe_due)}" in letter
    assert "https://coag.gov/file-complaint/" in letter
    assert "You appealed. We have your appeal." in Visitor().get(path).text
    assert verify_trail() == []


@pytest.mark.acceptance("RIGHT-A03")
def test_a_second_click_or_tab_makes_no_second_appeal() -> None:
    request = denied()
    path = f"{link(request, 'status')}appeal/"
    seen = Visitor()
    for _ in range(2):
        seen.post(path, text="It is my account.")
        assert seen.h1 == "Your privacy request"
    seen.post(path, text="And another thing.")
    assert (seen.status, seen.h1) == (409, "We have one from you already")
    assert Appeal.objects.count() == 1
    assert request.steps.filter(action="appeal_received").count() == 1


@pytest.mark.acceptance("RIGHT-A03")
def test_two_that_arrive_at_the_same_moment_are_one() -> None:
    request = denied()
    errors = at_once(*(partial(send, request) for _ in range(2)))
    assert errors == []
    assert Appeal.objects.count() == 1


def test_an_empty_appeal_says_what_is_missing() -> None:
    request = denied()
    seen = Visitor().post(f"{link(request, 'status')}appeal/", text="  ")
    assert "Write what we should look at" in seen.text
    assert not Appeal.objects.exists()


@pytest.mark.acceptance("RIGHT-A04")
def test_what_comes_too_late_is_told_so_and_who_else_can_help() -> None:
    request = denied(country="US", state="VA")
    path = link(request, "status")
    last = appeal_window.last_day(request)
    assert last
    left = last - timezone.now().date()
    with time_machine.travel(timezone.now() + left):
        assert Visitor().get(f"{path}appeal/").h1 == "You don’t agree with our answer"
    with time_machine.travel(
        timezone.now() + timedelta(days=(last - timezone.now().date()).days + 2)
    ):
        seen = Visitor().post(f"{path}appeal/", text="Late.")
        assert (seen.status, seen.h1) == (409, "It is too late to appeal to us")
        assert "oag.state.va.us" in seen.page
        assert "I don’t agree" not in Visitor().get(path).text
    assert not Appeal.objects.exists()


@pytest.mark.acceptance("RIGHT-A04")
def test_where_the_law_sets_no_end_an_appeal_is_taken_while_we_know_who_asked() -> None:
    request = denied(country="GB")
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert appeals.why_not(request, Kind.APPEAL) is None
    request.key_destroyed_at = timezone.now()
    assert appeals.why_not(request, Kind.APPEAL) is appeals.Why.GONE


def test_what_is_not_decided_or_was_taken_back_can_not_be_appealed() -> None:
    request = confirmed()
    seen = Visitor().get(f"{link(request, 'status')}appeal/")
    assert (seen.status, seen.h1) == (409, "We have not answered yet")
    with pytest.raises(appeals.AppealError):
        appealed(request)


@pytest.mark.acceptance("RIGHT-A05")
def test_a_complaint_is_taken_while_the_request_is_open_with_a_clock_of_its_own(
    world: World, run_work: Work
) -> None:
    request = confirmed(country="GB")
    path = link(request, "status")
    seen = Visitor().post(f"{path}complaint/", text="You are slow.")
    assert "Your complaint" in seen.text
    clock = RequestClock.objects.get(request=request, clock="complaint")
    # Thirty days of which the day itself is the first (DPA 2018 s. 164A).
    assert clock.safe_due == timezone.now().date() + timedelta(days=29)
    run_work()
    assert "about how we work on your privacy request" in letter_of(world, "complaint")
    request.refresh_from_db()
    assert request.status == Status.IN_REVIEW


@pytest.mark.acceptance("RIGHT-A05")
@pytest.mark.parametrize("country", ["CA", "DE", "US"])
def test_every_law_has_a_date_for_complaints(country: str) -> None:
    complained(confirmed(country=country))
    clock = RequestClock.objects.get(clock="complaint")
    assert clock.safe_due == timezone.now().date() + timedelta(days=30)


@pytest.mark.acceptance("RIGHT-A06")
def test_an_appeal_can_be_taken_back_and_sent_anew() -> None:
    request = denied()
    path = link(request, "status")
    appealed(request)
    seen = Visitor().get(f"{path}appeal/back/")
    assert seen.h1 == "Do you want to take your appeal back?"
    assert Appeal.objects.get().is_open
    seen.post(f"{path}appeal/back/")
    assert "Taken back" in seen.text
    assert RequestClock.objects.get(clock="appeal").met_at
    assert seen.post(f"{path}appeal/back/").status == 409
    appealed(request, "Now with papers.")
    assert Appeal.objects.filter(withdrawn_at=None).count() == 1


@pytest.mark.acceptance("RIGHT-A09")
def test_who_had_a_part_in_the_decision_never_decides_the_appeal() -> None:
    dora, third = person("dora"), person("tess")
    request = denied(by=dora)
    appealed(request)
    with pytest.raises(ReviewError, match="You had a part"):
        decide(request, Outcome.REJECTED, dora)
    assert Appeal.objects.get().is_open
    decide(request, Outcome.REJECTED, third)
    assert Appeal.objects.get().decided_by == third


@pytest.mark.acceptance("RIGHT-A09")
@pytest.mark.parametrize("role", ["approved_by", "proposed_by"])
def test_proposer_and_approver_count_as_involved(role: str) -> None:
    someone = person("someone")
    request = denied()
    PrivacyRequest.objects.filter(pk=request.pk).update(**{role: someone})
    request.refresh_from_db()
    appealed(request)
    with pytest.raises(ReviewError, match="You had a part"):
        decide(request, Outcome.UPHELD, someone)


@pytest.mark.acceptance("RIGHT-A08")
def test_a_rejected_appeal_is_answered_with_reasons_and_who_else_can_decide(
    world: World, run_work: Work
) -> None:
    request = denied(country="US", state="VA")
    appealed(request)
    assert decide(request, Outcome.REJECTED, person("tess"), reasons="The name differs.") is None
    run_work()
    letter = letter_of(world, "Our decision")
    for words in ("It stays as it was.", "The name differs.", "Attorney General", "https://"):
        assert words in letter
    seen = Visitor().get(link(request, "status"))
    assert "It stays as it was." in seen.text
    assert "The name differs." in seen.text
    assert "I don’t agree" not in seen.text
    assert RequestClock.objects.get(clock="appeal").met_at
    assert seen.post(f"{link(request, 'status')}appeal/", text="Again.").h1 == (
        "We have decided already"
    )


@pytest.mark.acceptance("RIGHT-A10")
def test_an_upheld_appeal_puts_what_was_refused_into_review_at_once(
    world: World, run_work: Work
) -> None:
    request = confirmed("access", "erasure", days_ago=20)
    refuse(request, "erasure", by=person("rita"))
    completed(request)
    assert request.status == Status.PARTLY
    appeal = appealed(request)
    new = decide(request, Outcome.UPHELD, person("tess"))
    assert new
    assert not in_force(request).exists()
    assert granted_rights(request) == ["access"]  # the first request never does the rest
    assert (new.rights, new.status, new.split_from) == (["erasure"], "in_review", request)
    assert (new.received_at, new.verified_at) == (appeal.received_at, request.verified_at)
    assert new.due_on == timezone.now().date() + timedelta(days=30)
    assert new.read("email") == ANN
    assert keystore().get(new.pk) != keystore().get(request.pk)
    with pytest.raises(SealError):
        unseal(keystore().get(request.pk), bytes(new.email), place=new._place("email"))
    assert new.steps.filter(action="discover").exists()
    run_work()
    assert new.reference in letter_of(world, "Our decision")
    follow = letter_of(world, "We do what we had refused")
    assert request.reference in follow
    assert new.reference in follow
    assert new.reference in Visitor().get(link(request, "status")).text


@pytest.mark.acceptance("RIGHT-A10")
def test_right_in_part_means_only_the_rights_that_were_named() -> None:
    request = denied("access", "erasure")
    appealed(request)
    tess = person("tess")
    with pytest.raises(ReviewError, match="which of the rights"):
        decide(request, Outcome.PARTLY, tess)
    assert Appeal.objects.get().is_open
    new = decide(request, Outcome.PARTLY, tess, rights=["access"])
    assert new
    assert new.rights == ["access"]


@pytest.mark.acceptance("RIGHT-A10")
def test_what_nobody_confirmed_is_asked_to_be_confirmed_first() -> None:
    request = asked()
    request.transition_to(Status.DENIED, reason="unconfirmed")
    appealed(request)
    new = decide(request, Outcome.UPHELD, person("tess"))
    assert new
    assert (new.status, new.verified_at) == ("verifying", None)
    assert new.steps.filter(action="verify").exists()


@pytest.mark.acceptance("RIGHT-A08")
def test_two_who_decide_at_once_make_one_decision() -> None:
    request = denied()
    appealed(request)
    deciders = [person("tess"), person("tom")]

    def uphold(who: User) -> None:
        decide(request, Outcome.UPHELD, who)

    errors = at_once(*(partial(uphold, who) for who in deciders))
    assert [type(error) for error in errors] == [ReviewError]
    assert PrivacyRequest.objects.filter(split_from=request).count() == 1


def test_a_complaint_that_is_right_opens_no_request() -> None:
    request = completed(confirmed())
    complained(request)
    assert decide(request, Outcome.UPHELD, person("tess"), kind=Kind.COMPLAINT) is None
    assert not PrivacyRequest.objects.filter(split_from=request).exists()
    complained(request, "And again.")  # unlike an appeal, at any time


@pytest.mark.acceptance("RIGHT-A11")
def test_an_appeal_that_is_not_decided_in_time_raises_the_alarm() -> None:
    request = denied()
    appealed(request)
    due = RequestClock.objects.get(clock="appeal").safe_due
    days = (due - timezone.now().date()).days
    for later, raised in ((days, set()), (days + 1, {f"{request.reference} appeal"})):
        with time_machine.travel(timezone.now() + timedelta(days=later)):
            watch_requests()
            found = open_alarms().filter(code="appeal_overdue")
            assert set(found.values_list("about", flat=True)) == raised
    decide(request, Outcome.REJECTED, person("tess"))
    watch_requests()
    assert not open_alarms().filter(code="appeal_overdue").exists()


@pytest.mark.acceptance("RIGHT-A14")
def test_the_certificate_names_the_day_on_which_the_key_goes(world: World) -> None:
    world.add_person(ANN)
    life = approved(world, "erasure")
    assert life.request.status == "completed", life.problems
    seen = Visitor().get(f"{link(life.request, 'status')}certificate/")
    goes_on = appeal_window.key_goes_on(life.request)
    assert goes_on
    assert f"until {in_words(goes_on)}, while you may object" in seen.text
    appealed(life.request)
    assert "encrypted: while you may object" in Visitor().get(seen.path).text


@pytest.mark.acceptance("RIGHT-A13")
def test_an_appeal_and_the_end_of_the_key_never_cross() -> None:
    """Whoever comes first: either the text can be read and the key lives, or nothing was taken."""
    request = denied(country="GB")
    end_steps(request)
    with time_machine.travel(timezone.now() + timedelta(days=200)):
        errors = at_once(destroy, partial(send, request))
    request.refresh_from_db()
    taken = request.appeals.first()
    if request.key_destroyed_at:
        assert taken is None
        assert [error.why for error in errors] == [appeals.Why.GONE]
    else:
        assert taken
        assert taken.read("text") == "It is my account."


def destroy() -> None:
    destroy_due_keys()


def send(request: PrivacyRequest) -> None:
    appealed(request)
