"""Data that was asked for stays until the way to an authority is over, where a law says so."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.utils import timezone
from django.utils.dateformat import format as date_format

from accounts.models import Account
from fluxrouter.foundation.models import TrailEvent
from fluxrouter.foundation.trail.verify import verify_trail
from privacy.models import PrivacyRequest
from privacy.selectors import appeal_window, held
from privacy.services import appeal_decisions, recourse, review, withdrawal
from privacy.services.closing import destroy_due_keys
from privacy.services.fulfilment import plan
from retention.models import LegalHold
from retention.services.holds import release_hold
from tests.support import staff
from tests.support.appeals import (
    Kind,
    account,
    appealed,
    asked,
    completed,
    confirmed,
    denied,
    person,
    refuse,
)
from tests.support.lives import pump_once
from tests.support.rows import end_steps
from tests.support.staff import ANN
from tests.support.steps import approved, at_once
from tests.support.visitor import Visitor, link
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])
HOLDING = [("CA", ""), ("CA", "QC"), ("SG", "")]


def open_holds() -> list[LegalHold]:
    return list(LegalHold.objects.filter(released_at=None))


def days_later(number: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(days=number))


@pytest.mark.acceptance("RIGHT-A15")
@pytest.mark.parametrize(("country", "state"), HOLDING)
def test_proving_the_address_places_a_hold_with_ground_and_citation(
    country: str, state: str
) -> None:
    owner = account()
    request = asked(country=country, state=state)
    assert open_holds() == []  # nobody knows yet who asks
    PrivacyRequest.objects.filter(pk=request.pk).delete()
    request = confirmed(country=country, state=state)
    (hold,) = open_holds()
    assert (hold.subject_id, hold.ground, hold.request_id) == (owner.pk, "recourse", request.pk)
    assert hold.placed_by is None
    assert any(law in hold.citation for law in ("PIPEDA s. 8(8)", "PDPR reg. 8"))
    assert hold.review_on > request.due_on
    assert TrailEvent.objects.filter(chain_id=hold.pk, code="hold.placed").count() == 1
    assert verify_trail() == []


@pytest.mark.acceptance("RIGHT-A15")
@pytest.mark.parametrize(("country", "state"), [("DE", ""), ("US", "CA"), ("", "")])
def test_other_laws_keep_nothing(country: str, state: str) -> None:
    account()
    denied(country=country, state=state)
    assert open_holds() == []


@pytest.mark.acceptance("RIGHT-A15")
def test_an_erasure_or_opt_out_holds_nothing() -> None:
    account()
    confirmed("erasure", country="CA")
    assert open_holds() == []


@pytest.mark.acceptance("RIGHT-A16")
@pytest.mark.parametrize("end", ["answered", "withdrawn"])
def test_it_ends_at_once_when_all_was_answered_or_taken_back(end: str) -> None:
    account()
    request = confirmed(country="CA")
    if end == "answered":
        completed(request)
    else:
        withdrawal.withdraw(request)
    assert open_holds() == []
    hold = LegalHold.objects.get()
    assert hold.released_by is None
    released = TrailEvent.objects.get(chain_id=hold.pk, code="hold.released")
    assert released.data["why"] == "lapsed"


@pytest.mark.acceptance("RIGHT-A16")
@pytest.mark.parametrize(
    ("country", "way"), [("CA", relativedelta(months=6)), ("SG", timedelta(days=90))]
)
def test_after_a_refusal_it_lasts_until_the_way_to_the_authority_is_over(
    country: str, way: relativedelta | timedelta
) -> None:
    """Singapore's thirty days are shorter than our own window: the longer one counts."""
    account()
    request = denied(country=country)
    (hold,) = open_holds()
    assert hold.review_on == timezone.now().date() + way
    left = (hold.review_on - timezone.now().date()).days
    with days_later(left):
        recourse.settle_all()
        assert len(open_holds()) == 1
    with days_later(left + 1):
        recourse.settle_all()
        recourse.settle_all()  # a doubled beat
        assert open_holds() == []
    events = TrailEvent.objects.filter(chain_id=request.pk, code="hold.ended_by_request")
    assert events.count() == 1


@pytest.mark.acceptance("RIGHT-A16")
def test_two_runs_at_once_and_a_late_one_end_it_once() -> None:
    account()
    denied(country="SG")
    with days_later(400):
        errors = at_once(recourse.settle_all, recourse.settle_all)  # type: ignore[arg-type]
        assert errors == []
    hold = LegalHold.objects.get()
    assert TrailEvent.objects.filter(chain_id=hold.pk, code="hold.released").count() == 1


@pytest.mark.acceptance("RIGHT-A16")
def test_what_nobody_settled_the_job_settles() -> None:
    account()
    request = confirmed(country="CA")
    LegalHold.objects.all().delete()
    recourse.settle_all()
    recourse.settle_all()
    (hold,) = open_holds()
    assert hold.request_id == request.pk


def test_a_hold_whose_request_is_gone_ends_on_its_day() -> None:
    account()
    request = denied(country="SG")
    request.delete()
    recourse.settle_all()
    assert len(open_holds()) == 1
    with days_later(91):
        recourse.settle_all()
    assert open_holds() == []


