"""Reports that a child gave us data: first in the queue, frozen at once, erased by two people."""

import uuid
from typing import Any

import pytest

from accounts.models import Account, Restriction
from fluxrouter.foundation.alarms import open_alarms
from privacy.connectors import registry
from privacy.connectors.database import DatabaseConnector
from privacy.models import FulfilmentStep, ManualTask, PrivacyRequest
from privacy.services import children, review
from privacy.services.people_watch import follow_people
from privacy.services.refusals import Decision, refuse
from privacy.services.review import ReviewError
from tests.support import staff
from tests.support.database import committed
from tests.support.rows import make_account
from tests.support.steps import at_once
from tests.support.visitor import Visitor
from tests.support.world import World

pytestmark = [committed]
CHILD = "kid@example.org"
TEACHER = "teacher@school.example.org"
WHAT = "My pupil Kim, 9 years old, uses kid@example.org."
State = FulfilmentStep.State


def reported(email: str = TEACHER) -> PrivacyRequest:
    return children.report(uuid.uuid4(), email=email, what=WHAT)


def approve(erasure: PrivacyRequest) -> None:
    first, second = staff.member("Handler", "one"), staff.member("Approver", "two")
    review.propose(
        erasure,
        actor=first,
        typed=erasure.reference,
        reason="It is the child's.",
        accept=["active_subscription"],
    )
    review.approve(erasure, actor=second, reason="Seen.")


def said_to(world: World, address: str) -> list[str]:
    return [" ".join(mail.text.split()) for mail in world.letters(address)]


@pytest.mark.acceptance("RIGHT-N19")
def test_anybody_reports_on_one_page_without_proof_and_sending_twice_makes_one(
    world: World, run_work: staff.Work
) -> None:
    visitor = Visitor().get("/privacy/")
    assert "/privacy/child/" in visitor.page
    visitor.get("/privacy/child/")
    mark = visitor.page.partition('name="report" value="')[2].partition('"')[0]
    visitor.post("/privacy/child/", report=mark, what="", email="")
    assert "Tell us how we can find the account" in visitor.text
    for _ in range(2):
        visitor.post("/privacy/child/", report=mark, what=WHAT, email=TEACHER)
        assert visitor.path == "/privacy/child/sent/"
    request = PrivacyRequest.objects.get()
    assert (request.role, request.status, request.is_urgent) == (
        "child_report",
        "in_review",
        True,
    )
    run_work()
    (letter,) = said_to(world, TEACHER)
    assert request.reference in letter
    assert "before other work" in letter
    visitor.post("/privacy/child/", report="made-up", what=WHAT, email=TEACHER)
    assert PrivacyRequest.objects.count() == 1


@pytest.mark.acceptance("RIGHT-N20")
def test_a_report_is_first_in_the_queue_and_raises_an_alarm_at_once() -> None:
    other = staff.made("erasure", days_ago=25)
    request = reported()
    client = staff.signed_in(staff.member("Handler"))
    page = client.get("/admin/privacy/privacyrequest/").text
    assert page.index(request.reference) < page.index(other.reference)
    assert "▲ A child’s data" in page
    assert "1 report of a child’s data waits" in page
    assert open_alarms().filter(code="child_report", about=request.reference).exists()
    follow_people()
    assert open_alarms().filter(code="child_report", about=request.reference).exists()


@pytest.mark.acceptance("RIGHT-N21")
def test_the_account_is_frozen_at_once_and_erased_after_two_people_agreed(
    world: World, run_work: staff.Work
) -> None:
    planted = world.add_person(CHILD)
    request, hanna = reported(), staff.member("Handler")
    erasure = children.identify(
        request, account_id=planted.account.pk, actor=hanna, reason="The birthday says 9."
    )
    run_work()
    assert Restriction.objects.filter(account_id=planted.account.pk, lifted_at=None).exists()
    erasure.refresh_from_db()
    assert erasure.status == "in_review"
    follow_people()
    assert not open_alarms().filter(code="child_report").exists()
    approve(erasure)
    run_work()
    erasure.refresh_from_db()
    assert erasure.status in ("completed", "partly"), list(
        erasure.steps.exclude(state=State.DONE).values_list("connector", "action", "error")
    )
    assert not Account.objects.filter(pk=planted.account.pk).exists()
    follow_people()
    request.refresh_from_db()
    assert request.status == "completed"
    assert follow_people()["reports_closed"] == 0


@pytest.mark.acceptance("RIGHT-N22")
def test_the_sender_learns_nothing_about_the_child_however_it_ends(
    world: World, run_work: staff.Work
) -> None:
    planted = world.add_person(CHILD)
    found, unfounded = reported("a@example.org"), reported("b@example.org")
    erasure = children.identify(
        found, account_id=planted.account.pk, actor=staff.member("Handler"), reason="Nine."
    )
    run_work()
    approve(erasure)
    run_work()
    follow_people()
    anna = staff.member("Approver", "anna")
    children.close_unfounded(unfounded, actor=anna, reason="No such account.")
    run_work()
    letters = {
        each.reference: said_to(world, address)[0].replace(each.reference, "")
        for each, address in ((found, "a@example.org"), (unfounded, "b@example.org"))
    }
    first, second = letters.values()
    assert first == second
    assert CHILD not in first
    assert "we tell nobody whether an account exists" in first
    unfounded.refresh_from_db()
    assert unfounded.status == "completed"
    assert all(CHILD not in text for text in said_to(world, CHILD))


