"""Agents and parents: confirmed by the person, or shown by a file that staff judge."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from privacy.models import Authority, MailToken, PrivacyRequest
from privacy.selectors import people
from privacy.services import agents, authorities, intake, review, tokens, verification
from privacy.services.evidence import EvidenceError, Upload
from privacy.services.review import ReviewError
from tests.support import staff, tasks
from tests.support.database import committed
from tests.support.steps import at_once
from tests.support.visitor import Visitor
from tests.support.world import World

pytestmark = [committed]
ANN = "ann.lee@example.org"
AGENT = "requests@agency.example.org"
PARENT = "parent@example.org"


def asked(role: str = "agent", *rights: str, country: str = "DE", **more: Any) -> PrivacyRequest:
    own = {"agent": AGENT, "guardian": PARENT}[role]
    details = {"own_name": "Ada Agent", "own_email": own, **more.pop("details", {})}
    answers = intake.Answers(role, list(rights or ["access"]), country, ANN, details=details)
    return intake.take_in(answers, channel="email", received_at=timezone.now(), actor="system")


def link_of(world: World, address: str, request: PrivacyRequest) -> str:
    return world.link(address, "/authority/")


def token_of(request: PrivacyRequest) -> MailToken:
    letter = request.steps.filter(connector="mail", action="agent_received").get()
    return tokens.find(tokens.issue(request.pk, "authority", letter.pk), "authority")


def sent(request: PrivacyRequest, kind: str = "signed", number: int = 0) -> Authority:
    return authorities.add(token_of(request), kind, tasks.pdf(number, "ann.lee.pdf"))


def said_to(world: World, address: str) -> str:
    return " ".join(" ".join(mail.text.split()) for mail in world.letters(address))


@pytest.mark.acceptance("RIGHT-N11")
def test_the_person_confirms_what_an_agent_asks_and_that_is_the_authority(
    world: World, run_work: staff.Work
) -> None:
    request = asked()
    run_work()
    assert "Somebody who says that they may act for you" in said_to(world, ANN)
    secret = world.link(ANN, "verify").strip("/").split("/")[-1]
    verification.confirm(tokens.find(secret, "verify"))
    row = request.authorities.get()
    assert (row.kind, row.judgement, row.judged_by) == ("confirmed", "accepted", None)
    request.refresh_from_db()
    assert request.status == "in_review"


@pytest.mark.acceptance("RIGHT-N12")
def test_the_agent_hears_that_we_have_it_and_that_it_is_answered_and_nothing_else(
    world: World, run_work: staff.Work
) -> None:
    world.add_person(ANN)
    request = asked()
    run_work()
    first = said_to(world, AGENT)
    assert request.reference in first
    assert "/privacy/authority/" in first
    assert ANN not in first
    assert "Get a copy" not in first
    assert agents.tell_decided() == 0
    PrivacyRequest.objects.filter(pk=request.pk).update(
        status="completed", closed_at=timezone.now()
    )
    assert agents.tell_decided() == 1
    assert agents.tell_decided() == 0
    run_work()
    last = " ".join(world.letters(AGENT)[0].text.split())
    assert "It is closed now. The person has our answer." in last
    assert ANN not in last


def test_the_agent_is_told_once_however_many_jobs_run_at_once() -> None:
    request = asked()
    PrivacyRequest.objects.filter(pk=request.pk).update(status="denied", closed_at=timezone.now())

    def tell() -> None:
        agents.tell_decided()

    assert at_once(tell, tell, tell) == []
    assert request.steps.filter(action="agent_decided").count() == 1


@pytest.mark.acceptance("RIGHT-N13")
def test_a_signed_permission_is_kept_sealed_and_once_accepted_the_look_up_begins(
    world: World, run_work: staff.Work
) -> None:
    request, hanna = asked("agent", "erasure"), staff.member("Handler")
    row = sent(request)
    assert row.content is not None
    assert b"%PDF" not in bytes(row.content)
    assert authorities.read(row, actor=hanna).startswith(b"%PDF")
    authorities.accept(request, actor=hanna, reason="Signed and dated.")
    assert request.status == "in_review"
    assert request.verified_at
    run_work()
    letter = said_to(world, ANN)
    assert "showed us your permission" in letter
    assert "/privacy/status/" in letter
    row.refresh_from_db()
    assert (row.judgement, row.judged_by) == ("accepted", hanna)
    page = staff.signed_in(hanna).get(staff.page_url(request)).text
    assert "We accepted the agent’s proof; the person did not confirm the address." in page


@pytest.mark.acceptance("RIGHT-N14")
def test_a_proof_that_is_not_enough_is_told_with_the_reason_and_another_may_come(
    world: World, run_work: staff.Work
) -> None:
    request, hanna = asked(), staff.member("Handler")
    sent(request)
    authorities.reject(request, actor=hanna, reason="The signature is missing.")
    run_work()
    letter = " ".join(world.letters(AGENT)[0].text.split())
    assert "The signature is missing." in letter
    assert "/privacy/authority/" in letter
    request.refresh_from_db()
    assert request.status == "verifying"
    sent(request, number=2)
    authorities.accept(request, actor=hanna, reason="Now it is there.")
    assert request.status == "in_review"
    with pytest.raises(ReviewError, match="No proof waits"):
        authorities.reject(request, actor=hanna, reason="Late.")


@pytest.mark.acceptance("RIGHT-N14")
def test_an_agent_without_authority_is_refused_where_the_law_says_so() -> None:
    anna = staff.member("Approver")
    here = asked("agent", "erasure", country="DE")
    sent(here)
    with pytest.raises(ReviewError, match="doesn’t count"):
        authorities.refuse(here, actor=anna, reason="Nothing is signed.")
    there = asked("agent", "erasure", country="US")
    PrivacyRequest.objects.filter(pk=there.pk).update(laws=californian())
    there.refresh_from_db()
    sent(there)
    authorities.refuse(there, actor=anna, reason="Nothing is signed.")
    assert there.status == "denied"
    assert there.refusals.get().code == "AGENT_UNAUTHORISED"
    assert there.steps.filter(action="denied").count() == 1


def californian() -> dict[str, Any]:
    answers = intake.Answers("account_holder", ["erasure"], "US", ANN, state="CA")
    request = intake.take_in(answers, channel="email", received_at=timezone.now(), actor="system")
    return dict(request.laws)


@pytest.mark.acceptance("RIGHT-N15")
def test_no_law_that_forbids_it_lets_us_demand_a_power_of_attorney() -> None:
    request = asked("agent", "erasure", country="US")
    PrivacyRequest.objects.filter(pk=request.pk).update(laws=californian())
    request.refresh_from_db()
    assert authorities.never_demanded(request) == {"power_of_attorney"}
    assert authorities.may_act(request)
    page = staff.signed_in(staff.member("Handler")).get(staff.page_url(request)).text
    assert "Never demand a power of attorney here" in page
    sent(request, "power")  # shown of one's own accord it counts


@pytest.mark.acceptance("RIGHT-N16")
def test_a_parent_asks_and_gets_the_answers_and_nothing_is_approved_without_proof(
    world: World, run_work: staff.Work
) -> None:
    world.add_person(ANN)
    request = asked("guardian", "erasure", details={"age": "9"})
    hanna = staff.member("Handler")
    run_work()
    assert world.letters(ANN) == []  # nobody writes to the child
    assert "birth certificate" in said_to(world, PARENT)
    secret = world.link(PARENT, "verify").strip("/").split("/")[-1]
    verification.confirm(tokens.find(secret, "verify"))
    run_work()
    request.refresh_from_db()
    assert len(request.refs["accounts"]) == 1  # the child's, not the parent's
    typed = request.reference
    with pytest.raises(ReviewError):
        review.propose(request, actor=hanna, typed=typed, reason="Fine.")
    client = staff.signed_in(hanna)
    page = client.get(staff.page_url(request)).text
    assert "for a child under 16" in page
    assert "Propose this erasure" not in page
    assert "may act for the child" in client.get(staff.do_url(request, "propose")).text
    sent(request, "guardian")
    authorities.accept(request, actor=hanna, reason="A birth certificate.")
    assert "Propose this erasure" in client.get(staff.page_url(request)).text
    request.refresh_from_db()
    assert request.status == "in_review"


@pytest.mark.acceptance("RIGHT-N17")
@pytest.mark.parametrize(("country", "age"), [("AT", 16), ("DE", 16), ("SE", 16), ("US", 16)])
def test_the_age_below_which_a_parent_decides_comes_from_the_laws(country: str, age: int) -> None:
    """Ours is 16, and no rule that counsel hasn't cleared makes it lower."""
    assert authorities.age_of_consent(asked("guardian", country=country)) == age


