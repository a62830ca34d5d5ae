"""Who asked for erasure is told that a hold keeps their data, unless that is forbidden."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from fluxrouter.foundation.models import TrailEvent
from privacy.models import FulfilmentStep
from privacy.selectors import held
from privacy.services import refusals, review
from privacy.services.hold_letters import tell_holds
from privacy.services.people_watch import follow_people
from privacy.services.refusal_rows import Decision
from retention.models import LegalHold
from retention.services.holds import place_hold, release_hold
from tests.support import staff as members
from tests.support.lives import Life, pump_once, staff
from tests.support.packages import package_text
from tests.support.steps import ANN, approved, reviewed
from tests.support.visitor import Visitor, link
from tests.support.world import Planted, World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("KEEP-18"),
]

SUBJECT = "Your data has to stay for now"
SAID = "the law has us keep it for now"
FORBIDDEN = (
    "legal hold",
    "legal_hold",
    "court",
    "claim",
    "CV-SECRET",
    "has to stay",
    "Art. 17(3)(b) and (e)",
)


@pytest.fixture
def ann(world: World, settings: Any) -> Planted:
    settings.ERASURE_GRACE = timedelta(hours=72)
    return world.add_person(ANN)


def end_grace(life: Life) -> None:
    life.request.steps.filter(action="begin").update(not_before=timezone.now())
    pump_once()


def hold(account: UUID | None, secrecy: str = "", **scope: Any) -> LegalHold:
    return place_hold(
        account, ground="order", citation="CV-SECRET", secrecy=secrecy, actor=staff("holder"),
        review_on=timezone.now().date() + timedelta(days=90), **scope,
    )  # fmt: skip


def letters(world: World) -> list[str]:
    return [each.subject for each in world.letters(ANN) if each.subject == SUBJECT]


def status_page(life: Life) -> str:
    return Visitor().get(link(life.request, "status")).text


def test_a_hold_in_the_middle_is_told_once_by_letter_and_on_the_page(
    world: World, ann: Planted
) -> None:
    life = approved(world, "erasure")
    assert tell_holds() == 0
    placed = hold(ann.account.pk)
    assert SAID in status_page(life)
    assert (tell_holds(), tell_holds()) == (1, 0)
    end_grace(life)
    assert letters(world) == [SUBJECT]
    text = world.letters(ANN)[0].text
    assert "GDPR Art. 17(3)(b) and (e)" in " ".join(text.split())
    assert "CV-SECRET" not in text
    assert "We wrote to you that your data has to stay for now" in status_page(life)
    event = TrailEvent.objects.get(chain_id=life.request.pk, code="hold.told")
    assert event.data == {"hold": str(placed.pk)}


def test_a_second_hold_is_told_too_and_one_that_was_there_before(
    world: World, ann: Planted
) -> None:
    hold(ann.account.pk)
    reviewed(world, "erasure")
    assert tell_holds() == 1
    hold(ann.account.pk)
    assert tell_holds() == 1


def test_who_only_asked_for_a_copy_is_told_of_no_hold(world: World, ann: Planted) -> None:
    reviewed(world, "access")
    hold(ann.account.pk)
    assert tell_holds() == 0


def test_the_regular_job_tells(world: World, ann: Planted) -> None:
    reviewed(world, "erasure")
    hold(ann.account.pk)
    assert follow_people()["holds_told"] == 1


@pytest.mark.parametrize("secrecy", sorted(LegalHold.Secrecy))
@pytest.mark.parametrize("on_days", [False, True])
def test_a_hold_that_may_not_be_told_is_seen_nowhere_and_nothing_untrue_is_said(
    world: World, ann: Planted, secrecy: str, on_days: bool
) -> None:
    life = approved(world, "erasure")
    if on_days:
        days = {"since": date(2020, 1, 1), "until": timezone.now().date()}
        hold(None, secrecy, model="accounts.SupportMessage", **days)
    else:
        hold(ann.account.pk, secrecy)
    assert held.holds_on(life.request)
    assert held.told(life.request) == []
    end_grace(life)
    begin = life.request.steps.get(action="begin")
    assert (begin.state, begin.error) == ("parked", "legal_hold")
    assert tell_holds() == 0
    page = status_page(life)
    assert "A member of our staff looks at your request once more" in page
    assert "The work starts when the pause is over" not in page
    mails = " ".join(each.text for each in world.letters(ANN))
    assert [word for word in FORBIDDEN if word in page or word in mails] == []


def test_any_other_stop_before_the_work_reads_the_same(world: World, ann: Planted) -> None:
    """Or the words themselves would tell."""
    life = approved(world, "erasure")
    hold(ann.account.pk, "order")
    end_grace(life)
    secret = status_page(life)
    FulfilmentStep.objects.filter(request=life.request, action="begin").update(error="internal")
    LegalHold.objects.update(released_at=timezone.now())
    assert status_page(life) == secret


def test_beside_a_hold_that_is_told_the_secret_one_stays_secret(
    world: World, ann: Planted
) -> None:
    life = approved(world, "erasure")
    open_one = hold(ann.account.pk)
    hold(ann.account.pk, "law")
    assert tell_holds() == 1
    assert TrailEvent.objects.filter(chain_id=life.request.pk, code="hold.told").count() == 1
    release_hold(open_one, actor=staff("second"), reason="settled")
    end_grace(life)
    assert SAID not in status_page(life)
    assert "it has ended meanwhile" in " ".join(world.letters(ANN)[0].text.lower().split())
    assert life.request.steps.get(action="begin").error == "legal_hold"


def test_once_they_may_know_it_is_told_without_a_gap(world: World, ann: Planted) -> None:
    life = reviewed(world, "erasure")
    secret = hold(ann.account.pk, "order")
    assert tell_holds() == 0
    hold(ann.account.pk)
    release_hold(secret, actor=staff("second"), reason="lifted")
    assert tell_holds() == 1
    assert held.holds_on(life.request)


def test_a_refusal_must_not_name_a_hold_that_may_not_be_told(world: World, ann: Planted) -> None:
    life = reviewed(world, "erasure")
    placed = hold(ann.account.pk, "order")
    until = timezone.now().date() + timedelta(days=90)
    decision = Decision(("erasure",), "LITIGATION_HOLD", "It has to stay.", until=until)
    with pytest.raises(review.ReviewError, match="must not learn"):
        refusals.refuse(life.request, actor=staff("second"), decision=decision)
    LegalHold.objects.filter(pk=placed.pk).update(secrecy="")
    assert refusals.why_not(life.request, decision) == ""


def test_the_trail_of_the_hold_says_that_it_is_secret_in_a_code(
    world: World, ann: Planted
) -> None:
    placed = hold(ann.account.pk, "order")
    event = TrailEvent.objects.get(chain_id=placed.pk, code="hold.placed")
    assert event.data["secrecy"] == "order"
    assert "CV-SECRET" not in str(event.data)


def test_the_certificate_speaks_only_of_what_may_be_told(world: World, ann: Planted) -> None:
    life = approved(world, "erasure")
    end_grace(life)
    page = link(life.request, "status") + "certificate/"
    before = Visitor().get(page)
    assert before.status == 200
    hold(ann.account.pk, "order")
    assert Visitor().get(page).text == before.text
    hold(ann.account.pk)
    assert "What has to stay for now" in Visitor().get(page).text


def test_a_package_names_no_hold(world: World, ann: Planted) -> None:
    hold(ann.account.pk, "order")
    life = approved(world, "access")
    pump_once()
    text = package_text(life.request).lower()
    assert [word for word in ("cv-secret", "legal_hold", "legal hold") if word in text] == []


ADD = "/admin/retention/legalhold/add/"


def test_staff_choose_and_the_usual_answer_is_that_the_person_is_told(ann: Planted) -> None:
    client = members.signed_in(members.member("Approver", "april"))
    page = client.get(ADD).text
    assert "Is the person told?" in page
    assert "18 U.S.C. § 2705(b)" in page
    review_on = timezone.now().date() + timedelta(days=30)
    given = {
        "subject_id": str(ann.account.pk), "ground": "order", "citation": "CV-SECRET",
        "review_on": review_on.isoformat(),
    }  # fmt: skip
    for extra in ({}, {"secrecy": "order"}):
        assert client.post(ADD, given | extra).status_code == 302
    assert sorted(LegalHold.objects.values_list("secrecy", flat=True)) == ["", "order"]
    assert client.post(ADD, given | {"secrecy": "whim"}).status_code == 200
    assert LegalHold.objects.count() == 2
    assert (
        "No: a court or an authority forbids it" in client.get("/admin/retention/legalhold/").text
    )


def test_the_request_page_warns_staff_that_the_person_must_not_learn_of_it(
    world: World, ann: Planted
) -> None:
    life = reviewed(world, "erasure")
    hold(ann.account.pk, "order")
    client = members.signed_in(members.member("Approver", "april"))
    assert "The person must not learn of it" in client.get(members.page_url(life.request)).text
