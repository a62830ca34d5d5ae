"""Requests of a customer's end users: passed on, the person told, our help tracked."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Account
from fluxrouter.foundation.alarms import open_alarms
from fluxrouter.foundation.models import TrailEvent
from privacy.models import Forwarding, PrivacyRequest
from privacy.services import forwarding, intake
from privacy.services.review import ReviewError
from privacy.states import Status
from tests.support import staff
from tests.support.database import committed
from tests.support.rows import make_account
from tests.support.steps import at_once
from tests.support.world import World

pytestmark = [committed]
EVE = "eve.user@example.org"
CUSTOMER = "privacy@customer.example.org"


@pytest.fixture
def customer() -> Account:
    return make_account(email=CUSTOMER, company="Example Assistant GmbH")


def asked(*rights: str, role: str = "end_user", confirmed: bool = True) -> PrivacyRequest:
    answers = intake.Answers(
        role=role,
        rights=list(rights or ["access"]),
        country="DE",
        email=EVE,
        details={"customer": "Example Assistant", "message": "I typed my diagnosis there."},
    )
    request = intake.take_in(answers, channel="email", received_at=timezone.now(), actor="system")
    if confirmed:
        request.transition_to(Status.IN_REVIEW, verified_at=timezone.now(), round=1)
    return request


def text_to(world: World, address: str) -> str:
    return " ".join(" ".join(mail.text.split()) for mail in world.letters(address))


@pytest.mark.acceptance("RIGHT-N06")
def test_a_request_is_passed_on_with_only_what_is_needed_and_the_person_is_told(
    world: World, run_work: staff.Work, customer: Account
) -> None:
    request = asked("access", "erasure")
    forwarding.forward(request, account_id=customer.pk, actor=staff.member("Handler"))
    run_work()
    to_customer = text_to(world, CUSTOMER)
    assert EVE in to_customer
    assert "“Get a copy of my data”" in to_customer
    assert request.reference in to_customer
    assert "We do it within 10 days." in to_customer
    assert "diagnosis" not in to_customer
    to_person = text_to(world, EVE)
    assert "You named the service that you use: Example Assistant." in to_person
    assert "In law it is the “controller”" in to_person
    assert CUSTOMER not in to_person
    assert "GmbH" not in to_person  # what the customer is called with us is not theirs to know


@pytest.mark.acceptance("RIGHT-N06")
def test_what_we_hold_ourselves_is_answered_in_the_same_request(customer: Account) -> None:
    request = asked()
    forwarding.forward(request, account_id=customer.pk, actor=staff.member("Handler"))
    request.refresh_from_db()
    assert request.status == "in_review"
    assert request.is_open


@pytest.mark.acceptance("RIGHT-N07")
def test_without_a_customer_the_person_is_told_whom_to_ask(
    world: World, run_work: staff.Work, customer: Account
) -> None:
    request, actor = asked(), staff.member("Handler")
    forwarding.not_found(request, actor=actor, reason="Searched by name.")
    run_work()
    letter = text_to(world, EVE)
    assert "Please send your request to that company." in letter
    assert "could not find out which company" in letter
    # Found later, it still goes there.
    forwarding.forward(request, account_id=customer.pk, actor=actor)
    assert request.forwarding.state == "forwarded"


@pytest.mark.acceptance("RIGHT-N08")
def test_our_help_is_tracked_from_the_customers_question_to_its_end(customer: Account) -> None:
    request, actor = asked(), staff.member("Handler")
    forwarding.forward(request, account_id=customer.pk, actor=actor)
    forwarding.help_asked(request, actor=actor, what="Erase user 77.")
    row = Forwarding.objects.get()
    assert row.state == "assisting"
    assert row.due_on == (timezone.now() + timedelta(days=10)).date()
    forwarding.end(request, actor=actor, what="Erased 3 bodies.")
    row.refresh_from_db()
    assert row.state == "ended"
    assert row.ended_at
    assert row.read("assistance") == "Erase user 77.\n\nErased 3 bodies."
    codes = [each.code for each in TrailEvent.objects.filter(chain_id=request.pk).order_by("seq")]
    assert [code for code in codes if code.startswith("forwarding")] == [
        "forwarding.forwarded",
        "forwarding.help_asked",
        "forwarding.ended",
    ]


@pytest.mark.acceptance("RIGHT-N09")
def test_what_is_not_passed_on_in_five_business_days_raises_an_alarm(customer: Account) -> None:
    with time_machine.travel("2027-03-05T10:00:00Z", tick=False):  # a Friday
        request = asked()
    for day, late in (("2027-03-12", False), ("2027-03-13", True)):
        with time_machine.travel(f"{day}T10:00:00Z", tick=False):
            forwarding.watch_forwarding()
            found = open_alarms().filter(code="forwarding_late", about=request.reference)
            assert found.exists() is late
    with time_machine.travel("2027-03-13T11:00:00Z", tick=False):
        actor = staff.member("Handler")
        forwarding.forward(request, account_id=customer.pk, actor=actor)
        forwarding.watch_forwarding()
        assert not open_alarms().filter(code="forwarding_late").exists()
        forwarding.help_asked(request, actor=actor, what="Find user 77.")
    with time_machine.travel("2027-03-24T10:00:00Z", tick=False):
        forwarding.watch_forwarding()
        assert open_alarms().filter(code="forwarding_late").exists()


@pytest.mark.acceptance("RIGHT-N09")
def test_the_job_begins_each_once_and_a_lost_run_costs_nothing(customer: Account) -> None:
    request = asked()
    asked(role="visitor")
    asked(confirmed=False)
    assert forwarding.begin_all() == 1
    assert forwarding.begin_all() == 0
    Forwarding.objects.all().delete()
    forwarding.forward(request, account_id=customer.pk, actor=staff.member("Handler"))
    assert Forwarding.objects.get().state == "forwarded"


def test_two_who_pass_it_on_at_once_write_one_pair_of_letters(customer: Account) -> None:
    request = asked()
    first, second = staff.member("Handler", "one"), staff.member("Handler", "two")
    errors = at_once(
        lambda: forwarding.forward(request, account_id=customer.pk, actor=first),
        lambda: forwarding.forward(request, account_id=customer.pk, actor=second),
    )
    assert [type(error) for error in errors] == [ReviewError]
    letters = request.steps.filter(connector="mail", action__startswith="forwarded")
    assert letters.count() == 2


def test_only_a_confirmed_request_of_an_end_user_is_passed_on(customer: Account) -> None:
    actor = staff.member("Handler")
    for request in (asked(confirmed=False), asked(role="account_holder")):
        with pytest.raises(ReviewError, match="Nobody asks here about a service"):
            forwarding.forward(request, account_id=customer.pk, actor=actor)


@pytest.mark.acceptance("RIGHT-N10")
def test_staff_find_the_customer_in_steps_and_nothing_happens_before_they_choose(
    customer: Account,
) -> None:
    request, client = asked(), staff.signed_in(staff.member("Handler"))
    url = staff.do_url(request, "forward")
    assert "nothing else" in client.get(url).text
    first = client.post(url, {"find": "assistant", "reason": "Its name."})
    assert first.status_code == 200
    assert "Choose the account, then press the button again." in first.text
    assert "Example Assistant GmbH, p•••@c•••" in first.text
    assert CUSTOMER not in first.text
    assert not request.steps.filter(action="forwarded").exists()
    nobody = client.post(url, {"find": "nobody@example.org", "reason": "Its name."})
    assert "No account fits." in nobody.text
    chosen = {"find": "assistant", "account": str(customer.pk), "reason": "Its name."}
    assert client.post(url, chosen).status_code == 302
    page = client.get(staff.page_url(request)).text
    assert "For the customer" in page
    assert str(customer.pk) in page
    assert CUSTOMER not in page
    assert client.post(url, chosen).status_code == 409


def test_an_account_is_found_by_id_address_or_company_and_by_nothing_shorter(
    customer: Account,
) -> None:
    for text in (str(customer.pk), CUSTOMER.upper(), "example ass"):
        assert forwarding.find_customers(text) == [customer], text
    for text in ("", "ex", "privacy@", "nobody"):
        assert forwarding.find_customers(text) == [], text


def test_a_viewer_may_not_pass_on(customer: Account) -> None:
    client = staff.signed_in(staff.member("Viewer"))
    request = asked()
    answers = {"find": "assistant", "account": str(customer.pk), "reason": "Its name."}
    assert client.post(staff.do_url(request, "forward"), answers).status_code == 403