def test_what_a_person_released_stays_released() -> None:
    account()
    confirmed(country="CA")
    release_hold(LegalHold.objects.get(), actor=person("lena"), reason="mistake")
    recourse.settle_all()
    assert open_holds() == []


@pytest.mark.acceptance("RIGHT-A16")
def test_an_appeal_prolongs_it_and_its_decision_counts_anew() -> None:
    account()
    request = denied(country="CA")
    first = open_holds()[0].review_on
    with days_later(60):
        appealed(request)
        assert open_holds()[0].review_on > first
    with days_later(80):
        appeal_decisions.decide(
            request, Kind.APPEAL, actor=person("tess"), outcome="rejected", reasons="No."
        )
        (hold,) = open_holds()
        assert hold.review_on == timezone.now().date() + relativedelta(months=6)


@pytest.mark.acceptance("RIGHT-A17")
def test_an_erasure_waits_and_plan_page_and_status_say_why_and_until_when() -> None:
    owner = account()
    refused = denied(country="CA")
    hold = open_holds()[0]
    erasure = confirmed("erasure", country="CA")
    assert str(owner.pk) in erasure.refs["accounts"]
    assert "recourse_hold" in plan.blockers(plan.current_plan(erasure))
    april = staff.member("Approver", "april")
    with pytest.raises(review.ReviewError, match="stands in the way"):
        review.propose(erasure, actor=april, typed=erasure.reference, reason="Fine.")
    day = date_format(hold.review_on, "j F Y")
    shown = staff.signed_in(april).get(f"/admin/privacy/privacyrequest/{erasure.pk}/change/").text
    assert "PIPEDA s. 8(8)" in shown
    assert f"ends by itself on {day}" in " ".join(shown.split())
    seen = Visitor().get(link(erasure, "status"))
    assert "We can’t erase your data yet" in seen.text
    assert f"Until {day}" in seen.text
    assert "PIPEDA s. 8(8)" in seen.text
    assert refused.reference not in seen.text
    assert held.told(erasure)[0].until == hold.review_on


@pytest.mark.acceptance("RIGHT-A18")
def test_a_copy_and_an_erasure_in_one_request_do_not_wait_for_each_other() -> None:
    account()
    request = confirmed("access", "erasure", country="CA")
    assert len(open_holds()) == 1
    assert plan.blockers(plan.current_plan(request)) == []
    refuse(request, "access", by=person("rita"))
    assert plan.blockers(plan.current_plan(request)) == ["recourse_hold"]


@pytest.mark.acceptance("RIGHT-A18")
def test_a_step_that_only_waited_for_it_goes_on_by_itself() -> None:
    account()
    request = denied(country="SG")
    erasure = confirmed("erasure", country="SG")
    step = staff.parked(erasure, "request:begin", "recourse_hold")
    other = staff.parked(erasure, "stripe:prepare", "legal_hold")
    with days_later(100):
        recourse.settle_all()
    step.refresh_from_db()
    other.refresh_from_db()
    assert (step.state, other.state) == ("ready", "parked")
    assert request.pk == LegalHold.objects.get().request_id


@pytest.mark.acceptance("RIGHT-A18")
def test_a_hold_that_comes_in_the_pause_parks_the_beginning_and_then_lets_it_go(
    world: World, settings: Any
) -> None:
    settings.ERASURE_GRACE = timedelta(hours=72)
    world.add_person(ANN)
    life = approved(world, "erasure")
    second = confirmed(country="SG")
    with days_later(4):
        pump_once()
        assert life.request.steps.get(action="begin").error == "recourse_hold"
        assert Account.objects.filter(email=ANN).exists()
        completed(second)
        pump_once()
    life.refresh()
    assert life.request.status == "completed", life.problems


@pytest.mark.acceptance("RIGHT-A19")
def test_the_list_of_holds_names_the_request_and_no_person() -> None:
    account()
    request = denied(country="CA")
    client = staff.signed_in(staff.member("Viewer"))
    hold = LegalHold.objects.get()
    for url in ("/admin/retention/legalhold/", f"/admin/retention/legalhold/{hold.pk}/change/"):
        shown = client.get(url).text
        assert f"request {request.reference}" in shown
        assert "Data asked for, while an authority may still be asked" in shown
    with days_later(400):
        recourse.settle_all()
    client.force_login(staff.member("Viewer", "vera"))
    assert "by itself" in client.get(f"/admin/retention/legalhold/{hold.pk}/change/").text


@pytest.mark.acceptance("RIGHT-A13")
def test_the_key_waits_for_a_hold_that_the_request_made() -> None:
    account()
    request = denied(country="CA")
    end_steps(request)
    with days_later(150):  # after the time to appeal, before the end of the hold
        assert appeal_window.is_key_due(request)
        assert destroy_due_keys() == {"destroyed": 0}
    with days_later(200):
        recourse.settle_all()
        assert destroy_due_keys() == {"destroyed": 1}