@pytest.mark.acceptance("RIGHT-N23")
def test_nothing_is_ever_looked_up_or_done_by_the_senders_address(
    world: World, run_work: staff.Work
) -> None:
    planted = world.add_person(TEACHER)
    request = reported()
    hanna, anna = staff.member("Handler"), staff.member("Approver")
    run_work()
    assert not request.steps.exclude(connector="mail").exists()
    assert request.email_index is None
    typed = request.reference
    with pytest.raises(ReviewError):
        review.propose(request, actor=hanna, typed=typed, reason="Fine.")
    with pytest.raises(ReviewError, match="report about a child"):
        review.look_again(request, actor=hanna)
    client = staff.signed_in(anna)
    for name in ("propose", "approve", "deny", "look_again", "withdraw"):
        assert client.post(staff.do_url(request, name), {"reason": "x"}).status_code == 409, name
    assert Account.objects.filter(pk=planted.account.pk).exists()


@pytest.mark.acceptance("RIGHT-N21")
def test_an_erasure_that_is_refused_gives_back_what_was_frozen_and_the_report_waits_again(
    world: World, run_work: staff.Work
) -> None:
    planted = world.add_person(CHILD)
    request = reported()
    erasure = children.identify(
        request, account_id=planted.account.pk, actor=staff.member("Handler"), reason="Nine."
    )
    run_work()
    decision = Decision(("erasure",), "SUSPECTED_FRAUD", "It is an adult's.")
    refuse(erasure, actor=staff.member("Approver"), decision=decision)
    run_work()
    assert not Restriction.objects.filter(account_id=planted.account.pk, lifted_at=None).exists()
    follow_people()
    request.refresh_from_db()
    assert request.status == "in_review"
    assert open_alarms().filter(code="child_report").exists()


def test_two_who_find_the_account_at_once_file_one_erasure() -> None:
    account, request = make_account(email=CHILD), reported()
    hanna = staff.member("Handler")

    def identify() -> None:
        children.identify(request, account_id=account.pk, actor=hanna, reason="Nine.")

    errors = at_once(identify, identify)
    assert [type(error) for error in errors] == [ReviewError]
    assert PrivacyRequest.objects.filter(split_from=request).count() == 1


def test_a_report_sent_twice_at_once_is_one() -> None:
    identifier = uuid.uuid4()

    def send() -> None:
        children.report(identifier, email=TEACHER, what=WHAT)

    assert at_once(send, send) == []
    assert PrivacyRequest.objects.count() == 1
    assert PrivacyRequest.objects.get().steps.filter(action="child_report_received").count() == 1


@pytest.mark.acceptance("RIGHT-N21")
def test_staff_find_the_account_on_the_page_and_close_what_is_unfounded() -> None:
    account, request = make_account(email=CHILD, company="Kim"), reported()
    client = staff.signed_in(staff.member("Handler"))
    page = client.get(staff.page_url(request)).text
    assert "Nothing is looked up by the sender’s own address." in page
    answers: dict[str, Any] = {"find": CHILD, "reason": "Nine."}
    first = client.post(staff.do_url(request, "identify_child"), answers)
    assert "Choose the account" in first.text
    chosen = {**answers, "account": str(account.pk)}
    assert client.post(staff.do_url(request, "identify_child"), chosen).status_code == 302
    page = client.get(staff.page_url(request)).text
    erasure = PrivacyRequest.objects.get(split_from=request)
    assert erasure.reference in page
    assert "A child’s data, frozen after a report" in client.get(staff.page_url(erasure)).text
    other = reported()
    assert client.post(staff.do_url(other, "close_report"), {"reason": "No."}).status_code == 403
    client = staff.signed_in(staff.member("Approver"))
    assert client.post(staff.do_url(other, "close_report"), {"reason": "No."}).status_code == 302


@pytest.mark.acceptance("RIGHT-N21")
def test_a_childs_erasure_is_a_first_one_so_that_processors_get_their_tasks(
    world: World, run_work: staff.Work
) -> None:
    planted = world.add_person(CHILD)
    hanna = staff.member("Handler")
    with registry.use(DatabaseConnector()):
        erasure = children.identify(
            reported(), account_id=planted.account.pk, actor=hanna, reason="Nine."
        )
        run_work()
        approve(erasure)
        run_work()
    tasks = ManualTask.objects.filter(step__request=erasure)
    assert {"chatbase", "resend"} <= set(tasks.values_list("processor", flat=True))