@pytest.mark.acceptance("RIGHT-N18")
def test_a_proof_is_taken_by_its_bytes_three_times_at_most() -> None:
    request = asked()
    with pytest.raises(EvidenceError, match="neither a PDF"):
        authorities.add(token_of(request), "signed", Upload("a.pdf", b"<html>"))
    with pytest.raises(ReviewError, match="doesn’t fit"):
        sent(request, "guardian")
    for number in range(2):
        sent(request, number=number)

    def send() -> None:
        sent(request, number=9)

    errors = at_once(send, send)
    assert [type(error) for error in errors] == [ReviewError]
    assert request.authorities.count() == 3
    with pytest.raises(ReviewError, match="3 files"):
        sent(request, number=3)


@pytest.mark.acceptance("RIGHT-N18")
def test_the_page_behind_the_link_names_nobody_and_takes_one_file(
    world: World, run_work: staff.Work
) -> None:
    request = asked()
    run_work()
    path = link_of(world, AGENT, request)
    visitor = Visitor().get(path)
    assert request.reference in visitor.text
    assert ANN not in visitor.page
    assert "Ada" not in visitor.page
    visitor.post(path)
    assert "Choose the file" in visitor.text
    visitor.post(path, kind="signed", **tasks.sent(b"<svg>", "a.pdf"))
    assert "neither a PDF" in visitor.text
    visitor.post(path, kind="signed", **tasks.sent(tasks.PDF))
    assert "We have your file" in visitor.text
    assert request.authorities.get().read("name") == "answer.pdf"
    authorities.accept(request, actor=staff.member("Handler"), reason="Fine.")
    assert visitor.get(path).status == 409
    assert "We have what we need" in visitor.text


