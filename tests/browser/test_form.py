"""The form in a real browser, with and without scripts."""

import re

import pytest

from privacy.models import PrivacyRequest
from tests.browser.conftest import Open, Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
]
ANN = "ann.lee@example.org"


def go_on(site: Site) -> None:
    site.press("Continue")
    site.inspect()


def fill(site: Site, email: str = ANN) -> None:
    """From the start page to the check page, the short way."""
    site.open("/privacy/")
    site.press("Start")
    site.press("Continue")
    site.page.get_by_label("Get a copy of my data").check()
    site.press("Continue")
    site.page.get_by_label("In which country do you live?").select_option("DE")
    site.press("Continue")
    site.page.get_by_label("What is your e-mail address?").fill(email)
    site.press("Continue")
    site.page.wait_for_url("**/check/")  # going back from a page that isn't there yet is an error


@pytest.mark.acceptance("UX-P05", "UX-P06", "UX-P33", "UX-P35", "UX-P38", "MAIN-05")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_every_page_of_the_form_is_open_to_everybody(open_site: Open, scripts: bool) -> None:
    site = open_site(scripts=scripts)
    page = site.page
    site.open("/")
    site.inspect()
    site.follow("Your data rights")
    site.inspect()
    site.press("Start")
    site.inspect()
    page.get_by_label("I ask on somebody").check()
    go_on(site)
    go_on(site)  # with nothing said: the page with its error
    page.get_by_label("I have this person").check()
    go_on(site)
    page.get_by_label("Your own e-mail address").fill("agent@example.org")
    go_on(site)
    go_on(site)
    page.get_by_label("Erase my data").check()
    page.get_by_label("Correct my data").check()
    go_on(site)
    go_on(site)
    page.get_by_label("In which country do you live?").select_option("US")
    go_on(site)
    go_on(site)
    go_on(site)
    page.get_by_label("What is the person’s e-mail address?").fill("ann")
    go_on(site)
    page.get_by_label("What is the person’s e-mail address?").fill(ANN)
    go_on(site)
    site.press("Send my request")
    site.inspect()
    site.press("Send the e-mail again")
    site.inspect()
    site.press("Change the address")
    site.inspect()
    assert PrivacyRequest.objects.get().rights == ["erasure", "rectification"]


@pytest.mark.acceptance("UX-P03", "UX-P33")
def test_the_page_for_end_users_is_open_to_everybody(open_site: Open) -> None:
    site = open_site()
    site.open("/privacy/")
    site.press("Start")
    site.page.get_by_label("I use a service that runs on FluxRouter").check()
    go_on(site)
    assert "controller" in site.page.get_by_role("main").inner_text()


@pytest.mark.acceptance("UX-P09")
def test_after_an_error_the_focus_is_in_the_summary_and_its_link_leads_on(open_site: Open) -> None:
    site = open_site()
    site.open("/privacy/")
    site.press("Start")
    site.press("Continue")
    site.press("Continue")
    assert site.page.evaluate("document.activeElement.id") == "errors"
    site.page.get_by_role("alert").get_by_role("link").click()
    assert site.page.evaluate("document.activeElement.id") == "id_rights_0"


@pytest.mark.acceptance("UX-P07", "MAIN-09")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_browsers_back_keeps_every_answer(open_site: Open, scripts: bool) -> None:
    site = open_site(scripts=scripts)
    fill(site)
    site.page.go_back()
    assert site.page.get_by_label("What is your e-mail address?").input_value() == ANN
    site.page.get_by_label("What is your e-mail address?").fill("ann")
    site.press("Continue")  # an error
    site.follow("Back")
    assert site.page.get_by_label("In which country do you live?").input_value() == "DE"
    site.follow("Back")
    assert site.page.get_by_label("Get a copy of my data").is_checked()


@pytest.mark.acceptance("UX-P13", "UX-P14", "MAIN-08")
def test_a_change_comes_back_and_a_double_click_sends_once(open_site: Open) -> None:
    site = open_site()
    fill(site)
    site.follow("Change the e-mail address")
    site.page.get_by_label("What is your e-mail address?").fill("other@example.org")
    site.press("Continue")
    assert "other@example.org" in site.page.get_by_role("main").inner_text()
    site.page.get_by_role("button", name="Send my request").dblclick()
    site.page.wait_for_url(re.compile("/sent/"))
    assert PrivacyRequest.objects.count() == 1


@pytest.mark.acceptance("UX-P08")
def test_two_tabs_are_two_forms(open_site: Open) -> None:
    site = open_site()
    fill(site, "first@example.org")
    other = Site(site.page.context.new_page(), site.address)
    fill(other, "second@example.org")
    site.page.reload()
    assert "first@example.org" in site.page.get_by_role("main").inner_text()
    assert "second@example.org" in other.page.get_by_role("main").inner_text()


@pytest.mark.acceptance("UX-P14", "UX-P38")
def test_going_back_after_sending_does_not_send_again(open_site: Open) -> None:
    site = open_site()
    fill(site)
    site.press("Send my request")
    site.page.wait_for_url(re.compile("/sent/"))
    site.page.go_back()
    site.page.wait_for_url(re.compile("/sent/"))
    assert PrivacyRequest.objects.count() == 1
    assert not site.complaints
