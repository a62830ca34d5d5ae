"""The status page."""

import pytest

from accounts.models import User
from fluxrouter.foundation.keystore import keystore
from privacy.services.verification import end_unverified
from privacy.services.withdrawal import withdraw
from tests.support.rows import end_steps
from tests.support.staff import ANN, Work, looked_up, made, proposed_by, refuse, reviewed
from tests.support.visitor import Visitor, link
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])


def staff(name: str) -> User:
    return User.objects.create_user(username=name, is_staff=True)


@pytest.mark.acceptance("UX-P20", "MAIN-39")
def test_it_says_how_far_we_are_who_acts_and_until_when() -> None:
    request = looked_up("access")
    seen = Visitor().get(link(request, "status"))
    due = f"by {request.due_on.day} {request.due_on:%B %Y}"
    for words in (request.reference, due, "Who acts next We do", "Approved to come"):
        assert words in seen.text
    assert seen.page.count('aria-current="step"') == 1
    day = f"{request.received_at.day} {request.received_at:%B %Y}"
    assert f"Received {day}" in seen.text
    assert f"Checking {day}" in seen.text


@pytest.mark.acceptance("UX-P40")
def test_it_leaves_no_copy_and_its_title_names_nothing() -> None:
    request = looked_up("access")
    seen = Visitor().get(link(request, "status"))
    assert "no-store" in seen.headers["Cache-Control"]
    assert seen.headers["Referrer-Policy"] == "same-origin"
    assert seen.title == "Your privacy request – FluxRouter privacy"


@pytest.mark.acceptance("UX-P24")
def test_every_system_says_what_was_found_or_that_nothing_was(world: World) -> None:
    found = {"found": {"invoice": 2, "customer": 1}}
    seen = Visitor().get(link(looked_up("access", stripe=found), "status"))
    assert "Customer record 1 Invoices 2" in seen.text
    assert seen.text.count("Nothing found, on") == len(world.connectors()) - 1
    assert "Not searched by this software" in seen.text
    assert "Cloudflare" in seen.text


def test_a_system_that_has_not_answered_says_so(world: World) -> None:
    request = looked_up("access")
    request.steps.filter(connector="stripe").update(state="ready")
    assert "We have not looked here yet" in Visitor().get(link(request, "status")).text


def test_before_the_address_is_confirmed_nothing_is_listed() -> None:
    seen = Visitor().get(link(made("access"), "status"))
    assert "What we found where" not in seen.text
    assert "Who acts next You" in seen.text


def test_it_can_be_withdrawn_after_a_question_and_by_the_button_only() -> None:
    request = looked_up("access")
    path = link(request, "status")
    seen = Visitor().get(f"{path}withdraw/")
    assert seen.h1 == "Do you want to withdraw your request?"
    request.refresh_from_db()
    assert request.is_open
    seen.post(f"{path}withdraw/")
    assert "You withdrew this request." in seen.text
    assert "In progress not needed" in seen.text
    assert seen.get(f"{path}withdraw/").path == path


def test_once_the_work_has_begun_it_is_too_late() -> None:
    request = looked_up("access")
    path = link(request, "status")
    type(request).objects.filter(pk=request.pk).update(status="fulfilling")
    seen = Visitor().get(path)
    assert "Changed your mind?" not in seen.text
    assert seen.post(f"{path}withdraw/").h1 == "It is too late to stop this request"


@pytest.mark.acceptance("UX-P23", "MAIN-20")
def test_a_refusal_states_its_reason_and_how_to_complain() -> None:
    request = looked_up("access")
    refuse(request, staff("dora"), "We don’t know <who> you are.")
    path = link(request, "status")
    seen = Visitor().get(path)
    assert "We don’t know <who> you are." in seen.page
    assert "(GDPR Art. 12(2), 12(5)–(6))" in seen.text
    keystore().destroy(request.pk)
    assert "We no longer keep its text" in Visitor().get(path).text


@pytest.mark.acceptance("MAIN-17")
def test_a_request_that_nobody_confirmed_says_so() -> None:
    request = made("access", days_ago=40)
    end_steps(request)  # the letter was sent long ago
    end_unverified()
    assert "Nobody confirmed the request" in Visitor().get(link(request, "status")).text


def test_the_timeline_tells_what_happened_in_order(world: World, run_work: Work) -> None:
    request = reviewed(world, run_work, "access", email=ANN)
    withdraw(request)
    seen = Visitor().get(link(request, "status"))
    told = seen.text.partition("What has happened so far")[2]
    words = ["We received", "You confirmed your address", "was withdrawn"]
    places = [told.index(each) for each in words]
    assert places == sorted(places)


@pytest.mark.acceptance("UX-P32")
def test_no_certificate_before_the_last_look(world: World, run_work: Work) -> None:
    request = reviewed(world, run_work, "erasure", email=ANN)
    path = link(request, "status")
    assert "Your certificate" not in Visitor().get(path).text
    assert Visitor().get(f"{path}certificate/").status == 404


def test_a_proposal_is_not_shown_as_an_approval() -> None:
    request = proposed_by(staff("first"), "erasure")
    assert "Approved to come" in Visitor().get(link(request, "status")).text