def test_a_file_that_is_far_too_large_is_not_read(world: World, run_work: staff.Work) -> None:
    request = asked()
    run_work()
    visitor = Visitor()
    path = link_of(world, AGENT, request)
    visitor.post(path, kind="signed", **tasks.sent(tasks.PDF + bytes(6 * 1024 * 1024)))
    assert visitor.status == 413
    assert "larger than 5 MiB" in visitor.text
    assert not request.authorities.exists()


def test_a_link_that_is_unknown_or_old_opens_nothing(world: World, run_work: staff.Work) -> None:
    request = asked()
    run_work()
    assert Visitor().get("/privacy/authority/nothing/").status == 404
    request.tokens.filter(kind="authority").update(expires_at=timezone.now() - timedelta(days=1))
    assert Visitor().get(link_of(world, AGENT, request)).status == 410


def test_a_file_is_saved_by_who_may_reveal_and_the_trail_says_so() -> None:
    request = asked()
    row = sent(request)
    path = f"/admin/privacy/privacyrequest/proof/{row.pk}/"
    assert staff.signed_in(staff.member("Viewer")).post(path).status_code == 403
    client = staff.signed_in(staff.member("Handler"))
    assert client.get(path).status_code == 302
    answer = client.post(path)
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="proof.pdf"'
    assert "Proof read" in client.get(staff.page_url(request)).text


@pytest.mark.acceptance("RIGHT-N11")
def test_the_form_asks_an_agent_for_their_own_address_and_a_parent_for_the_child(
    world: World, run_work: staff.Work
) -> None:
    visitor = Visitor().start().answer(role="guardian")
    assert visitor.h1 == "Who is the child?"
    visitor.answer(person="Kim", age="0").answer(own_name="", own_email=PARENT)
    visitor.answer(rights=["access"]).answer(country="DE")
    assert visitor.h1 == "What is the child’s e-mail address?"
    visitor.answer(email=ANN)
    while "check" not in visitor.path:
        visitor.answer()
    assert "0 years old" in visitor.text
    assert PARENT in visitor.text
    visitor.send()
    assert PARENT in visitor.text
    assert ANN not in visitor.text
    assert "Change the address" not in visitor.text
    request = PrivacyRequest.objects.get(role="guardian")
    assert json.loads(request.read("details"))["age"] == "0"
    assert people.answered_at(request) == PARENT
    agent = Visitor().start().answer(role="agent").answer(person="", permission="on")
    assert agent.h1 == "Who are you?"
    agent.answer(own_name="", own_email="")
    assert "Enter an e-mail address" in agent.text


@pytest.mark.acceptance("RIGHT-N16")
def test_staff_who_take_in_a_parents_request_enter_the_parents_own_address() -> None:
    client = staff.signed_in(staff.member("Handler"))
    answers = {
        "channel": "phone",
        "received_at_0": timezone.now().date().isoformat(),
        "received_at_1": "00:00",
        "role": "guardian",
        "rights": ["access"],
        "country": "DE",
        "email": ANN,
    }
    url = "/admin/privacy/privacyrequest/take-in/"
    assert "letters go there" in client.post(url, answers).text
    assert not PrivacyRequest.objects.exists()
    assert client.post(url, {**answers, "own_email": PARENT}).status_code == 302
    assert people.answered_at(PrivacyRequest.objects.get()) == PARENT
