"""Proof of who asks, or that they may, is destroyed at the decision (11 CCR § 7060)."""

from typing import Any

import pytest
from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from fluxrouter.foundation.models import TrailEvent
from privacy.models import Authority, PrivacyRequest, Question, Refusal
from privacy.selectors import people
from privacy.services import authorities
from privacy.services.proofs import destroy_proofs
from privacy.states import Status
from tests.support import staff
from tests.support.database import committed
from tests.support.holds import hold, release
from tests.support.rows import make_account, make_request
from tests.support.staff import member

pytestmark = [committed, pytest.mark.acceptance("KEEP-22")]

OPEN = ("received", "verifying", "in_review")


def shown(status: str, judgement: str = "accepted", **changes: Any) -> Authority:
    """A guardian's file, judged so, of a request that stands so."""
    request = make_request(role="guardian", status=status, **changes)
    now = timezone.now()
    row = Authority(request=request, kind="guardian", added_at=now, size=9, judgement=judgement)
    row.judged_at = now if judgement else None
    row.write("name", "birth.pdf")
    row.write("content", "JVBERi0=")
    row.save(force_insert=True)
    return row


def asked(status: str, reason: str) -> Question:
    request = make_request(status=status)
    letter = request.steps.get(connector="mail", action="verify")
    question = Question(
        request=request, reason=reason, letter=letter, author=member("Handler"),
        made_at=timezone.now(), answered_at=timezone.now(),
    )  # fmt: skip
    question.write("text", '{"missing": "Your invoice number", "why": "To be sure"}')
    question.write("answer", "It is 4711.")
    question.save(force_insert=True)
    return question


@pytest.mark.parametrize("status", sorted(Status))
@pytest.mark.parametrize("judgement", ["", "accepted", "rejected"])
def test_a_file_goes_when_nothing_needs_it_any_more(status: str, judgement: str) -> None:
    """Of what was refused the appeal may need what wasn't accepted."""
    row = shown(status, judgement)
    stays = status in OPEN or (status == "denied" and judgement != "accepted")
    assert destroy_proofs() == {"destroyed": 0 if stays else 1}
    row.refresh_from_db()
    assert [row.name is None, row.content is None] == [not stays, not stays]
    assert destroy_proofs() == {"destroyed": 0}


@pytest.mark.parametrize("judgement", ["accepted", "rejected"])
def test_a_part_that_was_refused_keeps_what_was_not_accepted_for_its_appeal(
    judgement: str,
) -> None:
    row, question = shown("partly", judgement), asked("partly", "identity")
    now = timezone.now()
    for request in (row.request, question.request):
        Refusal.objects.create(
            request=request, right="access", code="ID_NOT_VERIFIED", decided_at=now
        )
    assert destroy_proofs() == {"destroyed": 1 if judgement == "accepted" else 0}
    Refusal.objects.update(lifted_at=now)
    destroy_proofs()
    row.refresh_from_db()
    question.refresh_from_db()
    assert row.content is None
    assert question.answer is None


def test_the_record_of_it_stays_and_the_request_goes_on() -> None:
    row = shown("approved")
    destroy_proofs()
    request = PrivacyRequest.objects.get()
    row.refresh_from_db()
    assert (row.kind, row.judgement, row.size) == ("guardian", "accepted", 9)
    assert not people.lacks_guardianship(request)
    assert keystore().get(request.pk), "its letters still need the address"
    (event,) = TrailEvent.objects.filter(chain_id=request.pk, code="proof.destroyed")
    assert event.data == {"number": 1}
    page = staff.signed_in(member("Handler")).get(staff.page_url(request)).text
    assert "Proof destroyed" in page
    assert "Save this file" not in page
    with pytest.raises(authorities.ReviewError, match="destroyed"):
        authorities.read(row, actor=member("Handler", "reader"))


def test_nobody_judges_a_file_that_is_gone() -> None:
    """The person confirmed it, so that nobody had to look."""
    row = shown("approved", "")
    assert authorities.to_judge(row.request) == row
    destroy_proofs()
    assert authorities.to_judge(row.request) is None


@pytest.mark.parametrize(
    ("status", "reason", "stays"),
    [
        ("in_review", "identity", True),
        ("approved", "identity", False),
        ("completed", "identity", False),
        ("denied", "identity", True),
        ("completed", "clarification", True),
    ],
)
def test_an_answer_that_only_shows_who_asks_goes_too(
    status: str, reason: str, stays: bool
) -> None:
    question = asked(status, reason)
    destroy_proofs()
    question.refresh_from_db()
    assert (question.answer is not None) is stays
    assert question.read("text"), "what we asked for is no proof"


def test_a_hold_keeps_it_until_it_is_released() -> None:
    account = make_account()
    shown("completed", refs={"accounts": [str(account.pk)]})
    placed = hold(account.pk)
    assert destroy_proofs() == {"destroyed": 0}
    release(placed)
    assert destroy_proofs() == {"destroyed": 1}
