"""Behind the link that confirms the address."""

from datetime import timedelta

import pytest

from privacy.models import FulfilmentStep, MailToken, PrivacyRequest
from privacy.services.withdrawal import withdraw
from privacy.states import Status
from tests.support.staff import made
from tests.support.visitor import Visitor, link

pytestmark = pytest.mark.django_db(transaction=True)


def status() -> str:
    return PrivacyRequest.objects.get().status


@pytest.mark.acceptance("UX-P17", "MAIN-14")
def test_opening_the_link_changes_nothing_and_the_button_confirms() -> None:
    path = link(made(), "verify")
    scanner = Visitor()
    for _ in range(2):
        assert scanner.get(path).h1 == "Confirm your privacy request"
    assert status() == Status.VERIFYING
    assert Visitor().post(path).h1 == "You are confirmed"
    assert status() == Status.IN_REVIEW


@pytest.mark.acceptance("MAIN-15")
def test_a_second_press_explains_itself_and_offers_the_status_link() -> None:
    request = made()
    path = link(request, "verify")
    seen = Visitor().post(path)
    assert seen.post(path).status == 410
    assert "This link was used already" in seen.text
    seen.post(f"{path}again/")
    assert "We have sent you an e-mail" in seen.text
    assert request.steps.filter(action="status_link").count() == 1
    assert "already on its way" in seen.post(f"{path}again/").text


@pytest.mark.acceptance("UX-P18", "UX-P19", "MAIN-15", "MAIN-16")
def test_an_expired_link_offers_a_new_one_and_keeps_the_request() -> None:
    request = made()
    path = link(request, "verify")
    MailToken.objects.update(expires_at=request.received_at)
    FulfilmentStep.objects.update(finished_at=request.received_at - timedelta(hours=1))
    seen = Visitor().post(path)
    assert seen.h1 == "This link has expired"
    assert "Send me a new link" in seen.text
    seen.post(f"{path}again/")
    assert "We have sent you an e-mail" in seen.text
    assert request.steps.filter(action="verify").count() == 2
    assert status() == Status.VERIFYING


def test_an_unknown_link_is_explained() -> None:
    seen = Visitor().get("/privacy/verify/nothing/")
    assert seen.status == 404
    assert seen.h1 == "This link does not work"


def test_a_request_that_is_closed_cannot_be_confirmed() -> None:
    request = made()
    withdraw(request)
    assert Visitor().post(link(request, "verify")).h1 == "This request is closed"


def test_asking_for_a_new_link_while_the_old_one_works_leads_to_it() -> None:
    path = link(made(), "verify")
    assert Visitor().post(f"{path}again/").h1 == "Confirm your privacy request"
    assert Visitor().get(f"{path}again/").h1 == "Confirm your privacy request"
