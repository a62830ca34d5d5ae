"""Sending the request, and the confirmation."""

import json
from datetime import timedelta

import pytest

from accounts.models import Account
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.services import tokens
from tests.support.staff import ANN, Work
from tests.support.steps import at_once
from tests.support.visitor import Visitor
from tests.support.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"])


@pytest.mark.acceptance("UX-P14", "MAIN-08")
def test_sending_twice_makes_one_request() -> None:
    seen = Visitor().fill(ANN)
    draft = seen.draft
    seen.send()
    reference = PrivacyRequest.objects.get().reference
    seen.post(f"{draft}check/")
    assert reference in seen.text
    assert PrivacyRequest.objects.count() == 1
    assert FulfilmentStep.objects.filter(action="verify").count() == 1


@pytest.mark.acceptance("MAIN-08", "UX-P14")
def test_sending_eight_times_at_the_same_moment_makes_one_request() -> None:
    seen = Visitor().fill(ANN)
    pages: list[Visitor] = []

    def send() -> None:
        browser = Visitor()  # the same browser: its cookies
        browser.client.cookies = seen.client.cookies
        pages.append(browser.post(f"{seen.draft}check/"))

    assert at_once(*[send] * 8) == []
    reference = PrivacyRequest.objects.get().reference
    assert [page.h1 for page in pages] == ["Your request is sent"] * 8
    assert all(reference in page.text for page in pages)
    assert FulfilmentStep.objects.filter(action="verify").count() == 1


@pytest.mark.acceptance("UX-P07", "UX-P14")
def test_going_back_after_sending_shows_the_confirmation() -> None:
    seen = Visitor().fill(ANN).send()
    assert seen.get(f"{seen.draft}email/").h1 == "Your request is sent"
    assert seen.post(f"{seen.draft}email/", email="x@example.org").h1 == "Your request is sent"


@pytest.mark.acceptance("UX-P15", "MAIN-11")
def test_the_confirmation_has_all_that_one_needs() -> None:
    seen = Visitor().fill(ANN).send()
    request = PrivacyRequest.objects.get()
    due = f"by {request.due_on.day} {request.due_on:%B %Y}"
    for words in (request.reference, due, ANN, "hello@fluxrouter.ai", "print or save"):
        assert words in seen.text
    assert request.reference not in seen.title


@pytest.mark.acceptance("UX-P16", "MAIN-12", "SEC-09")
def test_the_confirmation_is_the_same_for_known_and_unknown_addresses(world: World) -> None:
    world.add_person(ANN)
    texts = set()
    for email in (ANN, "nobody@example.org"):
        seen = Visitor().fill(email).send()
        request = PrivacyRequest.objects.get(pk=seen.draft.split("/")[-2])
        texts.add(seen.text.replace(email, "").replace(request.reference, ""))
    assert len(texts) == 1
    assert Account.objects.count() == 1


@pytest.mark.acceptance("MAIN-06")
def test_answers_arrive_as_they_were_given() -> None:
    seen = Visitor().start().answer(role="agent").answer(person="Ann Lee", permission="on")
    seen.answer(own_email="agent@example.org")
    seen.answer(rights=["erasure", "rectification"]).answer(message="Née Li.\nPlease hurry.")
    seen.answer(country="US").answer(state="CA").answer(elsewhere="DE").answer(email=ANN).send()
    request = PrivacyRequest.objects.get()
    assert request.also_in == ["DE"]
    assert (request.role, request.country, request.state) == ("agent", "US", "CA")
    assert request.rights == ["erasure", "rectification"]
    assert request.read("email") == ANN
    details = json.loads(request.read("details"))
    assert details.pop("own_email") == "agent@example.org"
    assert details == {"person": "Ann Lee", "message": "Née Li.\nPlease hurry."}


def test_answers_to_questions_that_fell_away_are_not_sent() -> None:
    seen = Visitor().start().answer(role="end_user").answer(customer="Acme")
    seen.answer(rights="access").answer(country="US").answer(state="CA").answer(elsewhere="DE")
    seen.answer(email=ANN)
    seen.get(f"{seen.draft}role/?change=1").answer(role="unsaid")
    seen.get(f"{seen.draft}place/?change=1").answer(country="FR")
    seen.send()
    request = PrivacyRequest.objects.get()
    assert (request.role, request.state, request.also_in) == ("visitor", "", [])
    assert request.read("details") == "{}"


@pytest.mark.acceptance("UX-P19", "MAIN-16")
def test_a_lost_mail_is_sent_again_but_not_at_once() -> None:
    seen = Visitor().fill(ANN).send()
    seen.post(f"{seen.draft}sent/again/")
    assert "You can ask for another one in 60 seconds" in seen.text
    sent_at = PrivacyRequest.objects.get().received_at - timedelta(minutes=2)
    FulfilmentStep.objects.update(state="done", finished_at=sent_at)
    seen.post(f"{seen.draft}again/")
    assert "We have sent the e-mail again" in seen.text
    assert FulfilmentStep.objects.filter(action="verify").count() == 2


@pytest.mark.acceptance("MAIN-10")
def test_a_mistyped_address_can_be_put_right(world: World, run_work: Work) -> None:
    seen = Visitor().fill("ann.lea@example.org").send()
    run_work()
    old = world.link("ann.lea@example.org", "verify")
    seen.post(seen.path, email=ANN)
    assert "We have changed the address" in seen.text
    run_work()
    assert tokens.find(world.link(ANN, "verify").split("/")[3], "verify")
    assert Visitor().get(old).status == 410
    assert "Enter an e-mail address" in seen.post(f"{seen.draft}sent/", email="").text
