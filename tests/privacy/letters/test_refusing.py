"""Refusing whole and in part: what staff may choose, what goes on, and what the person reads."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.purposes import Purpose
from fluxrouter.foundation.keystore import keystore
from fluxrouter.foundation.models import TrailEvent
from privacy.models import PrivacyRequest, Refusal
from privacy.selectors import interim, refusals
from privacy.services import mail, review
from privacy.services.letters import compose
from privacy.services.refusals import Decision, refuse
from privacy.services.review import ReviewError
from privacy.services.verification import end_unverified
from privacy.states import TransitionError
from tests.support import staff
from tests.support.visitor import Visitor, link
from tests.support.world import World

ALL = ["default", "owner", "supabase"]
pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)
SOON = date(2027, 6, 1)


@pytest.fixture
def approver() -> User:
    return staff.member("Approver")


def claims(*rights: str, whole: bool = True, granted: str = "") -> Decision:
    return Decision(
        rights or ("erasure",),
        "LEGAL_CLAIMS",
        "Two invoices are before a court.",
        whole=whole,
        granted=granted,
        until=SOON,
    )


def letter(request: PrivacyRequest, name: str) -> str:
    step = request.steps.filter(connector="mail", action=name).last()
    assert step is not None
    return " ".join(compose(step, request).text.split())


def unanswered(*rights: str) -> PrivacyRequest:
    """A request whose letter went out long ago, and that nobody confirmed."""
    request = staff.made(*rights, days_ago=40)
    sent = timezone.now() - timedelta(days=39)
    request.steps.filter(action="verify").update(state="done", finished_at=sent)
    return request


def letter_of(request: PrivacyRequest, name: str) -> str:
    return " ".join(compose(mail.queue(request, name), request).text.split())


def keys(request: PrivacyRequest) -> set[str]:
    return {step.key for step in request.steps.exclude(action="discover")}


@pytest.mark.acceptance("RIGHT-L05", "RIGHT-L07")
def test_a_whole_refusal_is_a_row_per_right_and_a_letter_with_reason_and_citation(
    approver: User,
) -> None:
    request = staff.looked_up("erasure", "restriction")
    refuse(request, actor=approver, decision=claims("erasure", "restriction", granted="Nothing."))
    assert request.status == "denied"
    assert request.rights == ["erasure", "restriction"]
    rows = list(request.refusals.order_by("right").values_list("right", "code", "decided_by"))
    assert rows == [(each, "LEGAL_CLAIMS", approver.pk) for each in ("erasure", "restriction")]
    text = letter(request, "denied")
    assert text.count("Law: GDPR Art. 17(3)(e), 18(2), 21(1).") == 2
    assert "In your case: Two invoices are before a court." in text
    assert "What we do all the same: Nothing." in text
    assert "Until: 1 June 2027." in text
    assert "you can appeal until" in text
    assert "BfDI" in text
    assert "GDPR Art. 79(1)-(2)" in text


@pytest.mark.acceptance("RIGHT-L06")
def test_a_refused_right_is_left_out_of_the_work_and_the_rest_goes_on(approver: User) -> None:
    request = staff.looked_up("access", "erasure")
    refuse(request, actor=approver, decision=claims())
    assert request.status == "in_review"
    assert request.rights == ["access", "erasure"]
    assert refusals.granted_rights(request) == ["access"]
    text = letter(request, "refused_in_part")
    assert "We go on with: - “Get a copy of my data”" in text
    assert "you have our answer" in text.lower()
    review.propose(request, actor=approver, typed=request.reference, reason="Complete.")
    assert request.status == "approved"
    done = keys(request)
    assert "database:export" in done
    ends = (":freeze", ":prepare", ":verify")
    assert not {key for key in done - {"mail:verify"} if key.endswith(ends)}
    assert "mail:erasure_approved" not in done


@pytest.mark.acceptance("RIGHT-L06")
def test_a_request_whose_erasure_was_refused_ends_in_part_and_says_so_everywhere(
    world: World, run_work: staff.Work, approver: User
) -> None:
    world.add_person(staff.ANN)
    request = staff.reviewed(world, run_work, "access", "erasure")
    refuse(request, actor=approver, decision=claims())
    review.propose(
        request,
        actor=approver,
        typed=request.reference,
        reason="Complete.",
        accept=["unproved_customer", "foreign_customer", "foreign_contact"],
    )
    run_work()
    request.refresh_from_db()
    assert request.status == "partly", list(request.steps.values_list("action", "error"))
    letters = [each.text for each in world.letters(staff.ANN)]
    assert sum("This we could not do" in text for text in letters) == 1
    page = Visitor().get(link(request, "status"))
    assert "What we refused, and why" in page.text
    assert "Two invoices are before a court." in page.text
    shown = staff.signed_in(approver).get(staff.page_url(request)).text
    assert "Two invoices are before a court." in shown


@pytest.mark.acceptance("RIGHT-L06")
def test_a_part_of_a_right_refused_leaves_the_right_itself(approver: User) -> None:
    request = staff.looked_up("access")
    decision = Decision(("access",), "THIRD_PARTY_RIGHTS", "It names a colleague.", whole=False)
    refuse(request, actor=approver, decision=decision)
    assert request.status == "in_review"
    assert refusals.granted_rights(request) == ["access"]
    assert "“Get a copy of my data”, a part of it" in letter(request, "refused_in_part")


def test_a_proposal_falls_when_a_part_of_it_is_refused(approver: User) -> None:
    handler = staff.member("Handler")
    request = staff.proposed_by(handler, "access", "erasure")
    refuse(request, actor=approver, decision=claims())
    assert request.proposed_by_id is None
    with pytest.raises(TransitionError):
        review.approve(request, actor=approver, reason="As it was.")


def test_refusing_right_after_right_ends_the_request_with_one_letter_of_all_reasons(
    approver: User,
) -> None:
    request = staff.looked_up("access", "erasure")
    refuse(request, actor=approver, decision=claims())
    staff.refuse(request, approver, "The address was bought.")
    assert request.status == "denied"
    text = letter(request, "denied")
    assert "Two invoices are before a court." in text
    assert "The address was bought." in text


@pytest.mark.acceptance("RIGHT-L02", "RIGHT-L03")
@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("NO_DATA_FOUND", "doesn’t count"),
        ("NOT_COVERED_JURISDICTION", "doesn’t count"),
        ("COMPLETE_TRANSACTION", "doesn’t count"),
        ("THIRD_PARTY_RIGHTS", "doesn’t count"),
        ("NO_SUCH_REASON", "doesn’t count"),
    ],
)
def test_a_reason_that_does_not_count_for_this_right_and_law_refuses_nothing(
    code: str, says: str, approver: User
) -> None:
    request = staff.looked_up("erasure")
    decision = Decision(("erasure",), code, "Because.", until=SOON)
    with pytest.raises(ReviewError, match=says):
        refuse(request, actor=approver, decision=decision)
    request.refresh_from_db()
    assert request.status == "in_review"
    assert not Refusal.objects.exists()


def test_what_nobody_asked_for_or_is_refused_already_is_not_refused(approver: User) -> None:
    request = staff.looked_up("access", "erasure")
    with pytest.raises(ReviewError, match="Choose among"):
        staff.refuse(request, approver, "Why not.", "portability")
    staff.refuse(request, approver, "It is a fraud.", "erasure")
    with pytest.raises(ReviewError, match="Choose among"):
        staff.refuse(request, approver, "It is a fraud.", "erasure")
    part = Decision(("access",), "SUSPECTED_FRAUD", "A part.", whole=False)
    refuse(request, actor=approver, decision=part)
    with pytest.raises(ReviewError, match="already"):
        refuse(request, actor=approver, decision=part)


def test_once_the_work_has_begun_nothing_is_refused(approver: User) -> None:
    request = staff.looked_up("access", "erasure")
    PrivacyRequest.objects.filter(pk=request.pk).update(status="approved")
    request.refresh_from_db()
    with pytest.raises(TransitionError):
        refuse(request, actor=approver, decision=claims())
    assert not Refusal.objects.exists()


def test_the_trail_has_the_code_and_no_words(approver: User) -> None:
    request = staff.looked_up("access", "erasure")
    refuse(request, actor=approver, decision=claims())
    event = TrailEvent.objects.get(chain_id=request.pk, code="request.refused")
    assert event.data["refusal"] == "LEGAL_CLAIMS"
    assert "invoices" not in str(event.data)
    row = request.refusals.get()
    assert b"invoices" not in bytes(row.explanation)


@pytest.mark.acceptance("RIGHT-L11")
def test_an_unverified_request_is_refused_as_such_and_the_letter_says_what_would_cure_it() -> None:
    request = unanswered("access", "erasure")
    end_unverified()
    request.refresh_from_db()
    assert request.status == "denied"
    codes = set(request.refusals.values_list("right", "code"))
    assert codes == {("access", "ID_NOT_VERIFIED"), ("erasure", "ID_NOT_VERIFIED")}
    assert not request.refusals.exclude(decided_by=None).exists()
    text = letter(request, "unconfirmed")
    assert "(Law: GDPR Art. 12(2), 12(6), 11(2))" in text
    assert "make a new request and confirm it" in text
    assert "/privacy/categories/" in text
    assert "write to hello@fluxrouter.ai and name your reference" in text
    assert "BfDI" in text


@pytest.mark.acceptance("RIGHT-L11")
def test_who_asked_for_no_copy_is_not_sent_to_what_everybody_may_read() -> None:
    request = unanswered("erasure")
    end_unverified()
    assert "/privacy/categories/" not in letter(request, "unconfirmed")


@pytest.mark.acceptance("RIGHT-L02")
def test_no_data_found_is_an_answer_and_counts_as_done(
    world: World, run_work: staff.Work, approver: User
) -> None:
    world.add_person(staff.ANN)  # somebody else
    request = staff.reviewed(world, run_work, "access", email="nobody@example.org")
    review.propose(request, actor=approver, typed=request.reference, reason="Nothing there.")
    run_work()
    request.refresh_from_db()
    assert request.status == "completed", list(request.steps.values_list("action", "error"))
    assert not request.refusals.exists()


@pytest.mark.acceptance("RIGHT-L02")
def test_the_letter_of_a_copy_says_when_there_is_nothing() -> None:
    empty = staff.looked_up("access")
    assert "found no data of yours" in letter_of(empty, "package_ready")
    some = staff.looked_up("access", database={"found": {"account": 1}})
    assert "found no data of yours" not in letter_of(some, "package_ready")


def test_the_form_offers_only_what_counts_and_never_asks_for_a_citation(approver: User) -> None:
    request = staff.looked_up("access", "erasure")
    client = staff.signed_in(approver)
    url = staff.do_url(request, "refuse_part")
    page = client.get(url).text
    assert "LEGAL_CLAIMS" in page
    assert "(GDPR Art. 17(3)(e), 18(2), 21(1))" in page
    assert "COMPLETE_TRANSACTION" not in page
    assert "NOT_COVERED_JURISDICTION" not in page
    sent = {"rights": ["erasure"], "whole": "whole", "code": "LEGAL_CLAIMS", "heeded": "on"}
    undated = client.post(url, {**sent, "reason": "A court has it."})
    assert "Say when" in undated.text
    unheeded = {name: value for name, value in sent.items() if name != "heeded"}
    assert client.post(url, {**unheeded, "reason": "A court has it."}).status_code == 200
    dated = {**sent, "reason": "A court has it.", "until": "2027-06-01"}
    assert client.post(url, dated).status_code == 302
    assert request.refusals.get().until == SOON


@pytest.mark.acceptance("RIGHT-L05")
def test_the_appeal_has_its_last_day_and_it_is_never_before_the_laws_window(
    approver: User,
) -> None:
    request = staff.looked_up("access")
    staff.refuse(request, approver, "It is a fraud.")
    ends = timezone.localdate() + timedelta(days=90)
    assert f"you can appeal until {ends.day} {ends:%B %Y}" in letter(request, "denied")


def test_once_its_key_is_destroyed_the_page_keeps_reason_and_law(approver: User) -> None:
    request = staff.looked_up("access")
    staff.refuse(request, approver, "It is a fraud.")
    path = link(request, "status")
    keystore().destroy(request.pk)
    seen = Visitor().get(path).text
    assert "We have good reason to believe that the request is fraudulent." in seen
    assert "We no longer keep its text" in seen


def test_a_letter_for_a_part_names_no_part_without_a_refusal() -> None:
    request = staff.looked_up("access")
    assert "This we could not do" not in letter_of(request, "package_ready")


@pytest.mark.acceptance("RIGHT-L04")
def test_an_objection_is_refused_in_part_and_marketing_stops_all_the_same(approver: User) -> None:
    request = staff.looked_up("objection")
    decision = Decision(
        ("objection",), "COMPELLING_GROUNDS", "We must find abuse of our service.", whole=False
    )
    refuse(request, actor=approver, decision=decision)
    assert request.status == "in_review"
    assert interim.to_stop(request) == (Purpose.MARKETING,)
    text = letter(request, "refused_in_part")
    assert "Law: GDPR Art. 21(1)." in text
    assert "nobody may refuse it: - News and offers by e-mail" in text
